/**
 * What a node sees of the network: one room, one identity, and admitted peers to exchange messages with. A message is
 * JSON, with at most one attachment of bytes (an adapter); both arrive together or not at all. A whisper is a few bytes and
 * nothing else, for what is said with every token. How bytes travel (PeerJS
 * and WebRTC, BroadcastChannel, memory) and who may speak (admission) is settled below this line; rounds, roles' duties
 * and adapters are unknown here.
 */
import type { Emitter } from '../lib/emitter'
import type { Lineage } from './admission/lineage'
import type { SigningKey } from './identity/identity'
import type { Understood } from './letters/kinds'

/** One tab's life in the room: room code + random hex. A reloaded tab is a new peer. */
export type PeerId = string
/** `relay`: through the server that the page came from, sealed between the two ends. */
export type TransportKind = 'webrtc' | 'broadcast' | 'relay' | 'memory'
export type Role = 'coordinator' | 'edge' | 'device'

/** Live: heard of lately. Suspect: silent for 6 s, or its connection is disconnected. */
export type Liveness = 'live' | 'suspect'
/** `refused`: one end will not have the other. `released`: nobody is gone, but this node no longer wants the link. */
export type LeaveReason = 'goodbye' | 'disconnected' | 'silent' | 'refused' | 'released'

/** Bytes over one link, headers, heartbeats and the handshake included. */
export interface Traffic {
  /** From this node to the peer. */
  readonly sent: number
  readonly received: number
}
/** Why a peer that has been let in is sent away again; it is told, and does not come back at once. */
export const dismissals = [
  'room-full',
  'key-taken',
  'too-much',
  'unreadable',
  'sent-away',
  'shut-out',
] as const
export type Dismissal = (typeof dismissals)[number]

export interface Peer {
  readonly id: PeerId
  readonly role: Role
  readonly name: string
  /** What its key is called, which it has proven to hold. Survives a reload of that tab, unlike `id`. */
  readonly deviceKey: string
  /** 65 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** To be compared by two people, because the link on which the guest came named no key; null: nothing need be compared. */
  readonly phrase: string | null
  readonly transport: TransportKind
  readonly liveness: Liveness
  readonly roundTripMs: number | null
  /** Over the link to it as it stands. It goes on counting, also in a `Peer` that was handed out before. */
  readonly traffic: Traffic
}

/** Someone with the typed code but without the secret, waiting at the door. */
export interface Knock {
  readonly id: PeerId
  readonly name: string
  /** The knocking tab shows the same, unless somebody sits in between. */
  readonly phrase: string
  admit(): void
  refuse(): void
}

export interface Transfer {
  readonly peer: PeerId
  readonly direction: 'out' | 'in'
  /** The message's `type` field. */
  readonly kind: string
  readonly doneBytes: number
  readonly totalBytes: number
}

export type NetworkProblem = {
  readonly code:
    | 'room-not-found'
    | 'room-of-equals'
    | 'room-taken'
    | 'wrong-secret'
    | 'knock-refused'
    | 'locked'
    | 'same-code'
    | 'server-unreachable'
    | 'peer-unreachable'
    | 'insecure-context'
    | 'bad-frame'
    | 'other-version'
    | 'succeeded'
    | Dismissal
  /** What happened, why, and what to do now, in plain words. */
  readonly message: string
  /** Fatal: this node is not in the room, and `openRoom`/`joinRoom` rejected or `close` follows. */
  readonly fatal: boolean
}

export interface ByteCount {
  readonly sent: number
  readonly received: number
  /** Sent and received bytes by kind, a message's `type` or a whisper's name; what is understood nowhere counts as `other`. */
  readonly byKind: Readonly<Record<string, number>>
}

/** What of one kind has left this tab in this life. */
export interface Departed {
  /** In all, headers included. */
  readonly bytes: number
  /** Of these what rode along with letters: adapters, mostly. */
  readonly attachedBytes: number
  /** The last letter of this kind as it was written, without what rode along; null: no letter. */
  readonly newest: Message | null
}

/** JSON with a `type`: what it may hold beyond that is settled by the schema of whoever listens. */
export type Message = { readonly type: string } & Readonly<Record<string, unknown>>

export interface SendOptions {
  readonly attachment?: Uint8Array
  /** Usually `bulk` with an attachment and `control` without. On `control` at most 64 KiB may be attached. */
  readonly lane?: 'control' | 'bulk'
  readonly signal?: AbortSignal
}

export type NetworkEvents = {
  message: [from: PeerId, message: Message, attachment: Uint8Array | null]
  whisper: [from: PeerId, channel: number, bytes: Uint8Array]
  /** Somebody else is, or is no longer, on the list of this room. */
  sighted: [peer: PeerId]
  vanished: [peer: PeerId]
  join: [peer: Peer]
  /** Liveness or round trip changed. */
  change: [peer: Peer]
  leave: [peer: Peer, why: LeaveReason]
  knock: [knock: Knock]
  /** Answered, or whoever knocked has gone away. */
  knockOver: [id: PeerId]
  transfer: [transfer: Transfer]
  problem: [problem: NetworkProblem]
  /** A problem that was reported is over. */
  cleared: [code: NetworkProblem['code']]
}

export interface Network extends Pick<Emitter<NetworkEvents>, 'on'> {
  readonly self: PeerId
  readonly transport: TransportKind
  /** Admitted peers that this node is connected to: the coordinator, or all if it is one, and whoever was reached for. */
  readonly peers: ReadonlyMap<PeerId, Peer>
  /** Who claims to be in the room: names on a list, perhaps without a link. */
  readonly sighted: ReadonlySet<PeerId>
  /** Of `bytes`, what went between this node and peers that are no coordinator. */
  readonly lanBytes: number
  /** As of now: a fresh copy at each look. */
  readonly bytes: ByteCount
  /** By kind as in `bytes.byKind`, as of now. All of it together is `bytes.sent`. */
  readonly departed: Readonly<Record<string, Departed>>
  /** Resolves when the message has left this tab; rejects when the peer is gone or nothing moved for 10 s. */
  send(to: PeerId, message: Message, options?: SendOptions): Promise<void>
  /**
   * Says a few bytes (at most `mostWhisperBytes`) at once, after what has been whispered before and beside all letters.
   * Resolves when the next may follow; rejects when the peer is gone.
   */
  whisper(to: PeerId, channel: number, bytes: Uint8Array): Promise<void>
  /**
   * The peers besides the coordinator to whom this node wants a link for this purpose, as soon as they are there; the whole
   * set each time. One that is left out for every purpose is let go. Others may reach for this node all the same: a link
   * stands while either end wants it.
   */
  reach(purpose: string, peers: Iterable<PeerId>): void
  /** Sends a peer away: it is told why, and not let in again for a minute. */
  dismiss(peer: PeerId, why: Dismissal): void
  /** Whom the coordinator has shut out: their links end here and they get no others. The whole set each time. */
  bar(deviceKeys: Iterable<string>): void
  /** Says goodbye and closes everything. */
  leave(): Promise<void>
}

/** Of a tab that belongs to a coordinator. */
export interface JoinedNetwork extends Network {
  /** Belongs to the one with this key from now on, and lets go of every other. */
  follow(publicKeyHash: string): void
}

/** A room as its coordinator holds it. Kept in IndexedDB by node/, so that a reload opens the same room again. */
export interface RoomKeys {
  readonly code: string
  /** Hex, 128 random bits. Rides in the link's fragment. */
  readonly secret: string
  /** In a browser ECDSA P-256, and the private key is not extractable. */
  readonly signingKey: SigningKey
  /** First 16 bytes of SHA-256 of the raw public key, hex: `k` of the link's fragment. */
  readonly publicKeyHash: string
}

/** @param papers by which it came to its place */
export type Following = (publicKeyHash: string, papers: string) => void

/** That this tab is of a coordinator's room, in a form that it can show to others (`admission/membership.ts`). */
export interface Membership {
  /** 65 bytes. */
  readonly coordinatorKey: Uint8Array<ArrayBuffer>
  /** That one's signature of this tab's name. */
  readonly pass: string
}

export interface JoinOptions {
  readonly code: string
  readonly role: 'device' | 'edge'
  readonly name: string
  /** This tab's own: what it is called follows from it. */
  readonly signingKey: SigningKey
  /** Null: knock, and wait to be let in. */
  readonly secret: string | null
  readonly publicKeyHash: string | null
  /** Of another life of this tab: with it the tab is in after a short wait, also while nobody coordinates. */
  readonly membership?: Membership | null
  /** Told whenever a coordinator has let us in. */
  onMembership?: (membership: Membership) => void
  /** By what right another key than that of the link may coordinate. */
  readonly lineage?: Lineage
  /** Told when another coordinator is ours from now on. This tab looks for it by itself. */
  onFollowing?: Following
  readonly understood: Understood
  /** How long to wait for a room that is not there yet. */
  readonly waitMs: number
  /** Told when the room is there but a person must let us in. */
  onKnocking?: (phrase: string) => void
  /** Told what was seen that may be the reason why this tab is not in yet. It goes on waiting. */
  onHindered?: (problem: NetworkProblem) => void
  /** Told when a knock was answered: with these the same tab gets in again without a person. */
  onCredentials?: (credentials: { readonly secret: string; readonly publicKeyHash: string }) => void
}
