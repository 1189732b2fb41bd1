/**
 * Sending somebody away, and being sent away: the other end is told why, and for a minute neither tries again. Who has earned
 * it is known again under its key, too. Whom the coordinator has shut out stays out until it says otherwise.
 */
import type { Emitter } from '../../lib/emitter'
import { dismissalFrame, readDismissal } from '../letters/dismissal'
import { shutOutMs } from '../limits/limits'
import { shutOut } from '../limits/shut-out'
import type { Dismissal, NetworkEvents, PeerId } from '../network'
import type { Pursuit } from '../presence/pursuit'
import { problem } from '../problems'
import type { Clock } from '../time/clock'
import type { Link } from '../transport/transport'
import type { Members } from './members'

export interface FarewellParts {
  readonly clock: Clock
  readonly events: Emitter<NetworkEvents>
  readonly members: Members
  readonly seeking: Pursuit
}

export interface Farewells {
  /** A member is sent away. */
  dismiss(id: PeerId, why: Dismissal): void
  /** Somebody who is not a member is not let in either. */
  turnAway(link: Link, why: Dismissal): void
  /** The other end will not have us. */
  dismissed(id: PeerId, payload: Uint8Array): void
  /** Why a peer's id, or its key, is not let in; null: it may. */
  whyNot(name: string): Dismissal | null
  /** Members of these names are sent away, and nobody of them is let in; the whole set each time. */
  bar(deviceKeys: Iterable<string>): void
}

/** A refusal needs this long to leave before the connection is torn down. */
export const farewellMs = 300

export function farewellsOf({ clock, events, members, seeking }: FarewellParts): Farewells {
  const banned = shutOut(() => clock.now())
  let barred: ReadonlySet<string> = new Set()
  function dismiss(id: PeerId, why: Dismissal): void {
    const peer = members.peers.get(id)
    if (!peer) return
    banned.add(id, why)
    if (why === 'too-much') banned.add(peer.deviceKey, why)
    seeking.postpone(id, shutOutMs)
    members.slip(id, dismissalFrame(why))
    members.lose(id, 'refused', farewellMs)
  }
  return {
    dismiss,
    turnAway(link, why) {
      banned.add(link.peer, why)
      seeking.postpone(link.peer, shutOutMs)
      link.send('control', dismissalFrame(why)).catch(() => {})
      clock.after(farewellMs, () => link.close())
    },
    dismissed(id, payload) {
      const why = readDismissal(payload)
      if (!why) return
      seeking.postpone(id, shutOutMs)
      // Only whoever coordinates decides who is in the room; anybody may close its own links.
      const isOfTheRoom = why === 'sent-away' || why === 'shut-out'
      const isItsBusiness = !isOfTheRoom || members.peers.get(id)?.role === 'coordinator'
      if (isItsBusiness) events.emit('problem', problem(why, false))
      members.lose(id, 'refused')
    },
    whyNot: (name) => (barred.has(name) ? 'shut-out' : banned.why(name)),
    bar(deviceKeys) {
      barred = new Set(deviceKeys)
      for (const { id, deviceKey } of [...members.peers.values()])
        if (barred.has(deviceKey)) dismiss(id, 'shut-out')
    },
  }
}
