/**
 * To whom a tab wants links beside those that a room has anyway (`topology.ts`), and what for. Several parts of a tab want
 * links for reasons of their own; a link is wanted while any of them does.
 */
import type { PeerId } from '../network'

export interface Wishes {
  has(peer: PeerId): boolean
  /** For this purpose these, and no others any more. @returns who is wanted for the first time, and who by nobody now */
  wish(purpose: string, peers: Iterable<PeerId>): { readonly begun: PeerId[]; readonly ended: PeerId[] }
}

export function wishesOf(): Wishes {
  const wanted = new Map<string, ReadonlySet<PeerId>>()
  const all = () => new Set([...wanted.values()].flatMap((peers) => [...peers]))
  return {
    has: (peer) => [...wanted.values()].some((peers) => peers.has(peer)),
    wish(purpose, peers) {
      const before = all()
      wanted.set(purpose, new Set(peers))
      const after = all()
      return {
        begun: [...after].filter((peer) => !before.has(peer)),
        ended: [...before].filter((peer) => !after.has(peer)),
      }
    },
  }
}
