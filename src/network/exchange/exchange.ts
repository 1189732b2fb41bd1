/**
 * Links in, peers out. A link whose gate has opened becomes a peer with a mailbox (`entrance.ts`), watched by presence, until
 * one of the four signals says that it is gone. Opening and joining a room (who waits how long, which failure is final) is
 * `room.ts`; whom to connect to is `topology.ts` and `wishes.ts`.
 */
import type { Admitted, Refusal } from '../admission/conversation'
import type { Door } from '../admission/gate'
import type { Identity } from '../identity/identity'
import { encodeWhisper, frameType, singlePiece } from '../letters/frames'
import type { Understood } from '../letters/kinds'
import { unknownKind } from '../limits/limits'
import type { Network, NetworkEvents, PeerId } from '../network'
import { pingPayload } from '../presence/ping'
import { type Pace, presence } from '../presence/presence'
import { pursuit } from '../presence/pursuit'
import type { Clock } from '../time/clock'
import { mayLink, wantsLink } from '../topology'
import type { Transport } from '../transport/transport'
import { entranceOf } from './entrance'
import { farewellsOf } from './farewells'
import { hearingOf } from './hearing'
import { Members } from './members'
import { patientEmitter } from './patient-emitter'
import { trafficOf } from './traffic'
import { wishesOf } from './wishes'

export interface ExchangePorts {
  readonly transport: Transport
  readonly clock: Clock
  readonly identity: Identity
  readonly pace: Pace
  readonly door: Door
  readonly understood: Understood
  /** False: an id that speaks for another coordinator than ours. It is passed over in silence. */
  isRight(peer: PeerId): boolean
  /** Whether whoever has passed the gate is still wanted: ours may be another one by now. */
  mayEnter?(peer: PeerId): boolean
  onAdmitted(peer: PeerId, outcome: Admitted): void
  onRefused(peer: PeerId, why: Refusal): void
  /** A link to it is wanted, and a try has failed. */
  onUnreachable(peer: PeerId): void
  onSent?(to: PeerId, kind: string, bytes: number, isAttached: boolean): void
  /** No link to it is missing any more: it is there, has left the list, or is no longer wanted. */
  onSettled(peer: PeerId): void
}

export interface Exchange extends Network {
  /** Lets go of these, and looks anew for all that are wanted. */
  turnFrom(peers: readonly PeerId[]): void
  emit<Name extends keyof NetworkEvents>(name: Name, ...event: NetworkEvents[Name]): void
}

export function exchange(ports: ExchangePorts): Exchange {
  const { transport, clock, identity, pace, door, understood } = ports
  const { self } = transport
  const events = patientEmitter<NetworkEvents>(clock)
  const traffic = trafficOf((peer) => wantsLink(self, peer), ports.onSent)
  const wishes = wishesOf()
  const isWanted = (peer: PeerId) =>
    ports.isRight(peer) && (wantsLink(self, peer) || (wishes.has(peer) && mayLink(self, peer)))
  const seeking = pursuit(transport, clock, isWanted)
  let hasLeft = false
  const members = new Members({
    clock,
    events,
    traffic,
    understood,
    left(id, why) {
      watch.forget(id)
      if (hasLeft || why === 'refused') return
      // Whoever said goodbye comes back under another id, if at all.
      if (why === 'goodbye') seeking.abandon(id)
      else seeking.failed(id)
    },
  })
  const watch = presence({
    clock,
    pace,
    ping: (peer, nowMs) => members.slip(peer, singlePiece(frameType.ping, pingPayload(nowMs))),
    onChange: (peer, liveness, roundTripMs) => members.update(peer, { liveness, roundTripMs }),
    onGone: (peer, why) => members.lose(peer, why),
  })
  const farewells = farewellsOf({ clock, events, members, seeking })
  const welcome = entranceOf({
    self,
    clock,
    identity,
    door,
    events,
    members,
    watch,
    seeking,
    farewells,
    hear: hearingOf({ events, members, watch, farewells, traffic, understood }),
    traffic,
    hasLeft: () => hasLeft,
    isRight: ports.isRight,
    mayEnter: ports.mayEnter ?? (() => true),
    admitted(peer, outcome) {
      ports.onSettled(peer.id)
      ports.onAdmitted(peer.id, outcome)
      events.emit('join', peer)
    },
    refused: ports.onRefused,
  })

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
    if (isWanted(peer) && transport.sighted.has(peer) && !members.has(peer)) ports.onUnreachable(peer)
  })

  return {
    self,
    transport: transport.kind,
    peers: members.peers,
    get sighted() {
      return transport.sighted
    },
    get lanBytes() {
      return traffic.lanBytes
    },
    get bytes() {
      return traffic.bytes
    },
    get departed() {
      return traffic.departed
    },
    on: events.on,
    emit: events.emit,
    async send(to, message, options) {
      const posted = members.to(to).mailbox.post(message, options)
      traffic.wrote(message)
      await posted
    },
    async whisper(to, channel, bytes) {
      const { link, traffic: count } = members.to(to)
      const frame = encodeWhisper(channel, bytes)
      traffic.count(to, count, 'sent', understood.whispers.get(channel)?.name ?? unknownKind, frame.length)
      await link.send('control', frame)
    },
    reach(purpose, wanted) {
      const { begun, ended } = wishes.wish(purpose, wanted)
      for (const peer of ended) {
        if (wantsLink(self, peer)) continue
        ports.onSettled(peer)
        members.lose(peer, 'released')
      }
      for (const peer of begun) if (!members.has(peer)) seeking.begin(peer)
    },
    turnFrom(peers) {
      for (const peer of peers) members.lose(peer, 'released')
      for (const peer of transport.sighted) if (!members.has(peer)) seeking.begin(peer)
    },
    dismiss: farewells.dismiss,
    bar: farewells.bar,
    async leave() {
      if (hasLeft) return
      hasLeft = true
      seeking.stop()
      watch.stop()
      members.leaveAll(singlePiece(frameType.goodbye))
      await transport.close()
    },
  }
}
