import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choose } from '../../../model/sampling'
import {
  acceptanceOf,
  classicAgreement,
  coupledAgreement,
  type Law,
  onLattice,
  outcome,
  residual,
  totalVariation,
} from './acceptance'

const laws = fc.integer({ min: 2, max: 8 }).chain((size) => {
  const law = fc
    .array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: size, maxLength: size })
    .map((shares) => shares.map((share) => share / shares.reduce((a, b) => a + b)))
  return fc.tuple(law, law)
})
const [p, q] = [
  [0.5, 0.3, 0.2],
  [0.2, 0.3, 0.5],
]
const close = (one: Law, other: Law, digits = 12) =>
  one.forEach((share, token) => void expect(share).toBeCloseTo(other[token], digits))

/** As a published repository does it: what is left of p goes through a second softmax. */
function softmaxOfResidual(p: Law, q: Law): Law {
  const weights = residual(p, q).map(Math.exp)
  const sum = weights.reduce((a, b) => a + b)
  const refused = q.reduce((total, share, token) => total + share * (1 - acceptanceOf(p, q, token)), 0)
  return p.map((_, token) => q[token] * acceptanceOf(p, q, token) + (refused * weights[token]) / sum)
}

/** Guesses are drawn from one law and judged by another. */
function judgedByAnother(p: Law, drawn: Law, judged: Law): Law {
  const rest = residual(p, judged)
  const refused = drawn.reduce((sum, share, token) => sum + share * (1 - acceptanceOf(p, judged, token)), 0)
  return p.map((_, token) => drawn[token] * acceptanceOf(p, judged, token) + refused * rest[token])
}

describe('O12 accept or draw again', () => {
  it('gives the law of the large model, whatever the small one’s, by exact enumeration', () => {
    fc.assert(fc.property(laws, ([large, small]) => close(outcome(large, small), large)))
    close(outcome(p, q), p)
    close(residual(p, q), [1, 0, 0])
  })
  it('fails with a second softmax on the residual', () => {
    const mutant = softmaxOfResidual(p, q)
    close(mutant, [0.372835, 0.363582, 0.263582], 6)
    expect(totalVariation(mutant, p)).toBeCloseTo(0.127165, 6)
  })
  it('holds for a law on a lattice if it is also drawn from, and fails where it is only judged by', () => {
    const [even, small] = [
      [0.25, 0.25, 0.25, 0.25],
      [0.4, 0.28, 0.2, 0.12],
    ]
    const lattice = onLattice(small, 3, 8)
    expect(lattice.map((share) => share * 8)).toEqual([4, 2, 2, 0])
    close(outcome(even, lattice), even)
    expect(classicAgreement(even, lattice)).toBeCloseTo(0.75, 12)
    const mutant = judgedByAnother(even, small, lattice)
    close(mutant, [0.2, 0.28, 0.2, 0.32])
    expect(totalVariation(mutant, even)).toBeCloseTo(0.1, 12)
  })
})

describe('equal noise', () => {
  it('agrees a little less often than the best rule, and never less than (1 - TV) / (1 + TV)', () => {
    expect(classicAgreement(p, q)).toBeCloseTo(0.7, 12)
    expect(coupledAgreement(p, q)).toBeCloseTo(0.630769, 6)
    fc.assert(
      fc.property(laws, ([large, small]) => {
        const apart = totalVariation(large, small)
        const agreement = coupledAgreement(large, small)
        expect(agreement).toBeLessThanOrEqual(1 - apart + 1e-12)
        expect(agreement).toBeGreaterThanOrEqual((1 - apart) / (1 + apart) - 1e-12)
      }),
    )
  })
  it('agrees as often as the formula says, when tokens are really drawn', () => {
    const drawn = 20_000
    let same = 0
    for (let position = 0; position < drawn; position++) {
      const [one, other] = [p, q].map((law) =>
        choose(law.map(Math.log), { temperature: 1, seed: 3, position }),
      )
      if (one.id === other.id) same++
    }
    expect(Math.abs(same / drawn - 0.630769)).toBeLessThan(0.011) // three standard deviations
  })
})
