/**
 * What carries bytes: it sights peers of one room, and opens a link to those that somebody asks for. A link is two
 * ordered, reliable lanes of byte messages, and knows neither frames nor who may speak. PeerJS, BroadcastChannel, the
 * relay and memory implement this; `faulty-transport.ts` makes any of them worse. A sighted peer is a name on a list, no more:
 * trust begins with admission.
 */
import type { Emitter } from '../../lib/emitter'
import type { NetworkProblem, PeerId, TransportKind } from '../network'

/** `control`: small messages that must not queue behind an adapter. `bulk`: adapters. */
export type Lane = 'control' | 'bulk'
export const lanes: readonly Lane[] = ['control', 'bulk']

export type LinkEvents = {
  message: [lane: Lane, bytes: Uint8Array]
  /** The path below is interrupted, or works again. */
  trembling: [isTrembling: boolean]
  /** It goes another way from now on: `kind` has changed, nothing was lost. */
  moved: []
  close: []
}

export interface Link extends Pick<Emitter<LinkEvents>, 'on'> {
  readonly peer: PeerId
  readonly kind: TransportKind
  /** What both ends see alike only if nobody sits between them: DTLS fingerprints, or hashes of their keys. Empty where there is no wire. */
  readonly binding: string
  readonly maxMessageBytes: number
  readonly isOpen: boolean
  /** Bytes that were sent and have not left this tab yet. */
  bufferedBytes(lane: Lane): number
  /** Takes the message over. Resolves when the next one may be sent; rejects when the link closed or nothing moved for 10 s. */
  send(lane: Lane, message: Uint8Array): Promise<void>
  /** Resolves when nothing is buffered. */
  drained(lane: Lane): Promise<void>
  /** Idempotent; `close` follows once on both sides, unless the other one cannot hear any more. */
  close(): void
}

export type TransportEvents = {
  sighted: [peer: PeerId]
  /** Gone from the list. A hint: a link to it may live on when only the list was wrong. */
  vanished: [peer: PeerId]
  /** Open and ready. Listeners attach at once, so that no message is missed. */
  link: [link: Link]
  /** A try to get a link has failed, and there is none. */
  unreachable: [peer: PeerId]
  problem: [problem: NetworkProblem]
  cleared: [code: NetworkProblem['code']]
}

export interface Transport extends Pick<Emitter<TransportEvents>, 'on'> {
  readonly self: PeerId
  readonly kind: TransportKind
  readonly sighted: ReadonlySet<PeerId>
  /** Begins to look for peers; call it once listeners are attached. Resolves when the first look round is over. */
  start(): Promise<void>
  /** A link to this peer is wanted: the lower id dials, the higher waits to be dialed. `link` or `unreachable` follows. */
  connect(peer: PeerId): void
  /** Closes all links and forgets the room. */
  close(): Promise<void>
}

/** Above this a lane makes its sender wait, until it has fallen below the second. Chrome kills a channel at 16 MiB. */
export const highWaterBytes = 1024 * 1024
export const lowWaterBytes = 512 * 1024
export const stallLimitMs = 10_000
/** Chromium announces 262144, older stacks 65536; one byte more than announced closes the sender's connection. */
export const preferredMessageBytes = 65_536
/**
 * Every browser takes as much. The other end's SDP may announce anything: a link that carries less than a header is no link,
 * and one that carries little more makes a million messages of an adapter.
 */
export const leastMessageBytes = 8_192

export class LinkClosed extends Error {
  override name = 'LinkClosed'
}
