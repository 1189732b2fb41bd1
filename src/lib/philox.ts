/**
 * Philox4x32-10, a counter-based random generator: four 32-bit words from a counter of four words and a key of two, in
 * integer arithmetic alone, hence the same in every engine. Randomness that is a function of (seed, position, token) lets
 * tabs that share a generation draw the same noise without talking about it.
 * Source: Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3 (SC 2011).
 */
export type Words = readonly [number, number, number, number]

/** Ten rounds. All words are unsigned 32-bit integers. */
export function philox(counter: Words, key: readonly [number, number]): Words {
  let [a, b, c, d] = counter
  let [key0, key1] = key
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, a)
    const low0 = Math.imul(0xd2511f53, a)
    const high1 = multiplyHigh(0xcd9e8d57, c)
    const low1 = Math.imul(0xcd9e8d57, c)
    a = high1 ^ b ^ key0
    c = high0 ^ d ^ key1
    b = low1
    d = low0
    key0 = (key0 + 0x9e3779b9) | 0
    key1 = (key1 + 0xbb67ae85) | 0
  }
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0]
}

/** The upper 32 bits of a 64-bit product, from products of 16-bit halves. */
function multiplyHigh(x: number, y: number): number {
  const x0 = x & 0xffff
  const x1 = x >>> 16
  const y0 = y & 0xffff
  const y1 = y >>> 16
  const middle = x1 * y0 + ((x0 * y0) >>> 16)
  const carry = x0 * y1 + (middle % 0x10000)
  return (x1 * y1 + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) | 0
}
