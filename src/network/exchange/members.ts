/**
 * Who is in: admitted peers, each with the link that it came on. Whoever leaves, for whatever reason, leaves here, once.
 */
import { hexToBytes } from '@noble/hashes/utils.js'
import type { Emitter } from '../../lib/emitter'
import type { Admitted } from '../admission/conversation'
import type { Understood } from '../letters/kinds'
import { type Mailbox, mailbox } from '../letters/mailbox'
import { type Reservation, reservations } from '../limits/reservation'
import type { LeaveReason, NetworkEvents, Peer, PeerId } from '../network'
import type { Clock } from '../time/clock'
import { type Link, LinkClosed } from '../transport/transport'
import type { LinkCount, TrafficCount } from './traffic'

export interface Member {
  readonly link: Link
  readonly traffic: LinkCount
  readonly mailbox: Mailbox
  readonly reservation: Reservation
}

export interface MembersParts {
  readonly clock: Clock
  readonly events: Emitter<NetworkEvents>
  readonly traffic: TrafficCount
  readonly understood: Understood
  /** Told before everybody else. */
  readonly left: (id: PeerId, why: LeaveReason) => void
}

export class Members {
  readonly #parts: MembersParts
  readonly #memory = reservations()
  readonly #members = new Map<PeerId, Member>()
  readonly #peers = new Map<PeerId, Peer>()

  constructor(parts: MembersParts) {
    this.#parts = parts
  }

  get peers(): ReadonlyMap<PeerId, Peer> {
    return this.#peers
  }

  has(id: PeerId): boolean {
    return this.#members.has(id)
  }

  /** Null: what comes on this link is nobody's word, or not any more. */
  on(link: Link): Member | null {
    const member = this.#members.get(link.peer)
    return member?.link === link ? member : null
  }

  /** Throws where there is no link. */
  to(id: PeerId): Member {
    const member = this.#members.get(id)
    if (!member) throw new LinkClosed(`There is no connection to ${id}.`)
    return member
  }

  /** Another life, or another tab, that is in under this key. */
  rivalOf(id: PeerId, deviceKey: string): Peer | undefined {
    return [...this.#peers.values()].find((other) => other.id !== id && other.deviceKey === deviceKey)
  }

  add(
    link: Link,
    traffic: LinkCount,
    { peer: about, phrase }: Admitted,
    onBadFrame: (reason: string) => void,
  ): Peer {
    const { events, understood, traffic: total } = this.#parts
    const id = link.peer
    const reservation = this.#memory.open()
    const box = mailbox(link, {
      kinds: understood.letters,
      reservation,
      onMessage: (message, attachment) => events.emit('message', id, message, attachment),
      onProgress: (progress) => events.emit('transfer', { peer: id, ...progress }),
      onBadFrame,
      countSent: (kind, byteCount, isAttached) =>
        total.count(id, traffic, 'sent', kind, byteCount, isAttached),
      countReceived: total.countKind,
    })
    this.#members.set(id, { link, traffic, reservation, mailbox: box })
    const peer: Peer = {
      id,
      role: about.role,
      name: about.name,
      deviceKey: about.deviceKey,
      publicKey: new Uint8Array(hexToBytes(about.publicKey)),
      phrase,
      transport: link.kind,
      liveness: 'live',
      roundTripMs: null,
      traffic,
    }
    this.#peers.set(id, peer)
    return peer
  }

  update(id: PeerId, change: Partial<Peer>): void {
    const known = this.#peers.get(id)
    if (!known) return
    const changed = { ...known, ...change }
    this.#peers.set(id, changed)
    this.#parts.events.emit('change', changed)
  }

  /** A small frame that does not wait its turn. A link that cannot take it is about to report its own end. */
  slip(id: PeerId, frame: Uint8Array): void {
    const member = this.#members.get(id)
    if (!member?.link.isOpen) return
    this.#parts.traffic.count(id, member.traffic, 'sent', 'heartbeat', frame.length)
    member.link.send('control', frame).catch(() => {})
  }

  lose(id: PeerId, why: LeaveReason, closeAfterMs = 0): void {
    const member = this.#members.get(id)
    const peer = this.#peers.get(id)
    if (!member || !peer) return
    const { clock, events, left } = this.#parts
    this.#members.delete(id)
    this.#peers.delete(id)
    member.reservation.close()
    if (closeAfterMs === 0) member.link.close()
    else clock.after(closeAfterMs, () => member.link.close())
    left(id, why)
    events.emit('leave', peer, why)
  }

  /** This tab goes itself, with this for a last word. Nobody is told that the others have left. */
  leaveAll(lastWord: Uint8Array): void {
    for (const id of this.#members.keys()) this.slip(id, lastWord)
    this.#members.clear()
    this.#peers.clear()
  }
}
