/**
 * Links in, peers out. A link whose gate has opened becomes a peer with a mailbox, watched by presence, until one of the
 * four signals says that it is gone. Opening and joining a room (who waits how long, which failure is final) is
 * `room.ts`; whom to connect to is `topology.ts`.
 */
import { type Admitted, isFinal, type Refusal } from './admission/conversation'
import { type Door, gates } from './admission/gate'
import type { Identity } from './identity/identity'
import { dismissalFrame, readDismissal } from './letters/dismissal'
import {
  encodeWhisper,
  type Frame,
  frameType,
  singlePiece,
  type Whisper,
  whisperHeaderBytes,
} from './letters/frames'
import type { Understood } from './letters/kinds'
import { type Mailbox, mailbox } from './letters/mailbox'
import { shutOutMs, unknownKind } from './limits/limits'
import { type Patience, patience } from './limits/patience'
import { type Reservation, reservations } from './limits/reservation'
import { shutOut } from './limits/shut-out'
import type { Dismissal, LeaveReason, Network, NetworkEvents, Peer, PeerId } from './network'
import { patientEmitter } from './patient-emitter'
import { pingPayload, readPing } from './presence/ping'
import { type Pace, presence } from './presence/presence'
import { pursuit } from './presence/pursuit'
import { problem } from './problems'
import type { Clock } from './time/clock'
import { mayLink, wantsLink } from './topology'
import { type LinkCount, trafficOf } from './traffic'
import { type Lane, type Link, LinkClosed, leastMessageBytes, type Transport } from './transport/transport'
import { wishesOf } from './wishes'

export interface ExchangePorts {
  readonly transport: Transport
  readonly clock: Clock
  readonly identity: Identity
  readonly pace: Pace
  readonly door: Door
  readonly understood: Understood
  onAdmitted(peer: PeerId, outcome: Admitted): void
  onRefused(peer: PeerId, why: Refusal): void
  /** A link to it is wanted, and a try has failed. */
  onUnreachable(peer: PeerId): void
  onSent?(to: PeerId, kind: string, bytes: number): void
  /** No link to it is missing any more: it is there, has left the list, or is no longer wanted. */
  onSettled(peer: PeerId): void
}

export interface Exchange extends Network {
  emit<Name extends keyof NetworkEvents>(name: Name, ...event: NetworkEvents[Name]): void
}

interface Member {
  readonly link: Link
  readonly traffic: LinkCount
  readonly mailbox: Mailbox
  readonly reservation: Reservation
}

/** A refusal needs this long to leave before the connection is torn down. */
const farewellMs = 300

export function exchange({
  transport,
  clock,
  identity,
  pace,
  door,
  understood,
  ...ports
}: ExchangePorts): Exchange {
  const events = patientEmitter<NetworkEvents>(clock)
  const members = new Map<PeerId, Member>()
  const peers = new Map<PeerId, Peer>()
  const memory = reservations()
  const gateOf = gates(transport.self, door)
  const banned = shutOut(() => clock.now())
  const total = trafficOf((peer) => wantsLink(transport.self, peer), ports.onSent)
  const wishes = wishesOf()
  const seeking = pursuit(
    transport,
    clock,
    (peer) => wantsLink(transport.self, peer) || (wishes.has(peer) && mayLink(transport.self, peer)),
  )
  let hasLeft = false

  /** Small frames that do not wait their turn. A link that cannot take them is about to report its own end. */
  const slip = ({ link, traffic }: Member, frame: Uint8Array) => {
    if (!link.isOpen) return
    total.count(link.peer, traffic, 'sent', 'heartbeat', frame.length)
    link.send('control', frame).catch(() => {})
  }
  const update = (peer: PeerId, change: Partial<Peer>) => {
    const known = peers.get(peer)
    if (!known) return
    const changed = { ...known, ...change }
    peers.set(peer, changed)
    events.emit('change', changed)
  }

  const watch = presence({
    clock,
    pace,
    ping: (peer, nowMs) => {
      const member = members.get(peer)
      if (member) slip(member, singlePiece(frameType.ping, pingPayload(nowMs)))
    },
    onChange: (peer, liveness, roundTripMs) => update(peer, { liveness, roundTripMs }),
    onGone: (peer, why) => lose(peer, why),
  })

  const lose = (id: PeerId, why: LeaveReason, closeAfterMs = 0) => {
    const member = members.get(id)
    const peer = peers.get(id)
    if (!member || !peer) return
    members.delete(id)
    peers.delete(id)
    watch.forget(id)
    member.reservation.close()
    if (closeAfterMs === 0) member.link.close()
    else clock.after(closeAfterMs, () => member.link.close())
    events.emit('leave', peer, why)
    if (hasLeft || why === 'refused') return
    if (why === 'goodbye')
      seeking.abandon(id) // it comes back under another id, if at all
    else seeking.failed(id)
  }

  const dismiss = (id: PeerId, why: Dismissal) => {
    const member = members.get(id)
    const peer = peers.get(id)
    if (!member || !peer) return
    banned.add(id, why)
    if (why === 'too-much') banned.add(peer.deviceKey, why)
    seeking.postpone(id, shutOutMs)
    slip(member, dismissalFrame(why))
    lose(id, 'refused', farewellMs)
  }
  /** Somebody else is who it says it is. */
  const turnAway = (link: Link) => {
    banned.add(link.peer, 'key-taken')
    seeking.postpone(link.peer, shutOutMs)
    link.send('control', dismissalFrame('key-taken')).catch(() => {})
    clock.after(farewellMs, () => link.close())
  }
  /** The other end will not have us here. */
  const dismissed = (id: PeerId, payload: Uint8Array) => {
    const why = readDismissal(payload)
    if (!why) return
    seeking.postpone(id, shutOutMs)
    events.emit('problem', problem(why, false))
    lose(id, 'refused')
  }

  const memberTo = (id: PeerId): Member => {
    const member = members.get(id)
    if (!member) throw new LinkClosed(`There is no connection to ${id}.`)
    return member
  }

  const overhear = (
    id: PeerId,
    lane: Lane,
    { channel, payload }: Whisper,
    complain: (why: string) => void,
  ) => {
    const kind = understood.whispers.get(channel)
    total.countKind(kind?.name ?? unknownKind, whisperHeaderBytes + payload.length)
    if (lane !== 'control') complain('a whisper is on the wrong lane')
    else if (!kind) complain(`nobody listens to whispers on channel ${channel}`)
    else if (payload.length > kind.mostBytes)
      complain(`a whisper on channel ${channel} has ${payload.length} bytes`)
    else events.emit('whisper', id, channel, payload.slice())
  }

  const receive = (link: Link, lane: Lane, frame: Frame, complain: (why: string) => void) => {
    const id = link.peer
    const member = members.get(id)
    if (member?.link !== link) return
    if (frame.type === frameType.whisper) return overhear(id, lane, frame, complain)
    if (frame.type === frameType.ping || frame.type === frameType.pong || frame.type === frameType.goodbye)
      total.countKind('heartbeat', 16 + frame.payload.length)
    if (frame.type === frameType.ping) slip(member, singlePiece(frameType.pong, frame.payload))
    else if (frame.type === frameType.pong) watch.answered(id, readPing(frame.payload))
    else if (frame.type === frameType.goodbye) lose(id, 'goodbye')
    else if (frame.type === frameType.dismissal) dismissed(id, frame.payload)
    else member.mailbox.receive(lane, frame)
  }

  const patienceWith = (link: Link): Patience => {
    const id = link.peer
    const bearing: Patience = patience({
      clock,
      name: () => peers.get(id)?.name ?? id,
      pass: (lane, frame) => receive(link, lane, frame, bearing.badFrame),
      problem: (problem) => events.emit('problem', problem),
      dismiss(why) {
        if (members.get(id)?.link === link) return dismiss(id, why)
        seeking.abandon(id)
        link.close()
      },
    })
    return bearing
  }

  const welcome = (link: Link) => {
    const id = link.peer
    const isOfUse = mayLink(transport.self, id) && link.maxMessageBytes >= leastMessageBytes
    if (!isOfUse || banned.why(id) !== null) return link.close()
    const isOurs = () => members.get(id)?.link === link
    const bearing = patienceWith(link)
    const traffic: LinkCount = { sent: 0, received: 0 }
    const entrance = gateOf(link, {
      clock,
      identity,
      onFrame(lane, frame) {
        if (!isOurs()) return
        watch.heard(id)
        bearing.take(lane, frame)
      },
      onBadFrame: bearing.badFrame,
      count: (direction, kind, byteCount) => total.count(id, traffic, direction, kind, byteCount),
    })
    void entrance.outcome.then((outcome) => {
      if (hasLeft) return
      if (outcome.status === 'refused') {
        clock.after(farewellMs, () => link.close())
        if (isFinal(outcome.why)) seeking.abandon(id)
        else if (!members.has(id)) seeking.failed(id)
        ports.onRefused(id, outcome.why)
        return
      }
      void enter(outcome)
    })

    /** A device that comes back before its last life is known to be over is believed once that life answers no more. */
    async function enter(outcome: Admitted): Promise<void> {
      const { deviceKey } = outcome.peer
      const rivalOf = () =>
        [...peers.values()].find((other) => other.id !== id && other.deviceKey === deviceKey)
      for (let rival = rivalOf(); rival; rival = rivalOf()) {
        if (await watch.challenge(rival.id)) return turnAway(link)
        lose(rival.id, 'disconnected')
      }
      if (hasLeft) return
      admit(outcome)
    }

    function admit(outcome: Admitted): void {
      if (!link.isOpen) return seeking.failed(id)
      lose(id, 'disconnected') // the same peer on a new link: its side lost the old one
      seeking.succeeded(id)
      const reservation = memory.open()
      members.set(id, {
        link,
        traffic,
        reservation,
        mailbox: mailbox(link, {
          kinds: understood.letters,
          reservation,
          onMessage: (message, attachment) => events.emit('message', id, message, attachment),
          onProgress: (progress) => events.emit('transfer', { peer: id, ...progress }),
          onBadFrame: bearing.badFrame,
          countSent: (kind, byteCount) => total.count(id, traffic, 'sent', kind, byteCount),
          countReceived: total.countKind,
        }),
      })
      const live = { transport: link.kind, liveness: 'live', roundTripMs: null, traffic } as const
      const peer: Peer = { id, ...outcome.peer, ...live }
      peers.set(id, peer)
      link.on('trembling', (isTrembling) => isOurs() && watch.trembling(id, isTrembling))
      link.on('moved', () => isOurs() && update(id, { transport: link.kind }))
      link.on('close', bearing.close)
      link.on('close', () => isOurs() && lose(id, 'disconnected'))
      ports.onSettled(id)
      ports.onAdmitted(id, outcome)
      events.emit('join', peer)
      watch.watch(id)
      const why = banned.why(peer.deviceKey)
      if (why) dismiss(id, why)
      entrance.open()
    }
  }

  transport.on('link', welcome)
  transport.on('sighted', (peer) => events.emit('sighted', peer))
  transport.on('vanished', (peer) => {
    watch.vanished(peer)
    ports.onSettled(peer)
    events.emit('vanished', peer)
  })
  transport.on('problem', (problem) => events.emit('problem', problem))
  transport.on('cleared', (code) => events.emit('cleared', code))
  transport.on('unreachable', (peer) => {
    seeking.failed(peer)
    // A link that was let go of while it was dialed is missed by nobody, nor one that came from the other side.
    const isWanted = wantsLink(transport.self, peer) || wishes.has(peer)
    if (isWanted && transport.sighted.has(peer) && !members.has(peer)) ports.onUnreachable(peer)
  })

  return {
    self: transport.self,
    transport: transport.kind,
    peers,
    get sighted() {
      return transport.sighted
    },
    get lanBytes() {
      return total.lanBytes
    },
    get bytes() {
      return total.bytes
    },
    on: events.on,
    emit: events.emit,
    async send(to, message, options) {
      await memberTo(to).mailbox.post(message, options)
    },
    async whisper(to, channel, bytes) {
      const member = memberTo(to)
      const frame = encodeWhisper(channel, bytes)
      const kind = understood.whispers.get(channel)?.name ?? unknownKind
      total.count(to, member.traffic, 'sent', kind, frame.length)
      await member.link.send('control', frame)
    },
    reach(purpose, wanted) {
      const { begun, ended } = wishes.wish(purpose, wanted)
      for (const peer of ended) {
        if (wantsLink(transport.self, peer)) continue
        ports.onSettled(peer)
        lose(peer, 'released')
      }
      for (const peer of begun) if (!members.has(peer)) seeking.begin(peer)
    },
    dismiss,
    async leave() {
      if (hasLeft) return
      hasLeft = true
      seeking.stop()
      watch.stop()
      const goodbye = singlePiece(frameType.goodbye)
      for (const member of members.values()) slip(member, goodbye)
      members.clear()
      peers.clear()
      await transport.close()
    },
  }
}
