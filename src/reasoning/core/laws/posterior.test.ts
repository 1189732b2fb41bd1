import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exp, ln, logAddExp } from '../../../lib/portable'
import {
  afterToken,
  evenWeights,
  type LogWeights,
  mixture,
  mixtureLog,
  normalised,
  overResponders,
} from './posterior'

const plain = (weights: LogWeights) => weights.map(Math.exp)

const distribution = (vocabulary: number) =>
  fc
    .array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: vocabulary, maxLength: vocabulary })
    .map((shares) => {
      const sum = shares.reduce((a, b) => a + b)
      return Float64Array.from(shares, (share) => share / sum)
    })
/** Some members' distributions over one vocabulary, and weights for them. */
const ensembles = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 2, max: 8 }))
  .chain(([members, vocabulary]) =>
    fc.record({
      distributions: fc.array(distribution(vocabulary), { minLength: members, maxLength: members }),
      weights: fc
        .array(fc.double({ min: -6, max: 0, noNaN: true }), { minLength: members, maxLength: members })
        .map(normalised),
    }),
  )

/**
 * The product of experts Π p_i^w_i / Z [vocabulary] and ln Z <= 0: what the geometric mean would be. For comparison; it needs
 * all to find a token likely, where the mixture needs one.
 */
function productOfExperts(
  weights: LogWeights,
  distributions: readonly Float64Array[],
): { readonly distribution: Float64Array; readonly logZ: number } {
  const logs = new Float64Array(distributions[0].length)
  for (const [index, distribution] of distributions.entries()) {
    const weight = exp(weights[index])
    for (let token = 0; token < logs.length; token++) logs[token] += weight * ln(distribution[token])
  }
  const logZ = logs.reduce(logAddExp, Number.NEGATIVE_INFINITY)
  return { distribution: logs.map((log) => exp(log - logZ)), logZ }
}

/** -ln of what the ensemble found each token, one after the other. */
function totalLoss(stream: readonly (readonly number[])[], share: number): number {
  let weights = evenWeights(stream[0].length)
  let total = 0
  for (const logs of stream) {
    total -= mixtureLog(weights, logs)
    weights = afterToken(weights, logs, share)
  }
  return total
}

/** What Branch-Train-Merge's formula gives when it is written down in plain numbers. */
function totalLossInPlainNumbers(stream: readonly (readonly number[])[]): number {
  let weights = stream[0].map(() => 1 / stream[0].length)
  let total = 0
  for (const logs of stream) {
    const joint = weights.map((weight, index) => weight * Math.exp(logs[index]))
    const sum = joint.reduce((a, b) => a + b)
    total -= Math.log(sum)
    weights = joint.map((share) => share / sum)
  }
  return total
}

const twoSubjects = [...Array(1000).fill([-2, -1]), ...Array(2000).fill([-1, -2])]

describe('O6 bounds of an ensemble', () => {
  it('hold on every token: mixture and product are at least as good as the average of the members', () => {
    fc.assert(
      fc.property(ensembles, ({ distributions, weights }) => {
        const mixed = mixture(weights, distributions)
        const { distribution: product, logZ } = productOfExperts(weights, distributions)
        expect(logZ).toBeLessThan(1e-12)
        for (let token = 0; token < mixed.length; token++) {
          const losses = distributions.map((one) => -Math.log(one[token]))
          const average = plain(weights).reduce((sum, weight, index) => sum + weight * losses[index], 0)
          expect(-Math.log(mixed[token])).toBeLessThanOrEqual(average + 1e-6)
          expect(-Math.log(product[token])).toBeLessThanOrEqual(average + 1e-6)
        }
      }),
    )
  })

  it('hold over a text: plain Bayes loses at most ln N to the best member', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }).chain((members) =>
          fc.array(
            fc.array(fc.double({ min: -20, max: -0.01, noNaN: true }), {
              minLength: members,
              maxLength: members,
            }),
            { minLength: 1, maxLength: 200 },
          ),
        ),
        (stream) => {
          const members = stream[0].length
          const best = Math.min(
            ...Array.from(
              { length: members },
              (_, index) => -stream.reduce((sum, logs) => sum + logs[index], 0),
            ),
          )
          expect(totalLoss(stream, 0)).toBeLessThanOrEqual(best + Math.log(members) + 1e-6)
        },
      ),
    )
  })

  it('are those of the known cases', () => {
    const [p1, p2] = [Float64Array.of(0.7, 0.2, 0.1), Float64Array.of(0.1, 0.3, 0.6)]
    const half = evenWeights(2)
    expect([...mixture(half, [p1, p2])].map((share) => share.toFixed(6))).toEqual([
      '0.400000',
      '0.250000',
      '0.350000',
    ])
    const { distribution: product, logZ } = productOfExperts(half, [p1, p2])
    expect([...product].map((share) => share.toFixed(6))).toEqual(['0.350675', '0.324662', '0.324662'])
    expect(logZ).toBeCloseTo(-0.281736, 6)
    expect(-Math.log(mixture(half, [p1, p2])[0])).toBeCloseTo(0.916291, 6)
    expect(-Math.log(product[0])).toBeCloseTo(1.047894, 6)
  })

  it('survive three thousand tokens in log space, and do not in plain numbers', () => {
    expect(totalLoss(twoSubjects, 0)).toBeCloseTo(4000.6931, 4)
    expect(totalLossInPlainNumbers(twoSubjects)).toBeCloseTo(5000.69, 2) // above 4000 + ln 2: the bug
  })

  it('fixed share follows the text to its second subject', () => {
    expect(totalLoss(twoSubjects, 0.01)).toBeCloseTo(3020.1973, 4)
    const switches = 1
    const bound =
      3000 + Math.log(2) + switches * Math.log(2 / 0.01) + (2999 - switches) * -Math.log(1 - 0.01 + 0.01 / 2)
    expect(bound).toBeCloseTo(3021.0191, 4)
    const [first, second] = plain(afterToken(evenWeights(2), [Math.log(0.7), Math.log(0.2)]))
    expect(first).toBeCloseTo(0.775, 9)
    expect(second).toBeCloseTo(0.225, 9)
  })
})

describe('O7 identical members', () => {
  it('say together what one of them says', () => {
    fc.assert(
      fc.property(distribution(6), fc.integer({ min: 1, max: 6 }), (one, members) => {
        const mixed = mixture(evenWeights(members), Array(members).fill(one))
        for (const [token, share] of one.entries()) expect(mixed[token]).toBeCloseTo(share, 6)
      }),
    )
  })
})

describe('whoever does not answer', () => {
  it('leaves its weight to the others for this token', () => {
    const weights = normalised([Math.log(0.5), Math.log(0.3), Math.log(0.2)])
    const [first, second, third] = plain(overResponders(weights, [true, false, true]))
    expect([first, second, third].map((weight) => weight.toFixed(6))).toEqual([
      '0.714286',
      '0.000000',
      '0.285714',
    ])
  })

  it('keeps its standing among the others, if it counts as having said what the mixture said', () => {
    const weights = normalised([Math.log(0.5), Math.log(0.3), Math.log(0.2)])
    const said = mixtureLog(overResponders(weights, [true, false, true]), [
      Math.log(0.4),
      -Infinity,
      Math.log(0.1),
    ])
    const [, absent] = plain(afterToken(weights, [Math.log(0.4), said, Math.log(0.1)], 0))
    expect(absent).toBeCloseTo(0.3, 9)
  })
})
