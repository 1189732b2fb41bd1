import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, gridOf, integerWeights, largestWeight, meanOf, nextRange, quantised } from './quantising'

const draws = (count: number, value: number) => new Uint32Array(count).fill(value)
const numbers = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 20 })

describe('the common grid', () => {
  it('is as fine as the design says for 16 devices of the largest weight', () => {
    expect(gridOf(1, 16 * largestWeight).levels).toBeGreaterThanOrEqual(2 ** 22)
  })

  it('lets no sum overflow, whatever devices send', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: largestWeight }), { minLength: 1, maxLength: 255 }),
        (weights) => {
          const total = weights.reduce((sum, weight) => sum + weight, 0)
          expect(total * (gridOf(1, total).levels - 1)).toBeLessThan(2 ** 32)
        },
      ),
    )
  })

  it('gives the weighted mean back, to a step of the grid', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.integer({ min: 1, max: largestWeight }), fc.double({ min: -1, max: 1, noNaN: true })),
          {
            minLength: 1,
            maxLength: 16,
          },
        ),
        fc.nat(2 ** 32 - 1),
        (devices, chance) => {
          const total = devices.reduce((sum, [weight]) => sum + weight, 0)
          const grid = gridOf(1, total)
          const sum = new Uint32Array(2)
          for (const [weight, value] of devices) add(sum, quantised([value], weight, grid, draws(1, chance)))
          const mean = devices.reduce((all, [weight, value]) => all + (weight * value) / total, 0)
          expect(sum[0]).toBe(total)
          expect(Math.abs(meanOf(sum, grid)[0] - mean)).toBeLessThanOrEqual(2 / (grid.levels - 1))
        },
      ),
    )
  })

  it('rounds up as often as a number is near to what is above it', () => {
    const grid = { range: 1, levels: 3 } // -1, 0, 1
    const step = (draw: number) => quantised([-0.25], 1, grid, draws(1, draw))[1]
    expect([step(0), step(0.74 * 2 ** 32), step(0.76 * 2 ** 32)]).toEqual([1, 1, 0])
  })

  it('clips what is outside, and has no place for what is no number', () => {
    fc.assert(
      fc.property(numbers, (vector) => {
        const grid = gridOf(0.5, 7)
        const words = quantised(vector, 7, grid, draws(vector.length, 1))
        for (const word of words.subarray(1)) expect(word).toBeLessThanOrEqual(7 * (grid.levels - 1))
      }),
    )
    expect(() => quantised([Number.NaN], 1, gridOf(1, 1), draws(1, 0))).toThrow(RangeError)
  })
})

describe('weights', () => {
  it('are integers in proportion to examples, at least 1 for who has any', () => {
    expect(integerWeights([10, 20, 40, 0])).toEqual([16, 32, 64, 0])
    expect(integerWeights([1, 1000])).toEqual([1, 64])
    expect(integerWeights([0])).toEqual([0])
  })
})

describe('the range of the next round', () => {
  it('follows the largest number of the last mean, within bounds', () => {
    expect([null, 0.01, 5, 0].map(nextRange)).toEqual([1, 0.16, 1, 2 ** -10])
  })
})
