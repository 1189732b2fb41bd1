/**
 * The words of a federation: what can happen to it (events), what it asks for (effects) and what it remembers (state).
 * Everything here is plain JSON, so that an event log can be stored, replayed and shown. Adapters' bytes are not part of
 * it: events speak of updates by device and round, whoever drives the reducer keeps the bytes.
 */

/** A device, stable over reloads of its tab. */
export type DeviceKey = string

export interface Member {
  readonly key: DeviceKey
  /** Given in order of arrival, never reused: the order in which updates are summed. */
  readonly index: number
  readonly present: boolean
  /** Hidden phone, sleeping laptop: a straggler, not dead. */
  readonly paused: boolean
  /** Its weight in the average; 0: holds no text yet. */
  readonly examples: number
}

export interface FederationConfig {
  readonly scheme: 'synchronous'
  readonly rounds: number
  readonly localSteps: number
  /** Rounds begin by themselves once so many devices hold text; null: a person starts. */
  readonly autostart: number | null
}

/** What the teacher wants: `step` runs one round and pauses again. */
export type Command = 'start' | 'pause' | 'resume' | 'step' | 'stop'

export type Control =
  | { readonly kind: 'lobby' }
  | { readonly kind: 'running' }
  | { readonly kind: 'stepping' }
  | { readonly kind: 'paused'; readonly why: string | null }
  | { readonly kind: 'finished'; readonly why: string }

export type TimerName = 'deadline' | 'grace' | 'acknowledgement'

export type FederationEvent = { readonly atMs: number } & (
  | { readonly type: 'device-joined'; readonly device: DeviceKey }
  /** It holds so many examples now. */
  | { readonly type: 'text-held'; readonly device: DeviceKey; readonly examples: number }
  | { readonly type: 'device-left'; readonly device: DeviceKey }
  | { readonly type: 'device-paused'; readonly device: DeviceKey }
  | { readonly type: 'device-resumed'; readonly device: DeviceKey }
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
  | {
      readonly type: 'merged'
      readonly round: number
      readonly version: number
      readonly adapterHash: string
    }
  | { readonly type: 'merge-failed'; readonly round: number; readonly reason: string }
  | { readonly type: 'loaded'; readonly device: DeviceKey; readonly version: number }
  | { readonly type: 'timer-fired'; readonly timer: TimerName; readonly round: number }
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'configured'; readonly config: FederationConfig }
  /** The coordinator's tab was reloaded: whatever was under way is started again. */
  | { readonly type: 'coordinator-resumed' }
)

export type Effect =
  | {
      readonly type: 'order'
      readonly to: readonly DeviceKey[]
      readonly round: number
      readonly version: number
    }
  /** Merge these updates of this round, weighted, in this order, into the next version. */
  | {
      readonly type: 'merge'
      readonly round: number
      readonly fromVersion: number
      readonly updates: readonly { readonly device: DeviceKey; readonly weight: number }[]
    }
  /** Send the newest adapter. */
  | { readonly type: 'announce'; readonly to: readonly DeviceKey[]; readonly version: number }
  | {
      readonly type: 'start-timer'
      readonly timer: TimerName
      readonly round: number
      readonly afterMs: number
    }
  | { readonly type: 'stop-timers' }
  /** Everybody holds the new version: measure it. */
  | {
      readonly type: 'round-completed'
      readonly round: number
      readonly version: number
      readonly contributors: readonly DeviceKey[]
    }
  | { readonly type: 'round-void'; readonly round: number; readonly why: string }
  | { readonly type: 'finished'; readonly why: string }

export interface Arrived {
  readonly device: DeviceKey
  readonly examples: number
}

/** Where the cycle stands. `round` is 1-based. */
export type Stage =
  | { readonly kind: 'between' }
  | {
      readonly kind: 'training'
      readonly round: number
      readonly openedAtMs: number
      readonly cohort: readonly DeviceKey[]
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
      readonly contributors: readonly DeviceKey[]
      readonly awaited: readonly DeviceKey[]
    }

export interface FederationState {
  readonly config: FederationConfig
  readonly members: readonly Member[]
  readonly control: Control
  readonly stage: Stage
  /** Counter of the merged adapter; 0 is the initial one. */
  readonly version: number
  readonly completedRounds: number
  /** Milliseconds of each completed round, for the deadline. */
  readonly roundTimesMs: readonly number[]
  readonly voidsInARow: number
}

export type Step = readonly [state: FederationState, effects: readonly Effect[]]

/** Who trains and merges, and when: one file in `schemes/`. `step` is pure; membership and control are already stepped. */
export interface Scheme {
  readonly name: string
  step(state: FederationState, event: FederationEvent): Step
}
