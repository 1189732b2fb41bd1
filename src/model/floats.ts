/**
 * Raw little-endian floats of 32, 16 or "brain" 16 bits as a Float32Array. All of them are exact: F32 holds every F16
 * and every BF16 number. The input may start at any byte, so it is copied to an aligned place first.
 */
import { halfTable } from '../lib/halfFloat'

export type FloatType = 'F32' | 'F16' | 'BF16'

export const isFloatType = (type: string): type is FloatType => ['F32', 'F16', 'BF16'].includes(type)

/** The same without a copy where the bytes are floats already and lie as floats must; so it is not to be written to. */
export function viewFloats(bytes: Uint8Array, type: FloatType): Float32Array {
  if (type !== 'F32' || bytes.byteOffset % 4 !== 0) return decodeFloats(bytes, type)
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
}

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
  const table = halfTable()
  for (let index = 0; index < halves.length; index++) floats[index] = table[halves[index]]
  return floats
}
