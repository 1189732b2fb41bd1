/**
 * Which views bear on a question, from what each tab says of how likely it found the question's words, beside how likely they are
 * without any view (`weightOfView`). Only the question counts: what was said since comes from the views themselves.
 */
import { weightOfView } from '../../core/laws/fusion'
import type { NodeId } from '../../ports'

export interface Bearing {
  /** Of a question's tokens but the first, ln of how likely each is without a view. Forgets nothing that was heard. */
  begin(prior: readonly number[]): void
  /** Of the tokens up to `at`, a view's last so many. */
  heard(id: NodeId, at: number, likelihoods: readonly number[]): void
  /** From 0 to 1. Whoever was not heard on a question counts in full. */
  weightOf(id: NodeId): number
}

export function openBearing(): Bearing {
  let prior: readonly number[] = []
  const weights = new Map<NodeId, number>()
  return {
    begin(likelihoods) {
      prior = likelihoods
    },
    heard(id, at, likelihoods) {
      // prior[0] belongs to the second token.
      const first = at - likelihoods.length - 1
      const gains = likelihoods.flatMap((found, index) =>
        first + index < prior.length ? [found - prior[first + index]] : [],
      )
      if (gains.length > 0) weights.set(id, weightOfView(gains.reduce((sum, gain) => sum + gain, 0)))
    },
    weightOf: (id) => weights.get(id) ?? 1,
  }
}
