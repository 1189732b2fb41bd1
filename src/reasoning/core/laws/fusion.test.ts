import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entropyOf, fused, type View } from './fusion'

const law = (...shares: readonly number[]) => {
  const sum = shares.reduce((total, share) => total + share, 0)
  return Float64Array.from(shares, (share) => share / sum)
}
/** What a device thinks that saw something which each answer makes so likely. */
const posterior = (prior: Float64Array, likelihoods: readonly number[]) =>
  law(...prior.map((share, answer) => share * likelihoods[answer]))
const viewOf = (law: Float64Array): View => ({ law, weight: 1 })

describe('O22 many views', () => {
  it('that are independent given the answer are exactly Bayes', () => {
    const likely = fc.double({ min: 0.01, max: 1, noNaN: true })
    const scenes = fc.integer({ min: 2, max: 6 }).chain((answers) => {
      const row = fc.array(likely, { minLength: answers, maxLength: answers })
      return fc.record({ prior: row, views: fc.array(row, { maxLength: 5 }) })
    })
    fc.assert(
      fc.property(scenes, ({ prior: shares, views }) => {
        const prior = law(...shares)
        const all = prior.map((share, answer) => views.reduce((product, row) => product * row[answer], share))
        const exact = law(...all)
        const pooled = fused(
          prior,
          views.map((row) => viewOf(posterior(prior, row))),
        )
        for (const [answer, share] of pooled.entries()) expect(share).toBeCloseTo(exact[answer], 6)
      }),
    )
  })
  it('are those of the known case, where the prior counted twice gives another answer', () => {
    const prior = law(0.3, 0.7)
    const [one, other] = [posterior(prior, [0.8, 0.3]), posterior(prior, [0.6, 0.1])]
    expect([...one].map((share) => share.toFixed(6))).toEqual(['0.533333', '0.466667'])
    expect([...other].map((share) => share.toFixed(2))).toEqual(['0.72', '0.28'])
    const pooled = fused(prior, [viewOf(one), viewOf(other)])
    expect([...pooled].map((share) => share.toFixed(6))).toEqual(['0.872727', '0.127273'])
    const withoutRemoval = law(...one.map((share, answer) => share * other[answer]))
    expect([...withoutRemoval].map((share) => share.toFixed(6))).toEqual(['0.746114', '0.253886'])
  })
  it('without all but one are that one; without any, the prior', () => {
    const prior = law(1, 2, 3)
    const one = law(5, 1, 1)
    for (const [answer, share] of fused(prior, [viewOf(one)]).entries())
      expect(share).toBeCloseTo(one[answer], 12)
    for (const [answer, share] of fused(prior, []).entries()) expect(share).toBeCloseTo(prior[answer], 12)
    expect(fused(prior, [{ law: one, weight: 0 }])[0]).toBeCloseTo(prior[0], 12)
  })
  it('are less undecided together than alone where they agree', () => {
    const prior = law(1, 1, 1)
    const view = viewOf(law(4, 1, 1))
    expect(entropyOf(fused(prior, [view, view]))).toBeLessThan(entropyOf(fused(prior, [view])))
    expect(entropyOf(prior)).toBeCloseTo(Math.log(3), 12)
  })
})
