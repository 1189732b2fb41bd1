/**
 * IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. Every such number is a float32 too, so
 * one direction is a table of 65,536 entries; the other rounds to the nearest, ties to even, as a GPU does.
 */

/** Numbers of this magnitude and beyond are refused where weights become halves: soon after, halves end in infinity. */
export const largestHalf = 65_504

let table: Float32Array | undefined

/** All halves as floats, by their 16 bits [65536]. Made at the first use. */
export const halfTable = (): Float32Array =>
  (table ??= Float32Array.from({ length: 65_536 }, (_, half) => halfToFloat(half)))

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The nearest half of a finite float32 given by its 32 bits. Magnitudes from 65,520 on become infinity. */
export function halfOfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fff_ffff
  if (magnitude >= 0x3880_0000) {
    // 2^-14 and beyond: drop 13 fraction bits, move the exponent's bias from 127 to 15.
    const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1)
    return sign | Math.min((rounded - 0x3800_0000) >>> 13, 0x7c00)
  }
  if (magnitude <= 0x3300_0000) return sign // up to half of the smallest subnormal, 2^-24
  const fraction = (magnitude & 0x7f_ffff) | 0x80_0000
  const shift = 126 - (magnitude >>> 23)
  const kept = fraction >>> shift
  const dropped = fraction & ((1 << shift) - 1)
  const middle = 1 << (shift - 1)
  return sign | (dropped > middle || (dropped === middle && kept & 1) ? kept + 1 : kept)
}
