import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, isWorthMoving, place, tokenMs, waterFilling } from './placement'

const candidates: fc.Arbitrary<Candidate[]> = fc
  .array(
    fc.record({
      millisecondsPerLayer: fc.double({ min: 0.1, max: 10, noNaN: true }),
      overheadMs: fc.constant(1),
      mostLayers: fc.integer({ min: 1, max: 12 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((drawn) => drawn.map((one, index) => ({ ...one, id: `tab ${index}` })))

const slowest = (counts: readonly number[], all: readonly Candidate[]): number =>
  Math.max(...counts.map((count, index) => count * all[index].millisecondsPerLayer))

/** The best that any counts of at least one could do. */
function bestOf(all: readonly Candidate[], layers: number): number {
  if (all.length === 1) return layers <= all[0].mostLayers ? layers * all[0].millisecondsPerLayer : Infinity
  const [first, ...others] = all
  let best = Number.POSITIVE_INFINITY
  for (let count = 1; count <= Math.min(first.mostLayers, layers - others.length); count++)
    best = Math.min(best, Math.max(count * first.millisecondsPerLayer, bestOf(others, layers - count)))
  return best
}

/** Measured over 20,000 random rooms: rounding to whole layers costs at most so much. */
const frozenRatio = 2

describe('O5 placement', () => {
  it('covers all layers in order, exceeds no cap, and is near the best there is', () => {
    fc.assert(
      fc.property(candidates, fc.integer({ min: 1, max: 12 }), (all, layers) => {
        const plan = place(all, layers)
        const usable = all.slice(0, layers)
        const capacity = usable.reduce((sum, { mostLayers }) => sum + mostLayers, 0)
        if (capacity < layers) return void expect(plan).toBeNull()
        let reached = 0
        for (const { id, layers: span } of plan!) {
          expect(span.from).toBe(reached)
          reached = span.to
          expect(span.to - span.from).toBeLessThanOrEqual(all.find((one) => one.id === id)!.mostLayers)
        }
        expect(reached).toBe(layers)
        const counts = plan!.map(({ layers: span }) => span.to - span.from)
        expect(slowest(counts, usable) / bestOf(usable, layers)).toBeLessThanOrEqual(frozenRatio)
      }),
    )
  })

  it('pours layers like water', () => {
    expect(waterFilling([4, 2, 1], [6, 12, 12], 12)).toEqual([6, 4, 2])
    expect(waterFilling([3, 2, 1], [10, 10, 10], 10)).toEqual([5, 3, 2])
    expect(waterFilling([1, 1], [2, 2], 5)).toBeNull()
    expect(waterFilling([100, 1], [9, 9], 4)).toEqual([3, 1])
  })

  it('leaves out who may hold nothing, and says what a token takes', () => {
    const room = [
      { id: 'asker', millisecondsPerLayer: 1, overheadMs: 0, mostLayers: 0 },
      { id: 'near', millisecondsPerLayer: 1, overheadMs: 5, mostLayers: 4 },
      { id: 'far', millisecondsPerLayer: 3, overheadMs: 50, mostLayers: 4 },
    ]
    const plan = place(room, 4)!
    expect(plan).toEqual([
      { id: 'near', layers: { from: 0, to: 3 } },
      { id: 'far', layers: { from: 3, to: 4 } },
    ])
    expect(tokenMs(plan, room)).toBe(3 + 5 + 3 + 50)
    expect(isWorthMoving(10, 9)).toBe(false)
    expect(isWorthMoving(10, 5)).toBe(true)
  })
})
