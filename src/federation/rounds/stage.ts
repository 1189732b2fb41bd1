/**
 * Where one adapter's rounds stand: what a cycle remembers, and what can be read off it. What moves it on is cycle.ts.
 */
import type { AdapterId, AdapterName, DeviceKey } from '../names'

export interface Arrived {
  readonly device: DeviceKey
  readonly examples: number
}

/** How far the devices of a secure round have come in agreeing on their masks (together.ts). */
export interface Agreement {
  readonly step: 'keys' | 'shares' | 'agreed'
  /** Integers, of all that were asked. */
  readonly weights: Readonly<Record<DeviceKey, number>>
  readonly merger: DeviceKey | null
  /** Those that may take part: all that were asked, and from the shares on those whose keys have come. */
  readonly parties: readonly DeviceKey[]
  /** Those that have taken this step; once agreed, those that have shared their secrets. */
  readonly answered: readonly DeviceKey[]
}

/** Where a cycle stands. `round` is 1-based. */
export type Stage =
  | { readonly kind: 'between' }
  | {
      readonly kind: 'training'
      readonly round: number
      readonly openedAtMs: number
      /** What they train from. */
      readonly from: AdapterName
      readonly cohort: readonly DeviceKey[]
      /** The round closes when so many have answered: the cohort, or less where it was over-selected. */
      readonly wanted: number
      readonly waitsForAll: boolean
      /** Still expected: the cohort less the arrived, the refused and the departed. */
      readonly awaited: readonly DeviceKey[]
      readonly arrived: readonly Arrived[]
      /** Null: updates are sent as they are. */
      readonly agreement: Agreement | null
    }
  | {
      /** The vectors of a secure round have come; their masks are still on. */
      readonly kind: 'unmasking'
      readonly round: number
      readonly openedAtMs: number
      readonly from: AdapterName
      readonly arrived: readonly Arrived[]
      readonly survivors: readonly DeviceKey[]
      readonly weights: Readonly<Record<DeviceKey, number>>
      readonly awaited: readonly DeviceKey[]
      readonly answered: readonly DeviceKey[]
      /** With fewer answers the sum cannot be read. */
      readonly needed: number
      /** With so many nobody else is waited for. */
      readonly enough: number
    }
  | {
      readonly kind: 'merging'
      readonly round: number
      readonly openedAtMs: number
      readonly from: AdapterName
      /** What is merged, in the order of the devices; empty: nobody but they knows what. */
      readonly claims: readonly Arrived[]
      readonly contributors: readonly DeviceKey[]
    }
  | {
      readonly kind: 'loading'
      readonly round: number
      readonly openedAtMs: number
      /** Of the cycle's adapter. */
      readonly version: number
      readonly contributors: readonly DeviceKey[]
      readonly awaited: readonly DeviceKey[]
    }

/** One adapter's rounds: the synchronous scheme has one, a clustered one has one per cluster, every edge has its own. */
export interface Cycle {
  readonly adapter: AdapterId
  readonly stage: Stage
  readonly completedRounds: number
  /** Milliseconds of each completed round, for the deadline. */
  readonly roundTimesMs: readonly number[]
  readonly voidsInARow: number
}

export const newCycle = (adapter: AdapterId, completedRounds = 0): Cycle => ({
  adapter,
  stage: { kind: 'between' },
  completedRounds,
  roundTimesMs: [],
  voidsInARow: 0,
})

export const roundOf = (stage: Stage): number => (stage.kind === 'between' ? 0 : stage.round)

/** Whether this device's reply to this order would count. */
export const awaits = ({ stage }: Cycle, device: DeviceKey, round: number): boolean =>
  stage.kind === 'training' &&
  stage.round === round &&
  stage.awaited.includes(device) &&
  (stage.agreement === null || stage.agreement.step === 'agreed')

/** Whether this is the merge that a cycle waits for: one that was asked for before a stop is nobody’s any more. */
export const isMergeOf = (
  { adapter, stage }: Cycle,
  merged: { readonly adapter: AdapterId; readonly round: number },
): boolean => stage.kind === 'merging' && stage.round === merged.round && adapter === merged.adapter

/** A round under way, for a page that shows one. */
export interface RoundUnderWay {
  readonly round: number
  readonly stage: 'training' | 'merging' | 'loading'
  /** How many are to answer, and how many have. */
  readonly cohort: number
  readonly arrived: number
  readonly openedAtMs: number
}

/** Of several cycles the round that is furthest behind; null: all are between rounds. */
export function underWay(cycles: readonly Cycle[]): RoundUnderWay | null {
  const open = cycles.flatMap(({ stage, completedRounds }) =>
    stage.kind === 'between' ? [] : [{ stage, completedRounds }],
  )
  const behind = open.toSorted((a, b) => a.completedRounds - b.completedRounds).at(0)
  if (!behind) return null
  const { stage } = behind
  const { round, openedAtMs } = stage
  if (stage.kind === 'training')
    return {
      round,
      stage: 'training',
      cohort: stage.cohort.length,
      arrived: stage.arrived.length,
      openedAtMs,
    }
  if (stage.kind === 'unmasking') {
    const { survivors, answered } = stage
    return { round, stage: 'merging', cohort: survivors.length, arrived: answered.length, openedAtMs }
  }
  const count = stage.contributors.length
  return { round, stage: stage.kind, cohort: count, arrived: count, openedAtMs }
}
