/**
 * The words of a federation: what it asks for (effects) and what it remembers (state); what can happen to it is events.ts.
 * Everything here is plain JSON, so that an event log can be stored, replayed and shown. Adapters' bytes are not part of
 * it: adapters are named by an id and a version, updates by their device and the round of their order, and whoever drives
 * the reducer keeps the bytes.
 */

import type { FederationConfig } from './config'
import type { EdgeOrder, FederationEvent, Timer } from './events'
import type { AdapterId, AdapterName, DeviceKey, Part } from './names'
import type { Progress } from './progress'
import type { Assignment, Capability } from './resources/allocation'

export type { FederationConfig, SchemeName } from './config'
export type { Command, EdgeOrder, FederationEvent, Happening, Timer, TimerName } from './events'
export type { AdapterId, AdapterName, DeviceKey, Part } from './names'
export type { Arrived, Cycle, Progress, Stage } from './progress'
export type { Capability } from './resources/allocation'

export interface Member {
  readonly key: DeviceKey
  /** Its place: the order in which updates are summed. Given anew only where its last holder has been forgotten. */
  readonly index: number
  readonly present: boolean
  /** When it was last seen; null: it is here. */
  readonly leftAtMs: number | null
  /** An update of it was taken: its text is part of what all have learned. */
  readonly contributed: boolean
  /** Hidden phone, sleeping laptop: a straggler, not dead. */
  readonly paused: boolean
  /** Its weight in the average; 0: holds no text yet. */
  readonly examples: number
  /** Would merge for others: a wish, no more. */
  readonly volunteers: boolean
  /** Merges for others: the teacher, or an invitation that the coordinator made, appointed it. */
  readonly isEdge: boolean
  readonly capability: Capability
  /** The adapter that was last sent to it in this stay. */
  readonly holds: AdapterName | null
}

export type Control =
  | { readonly kind: 'lobby' }
  | { readonly kind: 'running' }
  | { readonly kind: 'stepping' }
  | { readonly kind: 'paused'; readonly why: string | null }
  | { readonly kind: 'finished'; readonly why: string }

export type Effect =
  /** Train from this version. `round` names the order: the update comes back with it. */
  | ({
      readonly type: 'order'
      readonly to: readonly DeviceKey[]
      readonly round: number
      readonly steps: number
      /** mu of FedProx. */
      readonly proximal: number
      /** What this device was given for what it can do; absent: what the room says. */
      readonly assigned?: Assignment
    } & AdapterName)
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
  /**
   * Merge these updates, weighted, in this order, onto `from`; the result is `adapter` at `version`. `onto: start` adds
   * what each device changed; `onto: newest` first takes each device's result relative to `from` (FedAsync's mixing).
   */
  | ({
      readonly type: 'merge'
      readonly round: number
      readonly from: AdapterName
      readonly relativeTo: 'start' | 'newest'
      readonly updates: readonly {
        readonly device: DeviceKey
        readonly round: number
        readonly weight: number
      }[]
    } & AdapterName)
  /** Set an adapter to a weighted mean of others: a split, a mean of clusters, a gossip step. Done at once, no answer. */
  | ({ readonly type: 'combine'; readonly of: readonly Part[] } & AdapterName)
  /** Send this adapter. */
  | ({ readonly type: 'announce'; readonly to: readonly DeviceKey[] } & AdapterName)
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
  /** From an edge: send its adapter to the coordinator as one update. */
  | ({
      readonly type: 'forward'
      readonly round: number
      readonly startedFrom: number
      readonly examples: number
      readonly contributors: readonly DeviceKey[]
    } & AdapterName)
  /** Gossip: say that this adapter is here to be pulled. */
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
  | { readonly type: 'start-timer'; readonly timer: Timer; readonly afterMs: number }
  /** Of one adapter's cycle; null: all. */
  | { readonly type: 'stop-timers'; readonly adapter: AdapterId | null }
  /** Everybody holds the new version: measure it. */
  | ({
      readonly type: 'round-completed'
      readonly round: number
      readonly contributors: readonly DeviceKey[]
    } & AdapterName)
  | {
      readonly type: 'round-void'
      readonly adapter: AdapterId
      readonly round: number
      readonly why: string
    }
  /** This update will not be merged; its device gets the newest adapter with its next order. */
  | {
      readonly type: 'update-dropped'
      readonly device: DeviceKey
      readonly round: number
      readonly why: string
    }
  | { readonly type: 'finished'; readonly why: string }

/** Who is waited for after a break (returning.ts). */
export interface Returning {
  readonly devices: readonly DeviceKey[]
  /** Null until somebody is able to train again. */
  readonly untilMs: number | null
}

export interface FederationState {
  readonly config: FederationConfig
  /** Set on a node that federates without a coordinator; null on a coordinator. */
  readonly self: DeviceKey | null
  readonly members: readonly Member[]
  readonly control: Control
  readonly progress: Progress
  /** The newest version of every adapter there is. */
  readonly adapters: Readonly<Record<AdapterId, number>>
  readonly completedRounds: number
  /** Those who were there before a break: nothing begins without them for a while. */
  readonly returning: Returning | null
  /** Settings that stand as soon as what was begun is merged. */
  readonly switchTo: FederationConfig | null
}

export type Step = readonly [state: FederationState, effects: readonly Effect[]]

/**
 * Who trains and merges, and when: one file in `schemes/`. All of it is pure; membership and control are already stepped
 * when a scheme sees an event.
 */
export interface Scheme {
  readonly name: string
  /** The scheme at its start. `state.adapters` holds at least `global`. */
  begin(state: Omit<FederationState, 'progress'>): Progress
  /** What this event means to the scheme. */
  step(state: FederationState, event: FederationEvent): Step
  /** Begins whatever can be begun now: called after every event, so `step` need not. */
  proceed(state: FederationState, atMs: number): Step
  /** Nothing is being trained, merged or loaded that would be lost. */
  isIdle(progress: Progress): boolean
  /** What another scheme goes on from: one adapter that holds all that was learned, as a mean of these. */
  learned(state: FederationState): readonly Part[]
}
