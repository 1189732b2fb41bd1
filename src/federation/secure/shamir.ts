/**
 * Shamir's secret sharing (1979), byte by byte over GF(256): a secret byte is the value at 0 of a polynomial of degree
 * threshold - 1 whose other coefficients are chance, and a share is its value at another point. Any `threshold` shares give
 * the polynomial back; fewer fit every secret equally well, so they tell nothing whatever one can compute. A share that was
 * changed is not seen here: who needs to know compares what comes out with a commitment.
 *
 * The field is that of AES: polynomials modulo x^8 + x^4 + x^3 + x + 1, in which x + 1 generates all but 0.
 */

/** Points of the field beside 0, where the secret is. */
export const mostShares = 255

const exponentials = new Uint8Array(510)
const logarithms = new Uint8Array(256)
for (let exponent = 0, value = 1; exponent < 255; exponent++) {
  exponentials[exponent] = value
  exponentials[exponent + 255] = value
  logarithms[value] = exponent
  value ^= (value << 1) ^ (value & 0x80 ? 0x11b : 0) // times x + 1
}

const times = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : exponentials[logarithms[a] + logarithms[b]]
const over = (a: number, b: number): number =>
  a === 0 ? 0 : exponentials[logarithms[a] + 255 - logarithms[b]]

/** One of the shares: the polynomials' values at `point`, from 1. */
export interface Share {
  readonly point: number
  readonly bytes: Uint8Array
}

/**
 * Shares for the points 1 to count.
 * @param chance (threshold - 1) times as many bytes as the secret has, uniform and used for nothing else
 * @throws RangeError where there cannot be such shares
 */
export function split(secret: Uint8Array, count: number, threshold: number, chance: Uint8Array): Share[] {
  if (threshold < 1 || threshold > count || count > mostShares)
    throw new RangeError(`A secret cannot be shared among ${count} so that ${threshold} are needed.`)
  if (chance.length !== (threshold - 1) * secret.length)
    throw new RangeError('Shares need as much chance as they have coefficients.')
  return Array.from({ length: count }, (_, at) => {
    const point = at + 1
    const bytes = secret.map((byte, place) => {
      let value = 0 // Horner, from the highest coefficient down
      for (let degree = threshold - 1; degree > 0; degree--)
        value = times(value, point) ^ chance[(degree - 1) * secret.length + place]
      return times(value, point) ^ byte
    })
    return { point, bytes }
  })
}

/** The secret, from at least as many shares as it was split for; of fewer, and of shares of others, something else. */
export function combine(shares: readonly Share[]): Uint8Array<ArrayBuffer> {
  const secret = new Uint8Array(shares[0].bytes.length)
  for (const { point, bytes } of shares) {
    let factor = 1 // Lagrange's polynomial of this point, at 0
    for (const other of shares)
      if (other.point !== point) factor = times(factor, over(other.point, other.point ^ point))
    for (let place = 0; place < secret.length; place++) secret[place] ^= times(factor, bytes[place])
  }
  return secret
}
