/**
 * Several views of one thing, none of which anybody else may see, as one opinion. Each device says what it thinks, having seen its own
 * view; all of them began with the same prior, so multiplied as they are they would count it once for each device. Taken out, what
 * is left of each is what its view has taught it: log P = log prior + Σ_d w_d (log p_d - log prior) + const. Where views are
 * independent given the answer and every weight is 1, that is Bayes' rule, exactly. A device that is absent drops its term.
 *
 * Source: logarithmic opinion pools (Genest & Zidek, Combining Probability Distributions, Statistical Science 1986).
 */
import { exp, ln } from '../../../lib/portable'

export interface View {
  /** What a device thinks, having seen it [vocabulary]. */
  readonly law: Float64Array
  /** How much it counts: 1 where it is as sure as it is right. */
  readonly weight: number
}

/** The law [vocabulary] of all views together; the prior where there is none. */
export function fused(prior: Float64Array, views: readonly View[]): Float64Array {
  const logs = prior.map(ln)
  for (const token of logs.keys())
    for (const { law, weight } of views) logs[token] += weight * (ln(law[token]) - ln(prior[token]))
  const largest = logs.reduce((most, log) => Math.max(most, log), Number.NEGATIVE_INFINITY)
  const shares = logs.map((log) => exp(log - largest))
  const sum = shares.reduce((total, share) => total + share, 0)
  return shares.map((share) => share / sum)
}

/** In nats: how undecided a law is. */
export const entropyOf = (law: Float64Array): number =>
  law.reduce((sum, share) => (share > 0 ? sum - share * ln(share) : sum), 0)
