import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Hex, startSha256 } from '../../lib/hash'
import { checkedAsRead, digestOf, hashedAsRead, pieceBytes, piecesOf, startArrival } from './pieces'
import type { RandomAccess } from './source'

const bytes = Uint8Array.from(
  { length: 2.5 * pieceBytes },
  (_, index) => Math.imul(index, 2_654_435_761) >>> 20,
)
const sha256 = sha256Hex(bytes)
const digests = await Promise.all(
  [0, 1, 2].map((index) => digestOf(bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes))),
)

/** How often each of the three pieces was read. */
function counted(content = bytes): RandomAccess & { readonly reads: number[] } {
  const reads = [0, 0, 0]
  return {
    reads,
    size: content.length,
    async read(begin, end) {
      reads[begin / pieceBytes]++
      return content.slice(begin, end)
    },
  }
}

const repair = { fetchAgain: async () => null, damaged: () => new Error('damaged') }

describe.each([
  ['hashed', (file: RandomAccess) => hashedAsRead(file, startSha256())],
  ['checked', (file: RandomAccess) => checkedAsRead(file, digests, repair)],
])('a file that is %s as it is read', (_, open) => {
  it('gives any range, and reads each piece once for whoever reads on', async () => {
    const file = counted()
    const { read } = open(file)
    for (let begin = 0; begin < bytes.length; begin += 1_234_567) {
      const end = Math.min(begin + 1_234_567, bytes.length)
      expect(Buffer.compare(await read(begin, end), bytes.subarray(begin, end))).toBe(0)
    }
    expect(file.reads).toEqual([1, 1, 1])
  })

  it('gives ranges in any order', async () => {
    const range = fc
      .tuple(fc.nat(bytes.length), fc.nat(bytes.length))
      .map(([a, b]) => [a, b].sort((x, y) => x - y))
    const { read } = open(counted())
    await fc.assert(
      fc.asyncProperty(range, async ([begin, end]) => {
        expect(Buffer.compare(await read(begin, end), bytes.subarray(begin, end))).toBe(0)
      }),
      { numRuns: 5 },
    )
  })
})

describe('the hash of a file that is read', () => {
  it('costs no reading where all of it was read, and what is left where it was not', async () => {
    const whole = counted()
    const one = hashedAsRead(whole, startSha256())
    for await (const _ of piecesOf(one));
    expect(await one.hash()).toBe(sha256)
    expect(whole.reads).toEqual([1, 1, 1])
    const other = counted()
    const part = hashedAsRead(other, startSha256())
    await part.read(2 * pieceBytes + 5, 2 * pieceBytes + 9) // what lies before is hashed on the way
    expect(await part.hash()).toBe(sha256)
    expect(other.reads).toEqual([1, 1, 1])
  })
})

describe('a damaged piece', () => {
  const broken = bytes.with(pieceBytes + 7, bytes[pieceBytes + 7] ^ 1)

  it('is replaced, and nothing else is fetched again', async () => {
    const asked: number[][] = []
    const file = checkedAsRead(counted(broken), digests, {
      ...repair,
      async fetchAgain(begin, end) {
        asked.push([begin, end])
        return bytes.slice(begin, end)
      },
    })
    expect(Buffer.compare(await file.read(0, bytes.length), bytes)).toBe(0)
    expect(asked).toEqual([[pieceBytes, 2 * pieceBytes]])
  })

  it('is never handed on: neither as it is nor replaced by another', async () => {
    for (const fetchAgain of [async () => null, async () => bytes.slice(0, pieceBytes)]) {
      const file = checkedAsRead(counted(broken), digests, { ...repair, fetchAgain })
      expect(await file.read(0, 9)).toEqual(bytes.slice(0, 9))
      await expect(file.read(pieceBytes, pieceBytes + 1)).rejects.toThrow('damaged')
    }
  })
})

it('digests and hash do not depend on the chunks in which a file arrives', async () => {
  for (const size of [bytes.length, 3_000_001]) {
    const arrival = startArrival()
    for (let begin = 0; begin < bytes.length; begin += size)
      await arrival.add(bytes.subarray(begin, begin + size))
    expect(await arrival.end()).toEqual({ sha256, pieces: digests })
  }
})
