/**
 * Raw little-endian floats of 32, 16 or "brain" 16 bits as a Float32Array. All of them are exact: F32 holds every F16
 * and every BF16 number. The input may start at any byte, so it is copied to an aligned place first.
 */
export type FloatType = 'F32' | 'F16' | 'BF16'

/** Decodes a copy of the bytes; the input is not kept. */
export function decodeFloats(bytes: Uint8Array, type: FloatType): Float32Array {
  const copy = new Uint8Array(bytes).buffer // not slice(): that of a Node Buffer does not copy
  if (type === 'F32') return new Float32Array(copy)
  const halves = new Uint16Array(copy)
  const floats = new Float32Array(halves.length)
  if (type === 'BF16') {
    // A BF16 number is the upper half of the same number as F32.
    const words = new Uint32Array(floats.buffer)
    for (let index = 0; index < halves.length; index++) words[index] = halves[index] << 16
    return floats
  }
  halfTable ??= Float32Array.from({ length: 65_536 }, (_, half) => halfToFloat(half))
  for (let index = 0; index < halves.length; index++) floats[index] = halfTable[halves[index]]
  return floats
}

let halfTable: Float32Array | undefined

/** IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
