/**
 * Whom to ask. A member of whom the text so far says that it knows nothing of this subject changes the mixture by next to nothing,
 * so it is not asked until its weight has grown again (a share of all weight is handed out evenly with each token) or until the
 * text takes a turn that surprises everybody. What it would have said of the tokens meanwhile comes with its next answer. Of a new
 * text all are asked, until it has said what it is about.
 */
import { exp } from '../../../lib/portable'
import type { LogWeights } from '../../core/laws/posterior'

export interface Moment {
  readonly weights: LogWeights
  /** -ln p of the last token, in nats: how surprising it was. */
  readonly surprise: number
  /** Tokens that the window holds. */
  readonly length: number
  /** Below this weight a member is not asked; 0: all are. */
  readonly leastWeight: number
}

/**
 * Chosen on four adapters of `toy`, one a domain, on their held-out texts in turn: half of the questions are saved for one per
 * cent of perplexity (docs/reasoning.md).
 */
export const usualLeastWeight = 0.05
const surprising = 3
const newText = 12

/** For each member whether it is asked; the asker, which is the first, need not be. */
export function whomToAsk({ weights, surprise, length, leastWeight }: Moment): readonly boolean[] {
  const everybody = length <= newText || surprise > surprising
  return weights.map((weight) => everybody || exp(weight) >= leastWeight)
}
