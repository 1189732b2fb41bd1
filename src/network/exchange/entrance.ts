/**
 * The way in: a fresh link passes its gate, its peer is who nobody else is, and from then on it is a member whose frames are
 * heard as far as its budget goes.
 */

import type { Emitter } from '../../lib/emitter'
import { type Admitted, isFinal, type Refusal } from '../admission/conversation'
import { type Door, type Gate, gates } from '../admission/gate'
import type { Identity } from '../identity/identity'
import { isCoordinator } from '../ids'
import { type Patience, patience } from '../limits/patience'
import type { NetworkEvents, Peer, PeerId } from '../network'
import type { Presence } from '../presence/presence'
import type { Pursuit } from '../presence/pursuit'
import type { Clock } from '../time/clock'
import { mayLink } from '../topology'
import { type Link, leastMessageBytes } from '../transport/transport'
import { type Farewells, farewellMs } from './farewells'
import type { Hearing } from './hearing'
import type { Members } from './members'
import type { LinkCount, TrafficCount } from './traffic'

export interface EntranceParts {
  readonly self: PeerId
  readonly clock: Clock
  readonly identity: Identity
  readonly door: Door
  readonly events: Emitter<NetworkEvents>
  readonly members: Members
  readonly watch: Presence
  readonly seeking: Pursuit
  readonly farewells: Farewells
  readonly hear: Hearing
  readonly traffic: TrafficCount
  /** This tab has left: nobody comes in any more. */
  readonly hasLeft: () => boolean
  /** Not an id that speaks for another coordinator than ours. */
  readonly isRight: (peer: PeerId) => boolean
  /** Asked again of whoever has passed the gate. */
  readonly mayEnter: (peer: PeerId) => boolean
  /** It is a member; nobody knows yet. */
  readonly admitted: (peer: Peer, outcome: Admitted) => void
  readonly refused: (id: PeerId, why: Refusal) => void
}

/** Takes links as they come. */
export function entranceOf(parts: EntranceParts): (link: Link) => void {
  const gateOf = gates(parts.self, parts.door)
  return (link) => {
    const isOfUse =
      mayLink(parts.self, link.peer) && parts.isRight(link.peer) && link.maxMessageBytes >= leastMessageBytes
    if (!isOfUse || parts.farewells.whyNot(link.peer) !== null) return link.close()
    const { members, watch, traffic } = parts
    const count = traffic.open(link.peer)
    const bearing = bearingOf(link, parts)
    const gate = gateOf(link, {
      clock: parts.clock,
      identity: parts.identity,
      onFrame(lane, frame) {
        if (!members.on(link)) return
        watch.heard(link.peer)
        bearing.take(lane, frame)
      },
      onBadFrame: bearing.badFrame,
      count: (direction, kind, byteCount) => traffic.count(link.peer, count, direction, kind, byteCount),
    })
    void gate.outcome.then(async (outcome) => {
      if (parts.hasLeft()) return
      if (outcome.status === 'refused') return refuse(link, outcome.why, parts)
      if (!parts.mayEnter(link.peer)) return link.close()
      if (!(await isItself(link, outcome, parts)) || parts.hasLeft()) return
      if (link.isOpen) admit(link, count, gate, bearing, outcome, parts)
      else parts.seeking.failed(link.peer)
    })
  }
}

/** How much of it is borne, and what becomes of it then. */
function bearingOf(
  link: Link,
  { clock, members, events, seeking, farewells, hear }: EntranceParts,
): Patience {
  const id = link.peer
  const bearing: Patience = patience({
    clock,
    name: () => members.peers.get(id)?.name ?? id,
    pass: (lane, frame) => hear(link, lane, frame, bearing.badFrame),
    problem: (problem) => events.emit('problem', problem),
    dismiss(why) {
      if (members.on(link)) return farewells.dismiss(id, why)
      seeking.abandon(id)
      link.close()
    },
  })
  return bearing
}

function refuse(link: Link, why: Refusal, parts: EntranceParts): void {
  const { clock, members, seeking, farewells } = parts
  // An older page knows this word, and says to its person what is to do.
  if (why === 'other-version') farewells.turnAway(link, 'unreadable')
  else {
    // What one member cannot believe of another today it may tomorrow: their coordinators pass on their place.
    if (isFinal(why) && (why !== 'wrong-key' || isCoordinator(link.peer))) seeking.abandon(link.peer)
    clock.after(farewellMs, () => {
      link.close()
      // Not before: a transport dials nobody to whom a link still stands.
      if (!members.has(link.peer)) seeking.failed(link.peer)
    })
  }
  parts.refused(link.peer, why)
}

/** A device that comes back before its last life is known to be over is believed once that life answers no more. */
async function isItself(
  link: Link,
  { peer: { deviceKey } }: Admitted,
  { members, watch, farewells }: EntranceParts,
): Promise<boolean> {
  if (farewells.whyNot(deviceKey) === 'shut-out') {
    farewells.turnAway(link, 'shut-out')
    return false
  }
  const rivalOf = () => members.rivalOf(link.peer, deviceKey)
  for (let rival = rivalOf(); rival; rival = rivalOf()) {
    if (await watch.challenge(rival.id)) {
      farewells.turnAway(link, 'key-taken') // somebody else is who it says it is
      return false
    }
    members.lose(rival.id, 'disconnected')
  }
  return true
}

function admit(
  link: Link,
  count: LinkCount,
  gate: Gate,
  bearing: Patience,
  outcome: Admitted,
  { members, watch, seeking, farewells, admitted }: EntranceParts,
): void {
  const id = link.peer
  members.lose(id, 'disconnected') // the same peer on a new link: its side lost the old one
  seeking.succeeded(id)
  const peer = members.add(link, count, outcome, bearing.badFrame)
  const ifOurs = (act: () => void) => {
    if (members.on(link)) act()
  }
  link.on('trembling', (isTrembling) => ifOurs(() => watch.trembling(id, isTrembling)))
  link.on('moved', () => ifOurs(() => members.update(id, { transport: link.kind })))
  link.on('close', bearing.close)
  link.on('close', () => ifOurs(() => members.lose(id, 'disconnected')))
  admitted(peer, outcome)
  watch.watch(id)
  const why = farewells.whyNot(peer.deviceKey)
  if (why) farewells.dismiss(id, why)
  gate.open()
}
