/**
 * What a published claim is made of: experiments that anybody can repeat, and a judge that reads nothing but their cached
 * outcomes. A rule is one file in rules/; it says what is claimed, runs as data, and how the figures decide. A rule that
 * is not met stands on the page with its figure.
 */
import type { LabPreset } from '../../src/lab/presets'
import type { GeneralLoss } from '../../src/node/roundRecord'

export type Experiment =
  /** In the Lab, under a virtual clock. */
  | {
      readonly kind: 'lab'
      readonly preset: LabPreset
      /** A directory, or `quadratic`. */
      readonly model: string
      readonly centralised: boolean
      readonly measuresTerms: boolean
    }
  /** Real nodes on a network in memory; `query` is the room's address. */
  | {
      readonly kind: 'room'
      readonly query: string
      readonly devices: number
      /** Whether all text is also learned in one place; it is where this is not said. */
      readonly centralised?: boolean
    }

export interface Point {
  readonly round: number
  readonly seconds: number
  readonly bytes: number
  readonly loss: number | null
}

export interface Result {
  /** Held-out; null where only decisions are simulated. */
  readonly loss: number | null
  readonly base: number | null
  readonly centralised: number | null
  /** Shares of other devices' facts, in trained wordings. */
  readonly recall: { readonly merged: number; readonly centralised: number | null } | null
  /** On the base's own world; null, or missing in old files, where it was not measured. */
  readonly general?: GeneralLoss | null
  readonly ari: number | null
  readonly clusters: number | null
  readonly bytes: { readonly lan: number; readonly wan: number }
  readonly byCargo: Readonly<Record<string, number>>
  readonly virtualSeconds: number
  /** Mean over the merges of |merged - exact| / |exact|, where it was measured. */
  readonly distortion: number | null
  readonly history: readonly Point[]
  /** What it took here, for people who repeat it. */
  readonly wallSeconds: number
}

/** One seed's results by the names of the rule's experiments. */
export type Results = Readonly<Record<string, Result>>

export interface Verdict {
  readonly met: boolean
  /** The figure that decided, in a sentence or two; where it is not met, why. */
  readonly says: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export interface Rule {
  readonly number: number
  readonly title: string
  readonly claim: string
  readonly setting: string
  readonly experiments: Readonly<Record<string, Experiment>>
  judge(seeds: readonly Results[]): Verdict
}
