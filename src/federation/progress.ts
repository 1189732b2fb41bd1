/**
 * What each scheme remembers of a run under way. Plain JSON, like all state; which scheme's it is says `kind`.
 */
import type { AdapterId, AdapterName, DeviceKey } from './names'

export interface Arrived {
  readonly device: DeviceKey
  readonly examples: number
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
    }
  | {
      readonly kind: 'merging'
      readonly round: number
      readonly openedAtMs: number
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

export interface SynchronousProgress {
  readonly kind: 'synchronous'
  readonly cycle: Cycle
}

export interface ClusteredProgress {
  readonly kind: 'clustered'
  /** Which cluster each device belongs to; kept while it is away. */
  readonly assignment: Readonly<Record<DeviceKey, AdapterId>>
  readonly cycles: Readonly<Record<AdapterId, Cycle>>
  /** Rounds that were behind the federation when this scheme began. */
  readonly began: number
  /** Clusters run on their own up to this round; there they meet, to share and to be divided anew. */
  readonly meetAfter: number
  /** What happens at a meeting; null between meetings. */
  readonly meeting: Meeting | null
  /** Mean silhouette of the last division; null: never divided. */
  readonly silhouette: number | null
  /** Numbers given to clusters so far. */
  readonly named: number
}

export type Meeting =
  /** All train from one adapter, so that their updates can be compared. Nothing of it is merged. */
  | { readonly kind: 'survey'; readonly cycle: Cycle }
  | {
      readonly kind: 'trial'
      readonly round: number
      readonly awaited: readonly DeviceKey[]
      readonly losses: Readonly<Record<DeviceKey, Readonly<Record<AdapterId, number>>>>
    }
  | { readonly kind: 'comparing'; readonly round: number }

export interface HierarchicalProgress {
  readonly kind: 'hierarchical'
  readonly cycle: Cycle
  /** Each device's edge; null: it speaks with the coordinator itself. */
  readonly attachments: Readonly<Record<DeviceKey, DeviceKey | null>>
}

/** An order that has not been answered yet. */
export interface Job {
  readonly device: DeviceKey
  readonly round: number
  readonly version: number
  readonly steps: number
  readonly orderedAtMs: number
  /** FedCompass: whom it is to arrive with; null: nobody. */
  readonly group: number | null
}

export interface Buffered {
  readonly device: DeviceKey
  readonly round: number
  readonly version: number
  readonly examples: number
  readonly group: number | null
}

/** FedCompass: devices that were given steps such that they arrive together. */
export interface Group {
  readonly id: number
  readonly expectedAtMs: number
  readonly limitAtMs: number
}

export interface AsynchronousProgress {
  readonly kind: 'asynchronous'
  readonly jobs: readonly Job[]
  readonly buffer: readonly Buffered[]
  readonly merging: { readonly round: number; readonly updates: readonly Buffered[] } | null
  readonly groups: readonly Group[]
  /** Orders given so far. */
  readonly ordered: number
  /** The last order of each device: who has waited longest comes next. */
  readonly lastOrder: Readonly<Record<DeviceKey, number>>
  readonly merges: number
  /** Seconds per step of each device, a moving average. */
  readonly secondsPerStep: Readonly<Record<DeviceKey, number>>
  /** The last merge's. */
  readonly staleness: { readonly mean: number; readonly largest: number } | null
}

/** A neighbour's adapter as announced. */
export interface Heard {
  readonly device: DeviceKey
  readonly version: number
  readonly adapterHash: string
  readonly degree: number
  readonly share: number
  readonly atMs: number
  readonly isHere: boolean
}

export interface GossipProgress {
  readonly kind: 'gossip'
  readonly phase: 'idle' | 'training' | 'merging' | 'listening'
  readonly round: number
  /** The newest of each neighbour; with push-sum, all that have not been mixed in yet. */
  readonly heard: readonly Heard[]
  /** omega of push-sum; 1 at the start. */
  readonly weight: number
  /** Shares on their way: told of again when the neighbour comes back, until it says that it has taken them. */
  readonly given: readonly Given[]
  /** The newest version of each neighbour whose share was taken: no share is taken twice. */
  readonly taken: Readonly<Record<DeviceKey, number>>
}

/** A share of push-sum's weight that went with an adapter. */
export interface Given {
  readonly device: DeviceKey
  readonly version: number
  readonly share: number
  readonly adapterHash: string
}

export type Progress =
  | SynchronousProgress
  | ClusteredProgress
  | HierarchicalProgress
  | AsynchronousProgress
  | GossipProgress
