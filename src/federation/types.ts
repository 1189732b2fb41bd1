/**
 * The words in which other rooms speak of a federation: its state, what it hears and what it asks for. Everything here is
 * plain JSON, so that an event log can be stored, replayed and shown. Adapters' bytes are not part of it: adapters are
 * named by an id and a version, updates by their device and the round of their order, and whoever drives the reducer keeps
 * the bytes.
 */

export type { FederationConfig } from './config'
export type { Control } from './control'
export type { CoordinatorEffect, EdgeEffect, Effect, PeerEffect } from './effects'
export type {
  Command,
  EdgeEvent,
  Timer,
} from './events'
export type { CoordinatorEvent, CoordinatorHappening, FederationState } from './federation'
export type { Member } from './members'
export type { AdapterId, AdapterName, DeviceKey } from './names'
export type { Capability } from './resources/allocation'
export type { PeerEvent, PeerHappening } from './schemes/gossip/peer'
export type { PeerState } from './schemes/gossip/state'
export type { EdgeState } from './schemes/hierarchical/edge'
export type { SchemeName } from './schemes/registry'
