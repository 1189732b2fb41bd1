import { describe, expect, it } from 'vitest'
import { heardAfter, patienceMs, unknownRate } from './rates'

describe('how long a tab waits for another', () => {
  const rateAfter = (...answersMs: number[]) => answersMs.reduce(heardAfter, unknownRate)

  it('is three seconds for whom it does not know yet, and never more for one token', () => {
    expect(patienceMs(unknownRate, 1)).toBe(3000)
    expect(patienceMs(rateAfter(4000, 4000), 1)).toBe(3000)
  })

  it('shrinks with answers that come fast and even, to a quarter of a second', () => {
    const quick = rateAfter(...Array(40).fill(20))
    expect(quick.meanMs).toBeCloseTo(20, 6)
    expect(patienceMs(quick, 1)).toBe(250)
    const uneven = rateAfter(...Array.from({ length: 40 }, (_, nth) => (nth % 2 ? 300 : 20)))
    expect(patienceMs(uneven, 1)).toBeGreaterThan(4 * 160)
  })

  it('grows with the rows of a prompt', () => {
    expect(patienceMs(unknownRate, 64)).toBe(3000 + 63 * 60)
  })
})
