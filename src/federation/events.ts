/**
 * What can happen to a federation: a device comes or goes, an update arrives, a timer fires, a person decides. Plain JSON, so
 * that a log of it can be stored and replayed; what a federation answers, and what it remembers, is types.ts.
 */
import type { FederationConfig } from './config'
import type { AdapterId, AdapterName, DeviceKey } from './names'
import type { Assignment, Capability } from './resources/allocation'

/** What the teacher wants: `step` runs one round and pauses again. */
export type Command = 'start' | 'pause' | 'resume' | 'step' | 'stop'

export type TimerName = 'deadline' | 'grace' | 'acknowledgement' | 'buffer' | 'group' | 'window' | 'return'

/** Which timer of which cycle: it fires with this name, and is ignored where the cycle has gone on. */
export interface Timer {
  readonly name: TimerName
  readonly adapter: AdapterId
  readonly round: number
}

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
