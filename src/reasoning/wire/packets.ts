/**
 * What tabs say to each other with every token of a text: few bytes, whose form is `binary.ts`'s. A packet is a question or the
 * answer to one; what is said once a text is JSON and stands in `letters.ts`.
 *
 * `session` is the asker's number for one text at one tab, `request` its number for this question. `epoch` counts how often the
 * asker has had to replace somebody: what comes from an earlier one is not listened to, so a tab that was only asleep
 * disturbs nobody when it wakes. `at` is the position of the first row; positions are those of a decoder, at most 2,048.
 */
import type { Masses } from '../../model/masses'
import type { Codec } from '../core/codecs'

/** Tokens in one packet. */
export const mostTokens = 256

export interface PacketHead {
  /** Modulo 256. */
  readonly epoch: number
  readonly session: number
  readonly at: number
  /** Modulo 65,536. */
  readonly request: number
}

export interface Rows {
  /** Rows [n, width]. */
  readonly rows: Float32Array
  /** How they travel. */
  readonly codec: Codec
}

export type Packet = PacketHead &
  (
    | /** For a stage; what comes back is as many rows, or the last. */
    ({ readonly type: 'pass'; readonly wants: 'each' | 'last' } & Rows)
    | ({ readonly type: 'passed' /** Of computing. */; readonly milliseconds: number } & Rows)
    /** Tokens for a member of an ensemble. */
    | { readonly type: 'tokens'; readonly ids: readonly number[] }
    /** What it thinks comes after the last of them; and how likely it found each but the first: ln p, one fewer than tokens. */
    | { readonly type: 'masses'; readonly masses: Masses; readonly likelihoods: readonly number[] }
    /**
     * After a text that begins with `at` tokens whose hash is `prefix` come `given` further tokens of it, then guesses at what
     * follows. What is wanted is how many of them are right, or every choice that a text of these tokens would lead to.
     */
    | {
        readonly type: 'draft'
        readonly wants: 'verdict' | 'choices'
        readonly prefix: number
        readonly given: number
        readonly ids: readonly number[]
      }
    /** So many guesses are right, then comes this token, which won by this gap. `load`: questions that wait there. */
    | {
        readonly type: 'verdict'
        readonly accepted: number
        readonly id: number
        readonly gap: number
        readonly milliseconds: number
        readonly load: number
      }
    /** What would follow the last given token, and each guess. */
    | { readonly type: 'choices'; readonly ids: readonly number[] }
    /** It has read another text: `at` tokens, whose hash this is. */
    | { readonly type: 'need'; readonly prefix: number }
    /** The question cannot be answered: the reason's number in `refusals`. */
    | { readonly type: 'refused'; readonly reason: Refusal }
  )

export type QuestionPacket = Packet & { readonly type: 'pass' | 'tokens' | 'draft' }
export type AnswerPacket = Packet & { readonly type: 'passed' | 'masses' | 'verdict' | 'choices' | 'need' }

export const isQuestion = (packet: Packet): packet is QuestionPacket =>
  packet.type === 'pass' || packet.type === 'tokens' || packet.type === 'draft'

export const refusals = [
  'unknown-session',
  'not-there-yet',
  'cannot-compute',
  'budget-spent',
  'nonsense',
] as const
export type Refusal = (typeof refusals)[number]
