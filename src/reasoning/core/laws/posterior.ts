/**
 * How much the word of each member of an ensemble counts, learned from the text itself: whoever found the last tokens likely is
 * believed more about the next one. In the language of prediction with expert advice (Herbster & Warmuth, Tracking the Best
 * Expert, 1998) this is fixed-share Bayes: after each token y the weights become proportional to w_i p_i(y), and a share α of
 * all weight is handed out evenly again, so that nobody is ever out for good and the ensemble follows a text from one subject
 * to another. With α = 0 it is plain Bayes (Branch-Train-Merge, arXiv 2208.03306), which locks on to one member.
 *
 * Weights are logarithms throughout. As plain numbers they underflow within a few hundred tokens and never come back.
 */
import { exp, ln, logAddExp } from '../../../lib/portable'

/** ln of each member's weight; they sum to one as plain numbers. */
export type LogWeights = readonly number[]

export const usualShare = 0.01

export const evenWeights = (members: number): LogWeights => Array(members).fill(-ln(members))

/** So that they sum to one. */
export function normalised(logs: readonly number[]): LogWeights {
  const total = logs.reduce(logAddExp, Number.NEGATIVE_INFINITY)
  return logs.map((log) => log - total)
}

/** The weights after a token, from each member's ln p(token). */
export function afterToken(
  weights: LogWeights,
  logLikelihoods: readonly number[],
  share = usualShare,
): LogWeights {
  return shared(normalised(weights.map((weight, index) => weight + logLikelihoods[index])), share)
}

/** The weights after a share of all of it, below 1, was handed out evenly. */
export function shared(weights: LogWeights, share: number): LogWeights {
  if (share === 0) return weights
  const [kept, handed] = [ln(1 - share), ln(share / weights.length)]
  return weights.map((log) => logAddExp(kept + log, handed))
}

/** ln p(token) of the arithmetic mixture Σ w_i p_i. */
export const mixtureLog = (weights: LogWeights, logLikelihoods: readonly number[]): number =>
  weights.reduce(
    (sum, weight, index) => logAddExp(sum, weight + logLikelihoods[index]),
    Number.NEGATIVE_INFINITY,
  )

/** The mixture Σ w_i p_i itself [vocabulary]. */
export function mixture(weights: LogWeights, distributions: readonly Float64Array[]): Float64Array {
  const mixed = new Float64Array(distributions[0].length)
  for (const [index, distribution] of distributions.entries()) {
    const weight = exp(weights[index])
    for (let token = 0; token < mixed.length; token++) mixed[token] += weight * distribution[token]
  }
  return mixed
}

/**
 * Weights over those who answered, from weights over all. Whoever did not answer is taken to have said what the mixture said,
 * which leaves its standing among the others as it was.
 */
export function overResponders(weights: LogWeights, answered: readonly boolean[]): LogWeights {
  return normalised(weights.map((weight, index) => (answered[index] ? weight : Number.NEGATIVE_INFINITY)))
}
