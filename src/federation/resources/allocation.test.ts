import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocate, type Candidate, type Wish } from './allocation'

const wish: Wish = {
  rank: 8,
  leastRank: 1,
  batch: 8,
  precision: 'float32',
  leastSteps: 5,
  mostSteps: 50,
  deadlineMs: 60_000,
  tokensPerRow: 50,
  parameters: 1e6,
  bytesPerRow: 1e6,
}
const able = (
  device: string,
  tokensPerSecond: number | null,
  more: Partial<Candidate['capability']> = {},
): Candidate => ({
  device,
  capability: { tokensPerSecond, tokensPerRow: null, memoryBytes: null, roundTripMs: 20, ...more },
})

describe('resource allocation', () => {
  it('gives steps in proportion to speed, so that all finish together', () => {
    const all = allocate([able('fast', 4000), able('middle', 2000), able('slow', 1000)], wish)
    expect(all.map(({ steps }) => steps)).toEqual([50, 25, 12])
    for (const { expectedMs } of all) expect(expectedMs / all[0].expectedMs).toBeGreaterThan(0.9)
  })

  it('keeps to the deadline where that is possible at all, and says where it is not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ speed: fc.integer({ min: 20, max: 20_000 }), trip: fc.nat(500) }), {
          minLength: 1,
          maxLength: 12,
        }),
        (devices) => {
          const candidates = devices.map(({ speed, trip }, at) =>
            able(`d${at}`, speed, { roundTripMs: trip }),
          )
          for (const { steps, batch, rank, isInTime, expectedMs } of allocate(candidates, wish)) {
            expect(steps).toBeGreaterThanOrEqual(wish.leastSteps)
            expect(steps).toBeLessThanOrEqual(wish.mostSteps)
            expect(isInTime).toBe(expectedMs <= wish.deadlineMs)
            if (!isInTime) expect([batch, rank]).toEqual([1, 4])
          }
        },
      ),
    )
  })

  it('gives a slow device smaller batches, and one with little memory fewer bits', () => {
    const [slow, small, tiny] = allocate(
      [
        able('slow', 20),
        able('small', 2000, { memoryBytes: 10.5e6 }),
        able('tiny', 2000, { memoryBytes: 3e6 }),
      ],
      wish,
    )
    expect(slow.batch).toBeLessThan(8)
    expect(small).toMatchObject({ precision: 'float16', batch: 8 })
    expect(tiny).toMatchObject({ precision: 'nf4', batch: 2 })
  })

  it('takes the median for what has not been measured, and obeys what is set by hand', () => {
    const [unknown, forced] = allocate(
      [able('unknown', null), { ...able('forced', 1000), override: { steps: 7, rank: 2 } }, able('c', 1000)],
      wish,
    )
    expect(unknown.steps).toBe(50)
    expect(forced).toMatchObject({ steps: 7, rank: 2, batch: 8 })
  })

  it('keeps to one rank where the aggregation needs it', () => {
    const slow = { ...able('slow', 1), override: { rank: 3 } }
    expect(allocate([slow], wish)[0].rank).toBe(3)
    expect(allocate([slow], { ...wish, leastRank: 8 })[0].rank).toBe(8)
    expect(allocate([{ ...slow, override: { rank: 64 } }], wish)[0].rank).toBe(8)
  })

  it('counts with the length of a device’s own rows', () => {
    const [short, long] = allocate(
      [able('short', 1000, { tokensPerRow: 25 }), able('long', 1000, { tokensPerRow: 50 })],
      wish,
    )
    expect([short.steps, long.steps]).toEqual([50, 25])
  })
})
