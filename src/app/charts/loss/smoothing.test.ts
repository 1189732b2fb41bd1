import { describe, expect, it } from 'vitest'
import { smooth } from './smoothing'

describe('the debiased moving average', () => {
  it('leaves a line as it is at weight 0', () => {
    expect(smooth([3, 1, 2], 0)).toEqual([3, 1, 2])
  })

  it('starts at the first value instead of at zero', () => {
    expect(smooth([4, 4, 4], 0.9).map((value) => value?.toFixed(9))).toEqual(Array(3).fill('4.000000000'))
  })

  it('weighs like the formula: last = last * w + (1 - w) * y, shown last / (1 - w ** n)', () => {
    const [, second] = smooth([1, 3], 0.5)
    expect(second).toBeCloseTo((1 * 0.25 + 3 * 0.5) / 0.75, 12)
  })

  it('skips what is not a number and never smooths across it', () => {
    expect(smooth([2, Number.NaN, null, Number.POSITIVE_INFINITY, 2], 0.8)).toEqual([
      expect.closeTo(2, 12),
      null,
      null,
      null,
      expect.closeTo(2, 12),
    ])
  })
})
