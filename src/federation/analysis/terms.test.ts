import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consensusError, convergenceTerms, relativeConsensusError, stalenessTerms } from './terms'
import { metropolis, neighboursOf, secondEigenvalue } from './topology'

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, at) => sum + x * b[at], 0)
const gramOf = (points: readonly (readonly number[])[]) => points.map((a) => points.map((b) => dot(a, b)))
const number = fc.double({ min: -9, max: 9, noNaN: true })
const points = fc.array(fc.array(number, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 6 })

describe('terms of convergence', () => {
  it('from inner products are those from the changes themselves', () => {
    fc.assert(
      fc.property(points, (changes) => {
        const shares = changes.map((_, at) => at + 1)
        const total = shares.reduce((sum, share) => sum + share, 0)
        const mean = [0, 1, 2, 3].map((k) =>
          changes.reduce((sum, x, i) => sum + (shares[i] / total) * x[k], 0),
        )
        const far = changes.map((x) => x.reduce((sum, value, k) => sum + (value - mean[k]) ** 2, 0))
        const terms = convergenceTerms(gramOf(changes), shares)
        expect(terms.meanChange).toBeCloseTo(Math.hypot(...mean), 5)
        expect(terms.drift).toBeCloseTo(
          far.reduce((sum, d, i) => sum + (shares[i] / total) * d, 0),
          6,
        )
      }),
    )
  })

  it('of devices that agree have no drift', () => {
    expect(
      convergenceTerms(
        [
          [4, 4],
          [4, 4],
        ],
        [1, 3],
      ),
    ).toEqual({ meanChange: 2, drift: 0, relativeDrift: 0 })
  })

  it('the consensus error contracts by lambda² with a mixing', () => {
    const web = neighboursOf({ topology: 'ring', degree: 2 }, 8, 0)
    const weights = metropolis(web)
    const lambda = secondEigenvalue(weights)
    fc.assert(
      fc.property(fc.array(number, { minLength: 8, maxLength: 8 }), (values) => {
        const mixed = weights.map((row) => dot(row, values))
        const errorOf = (xs: readonly number[]) => consensusError(gramOf(xs.map((x) => [x])))
        expect(errorOf(mixed)).toBeLessThanOrEqual(lambda ** 2 * errorOf(values) + 1e-6)
      }),
    )
    expect(
      relativeConsensusError(
        gramOf([
          [1, 2],
          [1, 2],
        ]),
      ),
    ).toBe(0)
  })

  it('staleness is its mean and its largest', () => {
    expect(stalenessTerms([0, 1, 5])).toEqual({ mean: 2, largest: 5 })
    expect(stalenessTerms([])).toBeNull()
  })
})
