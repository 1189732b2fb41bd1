/**
 * What a node's reducer asks of whoever drives it. Each of the three kinds of node has a union of its own (coordinator,
 * edge, peer), so that who performs effects says in an exhaustive switch what becomes of each, and drops none. Plain JSON,
 * like events: adapters are named, and their bytes stay with the driver.
 */
import type { EdgeOrder, Timer } from './events'
import type { AdapterId, AdapterName, DeviceKey, Part } from './names'
import type { Assignment } from './resources/allocation'
import type { Unlearned, Wish } from './unlearning/wish'

/** Train from this version. `round` names the order: the update comes back with it. */
export interface OrderEffect extends AdapterName {
  readonly type: 'order'
  readonly to: readonly DeviceKey[]
  readonly round: number
  readonly steps: number
  /** mu of FedProx. */
  readonly proximal: number
  /** Each step goes so many times as far as usual; absent: once. */
  readonly stride?: number
  /** What this device was given for what it can do; absent: what the room says. */
  readonly assigned?: Assignment
}

/**
 * Merge these updates, weighted, in this order, onto `from`; the result is `adapter` at `version`. `relativeTo: start`
 * adds what each device changed; `relativeTo: newest` first takes each device's result relative to `from` (FedAsync's
 * mixing).
 */
export interface MergeEffect extends AdapterName {
  readonly type: 'merge'
  readonly round: number
  readonly from: AdapterName
  readonly relativeTo: 'start' | 'newest'
  readonly updates: readonly {
    readonly device: DeviceKey
    readonly round: number
    readonly weight: number
  }[]
  /** How far each of these may change the model (unlearning/replay.ts), instead of what a merge allows. */
  readonly longest?: Readonly<Record<DeviceKey, number>>
  /** They were merged before, beside others: `adapter` goes on from `from` once more (unlearning/subtraction.ts). */
  readonly isAgain?: boolean
  /** They came under masks: what is merged is their sum, and nobody knows more. */
  readonly together?: boolean
}

/** What a secure round asks for beside an ordinary one, in this order (rounds/together.ts). */
export type SecureEffect = { readonly adapter: AdapterId; readonly round: number } & (
  | { readonly type: 'ask-keys'; readonly to: readonly DeviceKey[] }
  /** Tell them who takes part, with all keys and weights; they answer with shares of their secrets. */
  | {
      readonly type: 'close-roster'
      readonly devices: readonly { readonly device: DeviceKey; readonly weight: number }[]
      readonly merger: DeviceKey | null
    }
  /** Pass on what each has sealed for the others: they send now. */
  | { readonly type: 'pass-shares'; readonly to: readonly DeviceKey[] }
  | { readonly type: 'unmask'; readonly survivors: readonly DeviceKey[] }
)

/** Everybody holds the new version: measure it. */
export interface RoundCompletedEffect extends AdapterName {
  readonly type: 'round-completed'
  readonly round: number
  readonly contributors: readonly DeviceKey[]
}

/** Of one adapter's cycle; null: all. */
export interface StopTimersEffect {
  readonly type: 'stop-timers'
  readonly adapter: AdapterId | null
}

/** Every kind of node trains, merges and waits. */
type WorkEffect =
  | OrderEffect
  | MergeEffect
  | RoundCompletedEffect
  | { readonly type: 'start-timer'; readonly timer: Timer; readonly afterMs: number }
  | StopTimersEffect

/** Send this adapter. */
export interface AnnounceEffect extends AdapterName {
  readonly type: 'announce'
  readonly to: readonly DeviceKey[]
}

/** A node that turns rounds for others, a coordinator or an edge, sends versions to them and may give a round up. */
export type RoundEffect =
  | WorkEffect
  | SecureEffect
  | AnnounceEffect
  | {
      readonly type: 'round-void'
      readonly adapter: AdapterId
      readonly round: number
      readonly why: string
    }

/** Set an adapter to a weighted mean of others: a split, a mean of clusters, a gossip step. Done at once, no answer. */
export interface CombineEffect extends AdapterName {
  readonly type: 'combine'
  readonly of: readonly Part[]
}

export interface FinishedEffect {
  readonly type: 'finished'
  readonly why: string
}

export type CoordinatorEffect =
  | RoundEffect
  | CombineEffect
  | FinishedEffect
  /** To an edge: run so many rounds with these devices, then send what came out. */
  | { readonly type: 'order-edge'; readonly to: DeviceKey; readonly order: EdgeOrder }
  | {
      readonly type: 'edge-devices'
      readonly to: DeviceKey
      readonly round: number
      readonly devices: readonly DeviceKey[]
    }
  /** This device speaks with this edge from now on; null: with the coordinator. */
  | { readonly type: 'attach'; readonly device: DeviceKey; readonly to: DeviceKey | null }
  /** Say how alike the last updates of these devices are; answered by `compared`. */
  | {
      readonly type: 'compare'
      readonly round: number
      readonly devices: readonly DeviceKey[]
      readonly landmarks: readonly DeviceKey[]
    }
  /** Let devices say which adapter fits their text best; answered by `tried`. */
  | {
      readonly type: 'try'
      readonly to: readonly DeviceKey[]
      readonly round: number
      readonly adapters: readonly AdapterName[]
    }
  /** This update will not be merged; its device gets the newest adapter with its next order. */
  | {
      readonly type: 'update-dropped'
      readonly device: DeviceKey
      readonly round: number
      readonly why: string
    }
  /** This device takes part in no round for now. */
  | { readonly type: 'passed-over'; readonly device: DeviceKey; readonly why: string }
  /** As far as this room can, it has forgotten what was wished; `before` and `version` are the global adapter's. */
  | {
      readonly type: 'forgotten'
      readonly wish: Wish
      readonly unlearned: Unlearned
      readonly before: number
      readonly version: number
    }

export type EdgeEffect =
  | RoundEffect
  /** Send the edge's adapter to the coordinator as one update. */
  | ({
      readonly type: 'forward'
      readonly round: number
      readonly startedFrom: number
      readonly examples: number
      readonly contributors: readonly DeviceKey[]
    } & AdapterName)

export type PeerEffect =
  | WorkEffect
  | CombineEffect
  | FinishedEffect
  /** Say that this adapter is here to be pulled. */
  | ({
      readonly type: 'tell'
      readonly to: readonly DeviceKey[]
      readonly adapterHash: string
      readonly degree: number
      readonly share: number
    } & AdapterName)
  | {
      readonly type: 'pull'
      readonly from: DeviceKey
      readonly version: number
      readonly adapterHash: string
    }
  | { readonly type: 'take-share'; readonly from: DeviceKey; readonly version: number }

export type Effect = CoordinatorEffect | EdgeEffect | PeerEffect
