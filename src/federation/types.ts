/**
 * The words of a federation: what can happen to it (events), what it asks for (effects) and what it remembers (state).
 * Everything here is plain JSON, so that an event log can be stored, replayed and shown. Adapters' bytes are not part of
 * it: adapters are named by an id and a version, updates by their device and the round of their order, and whoever drives
 * the reducer keeps the bytes.
 */

import type { FederationConfig } from './config'
import type { AdapterId, AdapterName, DeviceKey, Part } from './names'
import type { Progress } from './progress'
import type { Assignment, Capability } from './resources/allocation'

export type { FederationConfig, SchemeName } from './config'
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

/** What the teacher wants: `step` runs one round and pauses again. */
export type Command = 'start' | 'pause' | 'resume' | 'step' | 'stop'

export type Control =
  | { readonly kind: 'lobby' }
  | { readonly kind: 'running' }
  | { readonly kind: 'stepping' }
  | { readonly kind: 'paused'; readonly why: string | null }
  | { readonly kind: 'finished'; readonly why: string }

export type TimerName = 'deadline' | 'grace' | 'acknowledgement' | 'buffer' | 'group' | 'window' | 'return'

/** Which timer of which cycle: it fires with this name, and is ignored where the cycle has gone on. */
export interface Timer {
  readonly name: TimerName
  readonly adapter: AdapterId
  readonly round: number
}

export type FederationEvent = { readonly atMs: number } & (
  | { readonly type: 'device-joined'; readonly device: DeviceKey }
  /** It holds so many examples now. */
  | { readonly type: 'text-held'; readonly device: DeviceKey; readonly examples: number }
  | { readonly type: 'device-left'; readonly device: DeviceKey }
  | { readonly type: 'device-paused'; readonly device: DeviceKey }
  | { readonly type: 'device-resumed'; readonly device: DeviceKey }
  | { readonly type: 'measured'; readonly device: DeviceKey; readonly capability: Partial<Capability> }
  /** What a person gives this device by hand, from its next order on; what is absent follows from its speed again. */
  | {
      readonly type: 'assignment-overridden'
      readonly device: DeviceKey
      readonly override: Partial<Assignment>
    }
  /** It would merge for others, or no longer does. */
  | { readonly type: 'edge-volunteered'; readonly device: DeviceKey; readonly volunteers: boolean }
  /** It merges for others from now on, or no longer. */
  | { readonly type: 'edge-appointed'; readonly device: DeviceKey; readonly isEdge: boolean }
  /** `examples` of an edge's update: those of all devices that it merged. */
  | {
      readonly type: 'update-arrived'
      readonly device: DeviceKey
      readonly round: number
      readonly version: number
      readonly examples: number
    }
  | {
      readonly type: 'update-refused'
      readonly device: DeviceKey
      readonly round: number
      readonly reason: string
    }
  | ({ readonly type: 'merged'; readonly round: number; readonly adapterHash: string } & AdapterName)
  | {
      readonly type: 'merge-failed'
      readonly adapter: AdapterId
      readonly round: number
      readonly reason: string
    }
  | ({ readonly type: 'loaded'; readonly device: DeviceKey } & AdapterName)
  /** The answer to `compare`: `gram[i][j]` is the product of device i's update with landmark j's, `norms[i]` with itself. */
  | {
      readonly type: 'compared'
      readonly round: number
      readonly devices: readonly DeviceKey[]
      readonly landmarks: readonly DeviceKey[]
      readonly gram: readonly (readonly number[])[]
      readonly norms: readonly number[]
    }
  /** The answer to `try`: this device's loss under each adapter. */
  | {
      readonly type: 'tried'
      readonly device: DeviceKey
      readonly round: number
      readonly losses: Readonly<Record<AdapterId, number>>
    }
  | { readonly type: 'timer-fired'; readonly timer: Timer }
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'configured'; readonly config: FederationConfig }
  /** Another scheme, or other settings, while a run is under way: they stand once what was begun is merged. */
  | { readonly type: 'switched'; readonly config: FederationConfig }
  /** The coordinator's tab was reloaded: whatever was under way is started again. */
  | { readonly type: 'coordinator-resumed' }
  /**
   * A part of the log could not be read: the global adapter stands at this version after so many rounds, under these
   * settings, and whatever else was under way is forgotten. The members that are still known keep their places.
   */
  | {
      readonly type: 'recovered'
      readonly config: FederationConfig
      readonly version: number
      readonly completedRounds: number
      readonly why: string
    }
  /** To an edge: the coordinator's order. */
  | ({ readonly type: 'edge-ordered' } & EdgeOrder)
  /** To an edge: its devices have changed in the middle of a round. */
  | { readonly type: 'edge-devices'; readonly round: number; readonly devices: readonly DeviceKey[] }
  /** To an edge: a new version of the coordinator's adapter is here. */
  | ({ readonly type: 'adapter-arrived' } & AdapterName)
  /** Gossip: a neighbour holds this adapter now. */
  | {
      readonly type: 'heard'
      readonly device: DeviceKey
      readonly version: number
      readonly adapterHash: string
      /** How many neighbours it has. */
      readonly degree: number
      /** The share of its push-sum weight that comes with it; 0 where mixing is by Metropolis. */
      readonly share: number
    }
  /** Gossip: the bytes that were pulled are here. */
  | { readonly type: 'pulled'; readonly device: DeviceKey; readonly version: number }
  /** Gossip: a neighbour counts this share among its own from now on. */
  | { readonly type: 'share-taken'; readonly device: DeviceKey; readonly version: number }
  /** Gossip: a neighbour pulls a version that is no longer kept, so it has not got it, nor will. */
  | { readonly type: 'pull-missed'; readonly device: DeviceKey; readonly version: number }
)

/** An event before it is stamped with the time. */
export type Happening = FederationEvent extends infer Event
  ? Event extends { atMs: number }
    ? Omit<Event, 'atMs'>
    : never
  : never

export interface EdgeOrder extends AdapterName {
  readonly round: number
  readonly edgeRounds: number
  readonly steps: number
  readonly proximal: number
  readonly devices: readonly DeviceKey[]
  /** What each device was given for what it can do; null: all the same. */
  readonly assigned: Readonly<Record<DeviceKey, Assignment>> | null
  /** For each edge round. */
  readonly deadlineMs: number
}

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
