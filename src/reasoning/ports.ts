/**
 * What a mode needs of the world, handed in: an engine, links to the other tabs, a clock. Real tabs, a room in one process under
 * a virtual clock and tests differ in nothing else.
 */
import type { Unsubscribe } from '../lib/emitter'
import type { Clock } from '../network/time/clock'
import type { Arithmetic, ModelFacts, Sessions } from '../training/session'
import type { Strain } from './plan/choose'
import type { Queue } from './queue'
import type { Hello, Letter } from './wire/letters'

/** Of a tab's life, as the network names it. */
export type NodeId = string

/** Somebody who is there, and what it last said of itself. */
export interface Member {
  readonly id: NodeId
  readonly name: string
  readonly hello: Hello
  readonly roundTripMs: number | null
}

export interface LinkEvents {
  letter?(from: NodeId, letter: Letter, attached: Uint8Array | null): void
  packet?(from: NodeId, bytes: Uint8Array): void
  /** It said goodbye, vanished from the room's list, or has been silent: do not count on it. */
  lost?(id: NodeId): void
  /** Somebody came, went, or says something else of itself. */
  changed?(): void
}

export interface Links {
  readonly self: NodeId
  /** Those whose hello was heard and on whom one may count, without this tab. */
  members(): readonly Member[]
  /** Asks for links to the others of the room, and waits a moment for their hellos. Rejects with the signal's reason. */
  gather(signal: AbortSignal): Promise<void>
  /** What is said to somebody who is gone is lost without a word; whoever waits for an answer has a deadline. */
  write(to: NodeId, letter: Letter, attached?: Uint8Array): void
  /** A packet of any length. */
  send(to: NodeId, packet: Uint8Array): void
  on(events: LinkEvents): Unsubscribe
}

/** What this tab is itself. */
export interface Self {
  readonly facts: ModelFacts
  readonly arithmetic: Arithmetic
  /** It may hold so many layers. */
  readonly mostLayers: number
}

export interface Ports {
  readonly self: Self
  readonly sessions: Sessions
  readonly links: Links
  readonly clock: Clock
  /** The bytes of a merged adapter of this room, of the newest versions. */
  adapter(hash: string): Uint8Array | null
  /** Texts that nobody in the room has learned from, to see how far a small model may be believed. */
  heldOut(): Promise<readonly string[]>
  /** What this tab alone sees, as text; null where that is nothing. */
  view(): string | null
  /** Why this tab had better compute little itself; null where it may. */
  strain(): Strain | null
  /** How busy it is with what others ask of it. */
  readonly queue: Queue
  /** What this tab learned alone; null where it has not. */
  ownAdapter(): Uint8Array | null
  /** The same for others: null where its person has not agreed. */
  lentAdapter(): Uint8Array | null
}
