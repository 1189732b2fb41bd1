import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contradictionIn, fused, type View, weightOfView } from './fusion'

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
})

describe('views that contradict each other', () => {
  const prior = law(4, 4, 4, 88)
  const [red, blue, none] = [law(80, 1, 4, 15), law(1, 80, 4, 15), law(4, 4, 4, 88)]
  it('are those of which each speaks for what the other speaks against', () => {
    const found = contradictionIn(prior, [red, none, blue], 1)
    expect(found).toMatchObject({ views: [0, 2], tokens: [0, 1] })
    // Each takes ln 4 from what the other adds ln 20 to.
    expect(found!.nats).toBeCloseTo(Math.log(4), 9)
    expect(contradictionIn(prior, [red, blue], Math.log(4) + 0.01)).toBeNull()
  })
  it('are none that agree, that know nothing, or of which only one is sure', () => {
    expect(contradictionIn(prior, [red, red], 1)).toBeNull()
    expect(contradictionIn(prior, [red, none], 1)).toBeNull()
    const takesNothing = law(4, 80, 4, 12)
    expect(contradictionIn(prior, [red, takesNothing], 1)).toBeNull()
    const unsure = law(1, 40, 4, 55)
    expect(contradictionIn(prior, [red, unsure], 1), 'it would say another word').toBeNull()
    expect(contradictionIn(prior, [], 1)).toBeNull()
  })
  it('are told by the strongest of several', () => {
    const weakly = law(2, 60, 4, 34)
    expect(contradictionIn(prior, [weakly, red, blue], 0.5)).toMatchObject({ views: [1, 2] })
    expect(contradictionIn(prior, [weakly, red], 0.5)).toMatchObject({ views: [0, 1] })
  })
  it('are the same two, in whatever order they stand', () => {
    const [one, other] = [contradictionIn(prior, [red, blue], 1)!, contradictionIn(prior, [blue, red], 1)!]
    expect(one.nats).toBeCloseTo(other.nats, 12)
    expect([...one.tokens].reverse()).toEqual(other.tokens)
  })
})

describe('how much a view counts', () => {
  it('is all where the question’s words are not less likely with it, and less the more they speak against it', () => {
    expect([weightOfView(0), weightOfView(3)]).toEqual([1, 1])
    const weights = [-0.1, -1, -3, -10, -500].map(weightOfView)
    expect(weights).toEqual(weights.toSorted((one, other) => other - one))
    expect(weights[0]).toBeGreaterThan(0.98)
    expect(weights[2]).toBeCloseTo(0.344, 3)
    expect(weights[4]).toBeCloseTo(0, 12)
  })
})
