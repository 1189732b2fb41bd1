import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distributionOf, logProbabilitiesOf, logProbabilityIn, massesOf } from './masses'

const logits = fc
  .array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: 1, maxLength: 80 })
  .map((numbers) => Float32Array.from(numbers))

const softmax = (numbers: Float32Array): number[] => {
  const highest = Math.max(...numbers)
  const weights = [...numbers].map((number) => Math.exp(number - highest))
  const sum = weights.reduce((a, b) => a + b)
  return weights.map((weight) => weight / sum)
}

describe('masses', () => {
  it('stand for a distribution in which nothing is impossible, whatever was left out', () => {
    fc.assert(
      fc.property(logits, fc.integer({ min: 1, max: 40 }), (numbers, top) => {
        const distribution = distributionOf(massesOf(numbers, top), numbers.length)
        expect(distribution.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
        expect(Math.min(...distribution)).toBeGreaterThan(0)
      }),
    )
  })

  it('are the softmax up to what halves round, where all tokens are told', () => {
    fc.assert(
      fc.property(logits, (numbers) => {
        const distribution = distributionOf(massesOf(numbers, numbers.length), numbers.length)
        for (const [token, share] of softmax(numbers).entries())
          expect(Math.abs(distribution[token] - share)).toBeLessThan(2e-3 * share + 1e-6)
      }),
    )
  })

  it('tell the likeliest in order, the lowest id of equals first, and share the rest evenly', () => {
    const masses = massesOf(Float32Array.from([0, 2, 2, -1, 0]), 3)
    expect(masses.ids).toEqual([1, 2, 0])
    const distribution = distributionOf(masses, 5)
    expect(distribution[3]).toBe(distribution[4])
    const [p0, p1] = softmax(Float32Array.from([0, 2, 2, -1, 0]))
    expect(distribution[1]).toBeCloseTo(p1, 3)
    expect(distribution[0]).toBeCloseTo(p0, 3)
    expect(logProbabilitiesOf([2, 4], [masses, masses], 5)).toEqual(
      [2, 4].map((id) => logProbabilityIn(masses, 5, id)),
    )
  })

  it('give the same probability of one token as of all', () => {
    fc.assert(
      fc.property(logits, fc.nat(79), (numbers, some) => {
        const id = some % numbers.length
        const masses = massesOf(numbers, 8)
        const whole = Math.log(distributionOf(masses, numbers.length)[id])
        expect(logProbabilityIn(masses, numbers.length, id)).toBeCloseTo(whole, 10)
      }),
    )
  })
})
