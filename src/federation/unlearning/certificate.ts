/**
 * What a person who was forgotten is given: plain JSON that says what was done and what it came to. The device measures the text
 * that was to be forgotten, before and after, because nobody else has it; the coordinator measures what the others still know.
 *
 * A certificate compares with text of the same kind that was never trained on, and not with training again, which would cost
 * what unlearning saves: how near to that it comes is measured in simulations (docs/federation.md). It is measured by the two
 * that are concerned and proves nothing to a third: whoever has kept an old version of the adapter still has it.
 */
import { membershipAuc } from '../analysis/membership'
import type { Unlearned, Wish } from './wish'

/** What a model makes of the forgotten text. */
export interface Trace {
  /** Mean over the texts, nats per token. */
  readonly loss: number
  /** How well losses tell these texts from others of the same kind; null: there are no others here. */
  readonly auc: number | null
}

export interface ForgottenText {
  /** How many texts were measured. */
  readonly texts: number
  /** Null: nobody measured in time. */
  readonly before: Trace | null
  readonly after: Trace
}

/** Loss on what the others have kept back, nats per token; null: nobody could measure it. */
export interface KeptLoss {
  readonly before: number | null
  readonly after: number | null
}

export interface Certificate {
  readonly room: string
  /** Name of the device. */
  readonly device: string
  readonly of: Wish['of']
  readonly unlearned: Unlearned
  /** Of the shared adapter; the same where nothing had to be unlearned, or nothing could. */
  readonly versions: { readonly before: number; readonly after: number }
  /** Null: the device was not there to measure it. */
  readonly forgotten: ForgottenText | null
  readonly kept: KeptLoss
}

/** @param texts losses of the texts that were to be forgotten; not empty @param others of texts of the same kind */
export const traceOf = (texts: readonly number[], others: readonly number[]): Trace => ({
  loss: texts.reduce((sum, loss) => sum + loss, 0) / texts.length,
  auc: others.length > 0 ? membershipAuc(texts, others) : null,
})

/** What is promised where the past could be unlearned: an attacker is left with chance, up to what so few texts leave open. */
const mostAuc = 0.55

/** Whether the measured traces say that it is forgotten; null: they say nothing. */
export const isForgotten = ({ unlearned, forgotten }: Certificate): boolean | null => {
  if (unlearned.kind === 'never-merged' || unlearned.kind === 'subtracted') return true
  if (unlearned.kind === 'not-kept') return false
  const auc = forgotten?.after.auc ?? null
  return auc === null ? null : auc <= mostAuc
}
