/**
 * What a tab's engine can be asked while a text is being made: to hold a decoder on a stretch of the model's layers, to pass
 * tokens or rows through it, and to choose. The contract; `sessions.ts` keeps it. Logits stay where they are computed: what
 * comes back is a token, a few probabilities, or the rows for the next layers.
 */

import type { Masses } from '../model/masses'
import type { Readable } from '../model/pool'
import type { Choice, Draw } from '../model/sampling'
import type { Stretch } from '../model/stretch'

/** What must be the same in tabs that compute one text together. */
export interface ModelFacts {
  /** SHA-256 of the weights' file. */
  readonly modelHash: string
  /** Of what the tokenizer makes of some awkward texts. */
  readonly tokenizerHash: string
  readonly precision: string
  readonly layers: number
  readonly width: number
  readonly vocabulary: number
  /** Each of these ends a text. */
  readonly eosIds: readonly number[]
  /** Positions that a decoder holds. */
  readonly capacity: number
}

/** How a machine computes. */
export interface Arithmetic {
  /** Of the bits of a fixed computation of this model's shape: where it is the same, so is every result, to the bit. */
  readonly fingerprint: string
  /** For one token. */
  readonly millisecondsPerLayer: number
}

export interface SessionRequest {
  /** Canonical safetensors bytes; null: the frozen base. */
  readonly adapter: Uint8Array | null
  readonly stretch: Stretch
  /**
   * Its passes run in one with those of other such sessions of the same adapter and stretch that wait for the machine at the same
   * time: for texts of several people. Each gets the bits that it would get alone.
   */
  readonly shared?: boolean
}

/** What to make of the rows that come out. Rows for the next layers come out as they are. */
export type Wanted =
  | { readonly kind: 'hidden' }
  /** The draw's position is that of the token after the first row; further rows count on from there. */
  | {
      readonly kind: 'choices'
      readonly draw: Draw
      /** So many tokens more, at most, will be asked for, one by one, each after what was chosen before: they may be begun. */
      readonly ahead?: number
    }
  | { readonly kind: 'masses'; readonly top: number }
  /** Nothing: the rows skip the stretch, whose layers keep the keys and values that they would have had. */
  | { readonly kind: 'filled' }

export interface PassRequest {
  readonly session: number
  /** Where the first of the tokens stands in the session's text; what was read beyond is forgotten. */
  readonly at: number
  readonly input: Readable
  readonly rows: 'each' | 'last'
  readonly wanted: Wanted
}

export type Passed = (
  | { readonly kind: 'hidden'; readonly hidden: Float32Array }
  | { readonly kind: 'choices'; readonly choices: readonly Choice[] }
  | { readonly kind: 'masses'; readonly masses: readonly Masses[] }
  | { readonly kind: 'filled' }
) & {
  /** Of computing alone; where others' rows were computed with it, of all of them. */
  readonly milliseconds: number
}

export interface Sessions {
  facts(): Promise<ModelFacts>
  /** Measured at the first question, and remembered. */
  arithmetic(): Promise<Arithmetic>
  encode(text: string): Promise<readonly number[]>
  decode(ids: readonly number[]): Promise<string>
  /** The number of a new session. Loads the stretch where it is not held yet. */
  openSession(request: SessionRequest): Promise<number>
  /** Rejects with a `SessionOver` where the session is closed, or its machine was lost. */
  pass(request: PassRequest): Promise<Passed>
  /** The token that is drawn from these probabilities of all tokens: of tens of thousands, no work for a page's thread. */
  chooseFrom(law: Float64Array, draw: Draw): Promise<Choice>
  /** Ends a pass that is under way, too. What is not open is closed already. */
  closeSession(session: number): Promise<void>
}

/** The session was closed, or its machine taken away. A new one may be opened, which has read nothing yet. */
export class SessionOver extends Error {
  override name = 'SessionOver'
}

/** Across threads an error keeps its name and nothing else of its class. */
export const isSessionOver = (problem: unknown): boolean =>
  problem instanceof Error && problem.name === 'SessionOver'

/** What was asked for, out of a pass that can be nothing else. */
export function choicesOf(passed: Passed): readonly Choice[] {
  if (passed.kind !== 'choices') throw new TypeError(`Choices were asked for, and ${passed.kind} came.`)
  return passed.choices
}

export function hiddenOf(passed: Passed): Float32Array {
  if (passed.kind !== 'hidden') throw new TypeError(`Rows were asked for, and ${passed.kind} came.`)
  return passed.hidden
}

export function massesIn(passed: Passed): readonly Masses[] {
  if (passed.kind !== 'masses') throw new TypeError(`Masses were asked for, and ${passed.kind} came.`)
  return passed.masses
}
