/**
 * A mode is a way in which tabs make one text together: alone, along a pipeline of layers, as an ensemble … All of them do the
 * same thing again and again, to choose the next token of a text, so that is all a mode has to say; what ends a text, what
 * window of it is read and how it is shown is the same for all (`ask.ts`).
 */
import type { Codec } from './core/codecs'
import type { Line } from './line'
import type { Threshold } from './plan/risk'
import type { Member, NodeId, Ports } from './ports'

export const modeNames = [
  'alone',
  'pipeline',
  'ensemble',
  'mixture',
  'speculative',
  'cascade',
  'split',
  'early-exit',
  'multi-access',
  'fusion',
  'auto',
] as const
export type ModeName = (typeof modeNames)[number]

export interface Question {
  /** At least one token. */
  readonly prompt: readonly number[]
  /** At most so many new ones. */
  readonly tokens: number
  /** 0 is greedy. */
  readonly temperature: number
  readonly seed: number
  /** 0: all. */
  readonly topK: number
  /** 1: all. */
  readonly topP: number
  /** Texts that end the answer where they first appear. */
  readonly stop: readonly string[]
  /** Over so many tabs a pipeline spreads the layers, if there are so many, and over more where they must. */
  readonly stages: number
  /** So many first layers of a split are the asker's; null: as many as make it fastest. */
  readonly cut: number | null
  /** How rows of hidden states travel. */
  readonly codec: Codec
  /** A device guesses so many tokens at once; null: as many as pay. */
  readonly draft: number | null
  /** A choice of the first layers is believed where its doubt is below this (plan/risk.ts); null: as the risk allows. */
  readonly doubt: number | null
  /** So often, at most, a believed choice may be another than the whole model's. */
  readonly risk: number
  /** 2: an edge judges what the device guesses. 3: and a cloud, what the tabs around it say together, judges that. */
  readonly tiers: 2 | 3
  /** Whether a device may ask a second edge where the first is late. */
  readonly hedges: boolean
  /** An ensemble's members below this weight are not asked; 0: all are, for every token. */
  readonly leastWeight: number
  /** How much each member counts, the asker first and the others by their names; null: what the text says of them decides. */
  readonly weights: readonly number[] | null
  /** By which adapter: the merged one of this hash, or this one; null: the frozen base. */
  readonly adapter: { readonly hash: string; readonly bytes: Uint8Array } | null
  /**
   * What the asker guesses with instead, by itself: an adapter that was trained on so many first layers alone. Nobody else need
   * hold it. Null: the first half of the layers, with the adapter above.
   */
  readonly draftAdapter: DraftAdapter | null
}

export interface DraftAdapter {
  /** Canonical safetensors bytes, at the scale of the model's engine. */
  readonly bytes: Uint8Array
  readonly layers: number
}

/** One token, or what happened on the way to it. */
export type Said =
  | {
      readonly kind: 'token'
      readonly id: number
      /** Who had most to do with it. */
      readonly by: NodeId
      /** By how much it won (model/sampling.ts). */
      readonly gap: number
      /** Where its time went; the rest is the asker's own doing. */
      readonly computeMs: number
      readonly travelMs: number
    }
  /** Everything from this token on was wrong and is said again. */
  | { readonly kind: 'retract'; readonly from: number }
  | { readonly kind: 'note'; readonly note: Note }

/** For the page and the figures: who does what, and what went wrong meanwhile. */
export type Note =
  /** The others were looked for. */
  | { readonly kind: 'gathered'; readonly milliseconds: number }
  | { readonly kind: 'stages'; readonly stages: readonly Stage[]; readonly epoch: number }
  /** Somebody in use was lost. `detectedMs`: since it last answered. */
  | { readonly kind: 'lost'; readonly id: NodeId; readonly why: string; readonly detectedMs: number }
  | { readonly kind: 'recovered'; readonly milliseconds: number; readonly replayedTokens: number }
  /** Its rows were not what its layers give. */
  | { readonly kind: 'liar'; readonly id: NodeId }
  | { readonly kind: 'checked'; readonly id: NodeId; readonly by: NodeId }
  /** Of an ensemble, for the token that follows: who was asked, who answered, how much each counts. */
  | {
      readonly kind: 'weights'
      readonly members: readonly {
        readonly id: NodeId
        readonly weight: number
        readonly answered: boolean
      }[]
    }
  | { readonly kind: 'shipped'; readonly bytes: number; readonly masses: number }
  /** Guesses were judged: so many, so many right. `refused`: the first wrong one, as text. */
  | {
      readonly kind: 'judged'
      readonly by: NodeId
      readonly drafted: number
      readonly accepted: number
      readonly refused: string | null
      /** Whether a second edge was asked, too. */
      readonly isHedged: boolean
    }
  /** From now on another edge judges. */
  | { readonly kind: 'handover'; readonly from: NodeId; readonly to: NodeId }
  /** How sure a choice must be to be believed. */
  | ({ readonly kind: 'threshold' } & Threshold)
  /** Of the token that follows: by how many nats each view made it likelier; null where it did not answer. */
  | { readonly kind: 'views'; readonly gains: readonly Gain[] }
  /** Somebody's view that counted is out of reach. */
  | { readonly kind: 'unseen'; readonly id: NodeId }
  /** Two views deny each other's next token. What is said is `chosen`. */
  | {
      readonly kind: 'contradiction'
      readonly between: readonly [Claim, Claim]
      readonly chosen: string
    }
  /** From now on the text is made this way. `why`: one sentence. */
  | { readonly kind: 'mode'; readonly mode: ModeName; readonly from: ModeName | null; readonly why: string }
  /** So many layers the last token took, of so many. */
  | { readonly kind: 'depth'; readonly layers: number; readonly of: number }

/** How much somebody's view had to do with a token. */
export interface Gain {
  readonly id: NodeId
  readonly nats: number | null
}

/** What somebody's view speaks for, as text. */
export interface Claim {
  readonly id: NodeId
  readonly word: string
}

export interface Stage {
  readonly id: NodeId
  readonly layers: readonly [from: number, to: number]
}

export interface Drawn {
  readonly text: readonly number[]
  readonly promptLength: number
  readonly signal: AbortSignal
  readonly question: Question
}

/** Chooses one token after the other; keeps what it has read from one question to the next. */
export interface Chooser {
  /** The token that follows this text. May say more than that, and says the token last. */
  next(drawn: Drawn): AsyncIterable<Said>
  /** The answer is over; another question may go on from it. */
  rest(): void
  close(): void
}

/** A question that the tabs in reach cannot answer, or not to its end. The message says why, in plain words, and what to do. */
export class Unanswerable extends Error {
  override name = 'Unanswerable'
}

export interface Mode {
  readonly name: ModeName
  /** Whether it says what one tab alone would say, token by token. */
  readonly isLossless: boolean
  /** Whether it asks anybody else, or would if they were there. */
  readonly others: 'needed' | 'welcome' | 'unneeded'
  /** Why it cannot be had in this room, in plain words; null where it can. */
  lacks(members: readonly Member[], ports: Ports): string | null
  open(ports: Ports, line: Line, question: Question): Chooser
}
