/** What a simulated federation, with or without a coordinator, takes place in. */
import type { Effect, FederationEvent, FederationState, PeerState } from '../federation/types'
import type { VirtualClock } from '../network/time/virtual-clock'
import type { Depot, MergeTerms } from './depot'
import type { Traffic } from './simulation/traffic'
import type { World } from './simulation/world'
import type { Trainer } from './training/trainer'

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
  onRound(state: FederationState | PeerState): void
  onMerge(round: number, terms: MergeTerms): void
}
