/** What a session at a tab that works for another can be, whatever it is for. */
import type { AnswerPacket, PacketHead, QuestionPacket, Refusal } from './wire/packets'

type WithoutHead<Some> = Some extends PacketHead ? Omit<Some, keyof PacketHead> : never
/** What is said back; `at` is the question's where it is not said. */
export type Reply = WithoutHead<AnswerPacket> & { readonly at?: number }

export interface Serving {
  /** So many tabs compute for each token that is asked about, and so often it is paid for. 0: nobody does. */
  readonly tabs: number
  /** Null where nobody waits for an answer. Throws a `Refused`, or whatever the engine throws. */
  answer(question: QuestionPacket): Promise<Reply | null>
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
