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

/** By how many nats a view makes a token likelier than it is without any. */
export const gainOf = (prior: Float64Array, law: Float64Array, token: number): number =>
  ln(law[token]) - ln(prior[token])

/** Two views that deny each other, and the token each speaks for. */
export interface Contradiction {
  readonly views: readonly [one: number, other: number]
  readonly tokens: readonly [one: number, other: number]
  /** What is taken away from both tokens and added to both, at least, in nats. */
  readonly nats: number
}

/**
 * Views contradict each other where each would say a word that the other speaks against: it finds its own likelier than all others
 * together, and likelier by so many nats at least than without any view; and the other's as much less likely. A view that knows
 * nothing of the question adds and takes nothing, so it contradicts nobody; two that are merely unsure of a word do not either,
 * since neither takes anything away.
 *
 * @param least in nats
 * @returns the strongest one; null where there is none
 */
export function contradictionIn(
  prior: Float64Array,
  laws: readonly Float64Array[],
  least: number,
): Contradiction | null {
  const sure = laws.map(likeliest).map((token, view) => (laws[view][token] > 1 / 2 ? token : null))
  let strongest: Contradiction | null = null
  for (const [other, law] of laws.entries())
    for (let one = 0; one < other; one++) {
      const [mine, its] = [sure[one], sure[other]]
      if (mine === null || its === null || mine === its) continue
      const nats = Math.min(
        gainOf(prior, laws[one], mine),
        -gainOf(prior, laws[one], its),
        gainOf(prior, law, its),
        -gainOf(prior, law, mine),
      )
      if (nats >= least && nats > (strongest?.nats ?? 0))
        strongest = { views: [one, other], tokens: [mine, its], nats }
    }
  return strongest
}

const likeliest = (law: Float64Array): number =>
  law.reduce((most, share, token) => (share > law[most] ? token : most), 0)

/** Before anything was read, a view bears on a question with these odds. */
const odds = 9

/**
 * How much a view counts beside others, from 0 to 1: as likely as it is that it bears on the question at all. That shows in how likely
 * the question's own words are with the view and without it. Where they are not less likely, it counts in full.
 *
 * @param evidence ln of how much likelier they are with it
 */
export function weightOfView(evidence: number): number {
  const bearing = (nats: number) => 1 / (1 + exp(-nats) / odds)
  return evidence >= 0 ? 1 : bearing(evidence) / bearing(0)
}
