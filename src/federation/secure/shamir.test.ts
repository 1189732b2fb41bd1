import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combine, mostShares, split } from './shamir'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
/** A secret of 4 bytes, how many share it, how many are needed, and the chance for that. */
const sharing = fc
  .tuple(bytes(4), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([secret, count, needed]) => {
    const threshold = Math.min(count, needed)
    return fc.tuple(fc.constant({ secret, count, threshold }), bytes(4 * (threshold - 1)))
  })

describe('a secret that was shared', () => {
  it('comes back from any shares, as long as they are enough', () => {
    fc.assert(
      fc.property(sharing, fc.infiniteStream(fc.nat()), ([{ secret, count, threshold }, chance], order) => {
        const shares = split(secret, count, threshold, chance)
        const some = shares
          .map((share) => ({ share, rank: order.next().value }))
          .toSorted((a, b) => a.rank - b.rank)
          .slice(0, threshold)
          .map(({ share }) => share)
        expect(combine(some)).toEqual(secret)
        expect(combine(shares)).toEqual(secret)
      }),
    )
  })

  it('is told by nothing that fewer know: every other secret fits their shares too', () => {
    // Of two needed, one share is known: for each secret there is one coefficient that gives this share.
    const known = split(Uint8Array.of(7), 3, 2, Uint8Array.of(99))[1].bytes[0]
    const fitting = Array.from(
      { length: 256 },
      (_, secret) =>
        Array.from(
          { length: 256 },
          (_, chance) => split(Uint8Array.of(secret), 3, 2, Uint8Array.of(chance))[1].bytes[0],
        ).filter((share) => share === known).length,
    )
    expect(fitting).toEqual(Array(256).fill(1))
  })

  it('is another one where a share was changed', () => {
    const [first, second, third] = split(Uint8Array.of(1, 2, 3), 3, 3, Uint8Array.of(9, 8, 7, 6, 5, 4))
    const changed = { ...third, bytes: third.bytes.map((byte) => byte ^ 1) }
    expect(combine([first, second, changed])).not.toEqual(Uint8Array.of(1, 2, 3))
  })

  it('agrees with a polynomial over GF(256) that was computed by hand', () => {
    // f(x) = 0x53 + 0xCA x; in the field of AES 0x53 and 0xCA are inverse to each other: f(0x53) = 0x53 + 1.
    expect(split(Uint8Array.of(0x53), 0x53, 2, Uint8Array.of(0xca)).at(-1)!.bytes[0]).toBe(0x52)
  })

  it('has as many shares as the field has points, and no more', () => {
    const secret = Uint8Array.of(42)
    expect(combine(split(secret, mostShares, 2, Uint8Array.of(3)).slice(-2))).toEqual(secret)
    expect(() => split(secret, mostShares + 1, 2, Uint8Array.of(3))).toThrow(RangeError)
    expect(() => split(secret, 2, 3, Uint8Array.of(3, 4))).toThrow(RangeError)
    expect(() => split(secret, 3, 2, Uint8Array.of())).toThrow(RangeError)
  })
})
