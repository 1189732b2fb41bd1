/**
 * Who is connected to whom, and which of two ends dials. Everybody is linked to the coordinator; any two others are once
 * one of them asks for it (`Network.reach`), for an edge and its devices, say, or neighbours that gossip. Nothing else
 * knows the shape.
 */
import { isCoordinator, parsePeerId } from './ids'
import type { PeerId } from './network'

/** A coordinator and somebody of its room: always linked. */
export function wantsLink(self: PeerId, peer: PeerId): boolean {
  return (isCoordinator(self) || isCoordinator(peer)) && mayLink(self, peer)
}

/** Two of one room, but never two coordinators: those are rivals. */
export function mayLink(self: PeerId, peer: PeerId): boolean {
  const [own, other] = [parsePeerId(self), parsePeerId(peer)]
  if (!own || !other || self === peer || own.room !== other.room) return false
  return own.role !== 'coordinator' || other.role !== 'coordinator'
}

/** Both see each other at about the same time; without a rule both would dial and get two connections. */
export const dialsFirst = (self: PeerId, peer: PeerId): boolean => self < peer
