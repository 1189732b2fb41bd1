/**
 * What can happen to a node of a federation: a device comes or goes, an update arrives, a timer fires, a person decides.
 * There are three kinds of node, and each hears what is meant for it: the coordinator, an edge that merges for the devices
 * behind it, and a peer that gossips. Plain JSON, so that a log of it can be stored and replayed; what a node answers is
 * effects.ts. What only the federation as a whole hears, new settings and a damaged log, is federation.ts.
 */
import type { AdapterId, AdapterName, DeviceKey } from './names'
import type { Assignment, Capability } from './resources/allocation'
import type { Contribution } from './unlearning/ledger'
import type { Wish } from './unlearning/wish'

/** What the teacher wants: `step` runs one round and pauses again. */
export type Command = 'start' | 'pause' | 'resume' | 'step' | 'stop'

/** Steps of a secure round that devices are asked for, beside sending (rounds/together.ts). */
export const secureSteps = ['keys', 'shares', 'unmasking'] as const
export type SecureStep = (typeof secureSteps)[number]

export const timerNames = [
  'deadline',
  'grace',
  'acknowledgement',
  'buffer',
  'group',
  'window',
  'return',
  ...secureSteps,
] as const
export type TimerName = (typeof timerNames)[number]

/** Which timer of which cycle: it fires with this name, and is ignored where the cycle has gone on. */
export interface Timer {
  readonly name: TimerName
  readonly adapter: AdapterId
  readonly round: number
}

/** What the coordinator wants of an edge: so many rounds with these devices, from this adapter. */
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
  /** Its devices send under masks, with these weights; null: as they are. */
  readonly secure: Readonly<Record<DeviceKey, number>> | null
}

export interface Stamped {
  readonly atMs: number
}

/** Who is here. Every kind of node hears it. */
export type MembershipEvent = Stamped &
  (
    | { readonly type: 'device-joined'; readonly device: DeviceKey }
    | {
        /** It holds so many examples now. */
        readonly type: 'text-held'
        readonly device: DeviceKey
        readonly examples: number
        /** Nothing more may be learned from them: the privacy budget is spent. */
        readonly isSpent?: boolean
      }
    | { readonly type: 'device-left'; readonly device: DeviceKey }
    | { readonly type: 'device-paused'; readonly device: DeviceKey }
    | { readonly type: 'device-resumed'; readonly device: DeviceKey }
  )

/** What becomes of a round under way. Every kind of node hears it. */
export type RoundEvent = Stamped &
  (
    | {
        readonly type: 'update-arrived'
        readonly device: DeviceKey
        readonly round: number
        readonly version: number
        /** Of an edge's update: those of all devices that it merged. */
        readonly examples: number
        /** Whether it stayed within a clip that follows lengths, 1 or 0, under noise. */
        readonly within?: number
      }
    | {
        readonly type: 'update-refused'
        readonly device: DeviceKey
        readonly round: number
        readonly reason: string
      }
    /** In a secure round: its keys are here, its shares for others, or what takes masks off. */
    | {
        readonly type: 'step-taken'
        readonly step: SecureStep
        readonly device: DeviceKey
        readonly round: number
      }
    | ({
        readonly type: 'merged'
        readonly round: number
        readonly adapterHash: string
        /** What the ledger keeps of it, where one is kept. */
        readonly contributions?: readonly Contribution[]
      } & AdapterName)
    | {
        readonly type: 'merge-failed'
        readonly adapter: AdapterId
        readonly round: number
        readonly reason: string
      }
    | { readonly type: 'timer-fired'; readonly timer: Timer }
  )

/** What a person says. */
export type CommandEvent = Stamped & { readonly type: 'command'; readonly command: Command }

/** A device holds this version now. */
export type LoadedEvent = Stamped & { readonly type: 'loaded'; readonly device: DeviceKey } & AdapterName

/** What a coordinator hears of its devices beside their coming and going. */
export type DeviceEvent = Stamped &
  (
    | { readonly type: 'measured'; readonly device: DeviceKey; readonly capability: Partial<Capability> }
    /** What a person gives this device by hand, from its next order on; what is absent follows from its speed again. */
    | {
        readonly type: 'assignment-overridden'
        readonly device: DeviceKey
        readonly override: Partial<Assignment>
      }
    /** It, or the coordinator's person for it, wants this forgotten: what is to come, and what was learned. */
    | ({ readonly type: 'forget-asked' } & Wish)
    /** It would merge for others, or no longer does. */
    | { readonly type: 'edge-volunteered'; readonly device: DeviceKey; readonly volunteers: boolean }
    /** It merges for others from now on, or no longer. */
    | { readonly type: 'edge-appointed'; readonly device: DeviceKey; readonly isEdge: boolean }
  )

/** Answers to what a clustered federation asks. */
export type ClusteringEvent = Stamped &
  (
    | {
        /** To `compare`: `gram[i][j]` is the product of device i's update with landmark j's, `norms[i]` with itself. */
        readonly type: 'compared'
        readonly round: number
        readonly devices: readonly DeviceKey[]
        readonly landmarks: readonly DeviceKey[]
        readonly gram: readonly (readonly number[])[]
        readonly norms: readonly number[]
      }
    | {
        /** To `try`: this device's loss under each adapter. */
        readonly type: 'tried'
        readonly device: DeviceKey
        readonly round: number
        readonly losses: Readonly<Record<AdapterId, number>>
      }
  )

/** The coordinator's tab was reloaded: whatever was under way is started again. */
export type CoordinatorResumedEvent = Stamped & { readonly type: 'coordinator-resumed' }

/** What a scheme hears on the coordinator. */
export type SchemeEvent =
  | MembershipEvent
  | RoundEvent
  | CommandEvent
  | LoadedEvent
  | DeviceEvent
  | ClusteringEvent
  | CoordinatorResumedEvent

/** What an edge hears: from its devices, and from the coordinator. */
export type EdgeEvent =
  | MembershipEvent
  | RoundEvent
  | LoadedEvent
  | (Stamped &
      (
        | ({ readonly type: 'edge-ordered' } & EdgeOrder)
        /** Its devices have changed in the middle of a round. */
        | { readonly type: 'edge-devices'; readonly round: number; readonly devices: readonly DeviceKey[] }
        /** A new version of the coordinator's adapter is here. */
        | ({ readonly type: 'adapter-arrived' } & AdapterName)
      ))

/** What a peer hears from its neighbours. */
export type NeighbourEvent = Stamped &
  /** A neighbour holds this adapter now. */
  (
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
    /** The bytes that were pulled are here. */
    | { readonly type: 'pulled'; readonly device: DeviceKey; readonly version: number }
    /** A neighbour counts this share among its own from now on. */
    | { readonly type: 'share-taken'; readonly device: DeviceKey; readonly version: number }
    /** A neighbour pulls a version that is no longer kept, so it has not got it, nor will. */
    | { readonly type: 'pull-missed'; readonly device: DeviceKey; readonly version: number }
  )

/** This peer's tab was reloaded: whatever it had under way is started again. */
export type PeerResumedEvent = Stamped & { readonly type: 'peer-resumed' }

/** Events of this kind before they are stamped with the time. */
export type Unstamped<Event extends Stamped> = Event extends Stamped ? Omit<Event, 'atMs'> : never

export type RoundHappening = Unstamped<RoundEvent>
