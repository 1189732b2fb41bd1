/** What a session at a tab that works for another can be, whatever it is for. */
import type { Masses } from '../model/masses'
import type { Packet, Refusal } from './wire/packets'

export type Question = Extract<Packet, { readonly type: 'pass' | 'tokens' }>
export type Reply =
  | { readonly type: 'passed'; readonly rows: Float32Array; readonly milliseconds: number }
  | { readonly type: 'masses'; readonly masses: Masses; readonly likelihoods: readonly number[] }

export interface Serving {
  /** Null where nobody waits for an answer. Throws a `Refused`, or whatever the engine throws. */
  answer(question: Question): Promise<Reply | null>
  close(): void
}

/** A question that will not be answered, for a reason that the asker is told. */
export class Refused extends Error {
  override name = 'Refused'
  readonly reason: Refusal

  constructor(reason: Refusal) {
    super(reason)
    this.reason = reason
  }
}
