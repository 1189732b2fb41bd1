/** What a simulated federation, with or without a coordinator, takes place in. */
import type { Gap } from '../federation/aggregation/types'
import type { Effect, FederationEvent, FederationState } from '../federation/types'
import type { Depot } from './depot'
import type { VirtualClock } from './simulation/clock'
import type { Traffic } from './simulation/traffic'
import type { World } from './simulation/world'
import type { Trainer } from './training/trainer'

/** An event before it is stamped with the time. */
export type Happening = FederationEvent extends infer Event
  ? Event extends { atMs: number }
    ? Omit<Event, 'atMs'>
    : never
  : never

/** What a reducer heard and what it decided. */
export interface LogEntry {
  readonly node: string
  readonly event: FederationEvent
  readonly effects: readonly Effect[]
}

export interface Scene {
  readonly world: World
  readonly clock: VirtualClock
  readonly traffic: Traffic
  readonly depot: Depot
  readonly trainer: Trainer
  /** Whether every event and decision is kept. */
  readonly records: boolean
  /** A further round is behind the federation. */
  onRound(state: FederationState): void
  onDistortion(distortion: Gap): void
}
