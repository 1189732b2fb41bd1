/**
 * Whom a node wants to be connected to, and which of two ends dials. A star for now: everybody to the coordinator. A
 * mesh of edges or a gossip ring is another rule in this place; nothing else knows the shape.
 */
import { parsePeerId } from './ids'
import type { PeerId } from './network'

export function wantsLink(self: PeerId, peer: PeerId): boolean {
  const [own, other] = [parsePeerId(self), parsePeerId(peer)]
  if (!own || !other || self === peer || own.room !== other.room) return false
  return (own.role === 'coordinator') !== (other.role === 'coordinator')
}

/** Both see each other at about the same time; without a rule both would dial and get two connections. */
export const dialsFirst = (self: PeerId, peer: PeerId): boolean => self < peer
