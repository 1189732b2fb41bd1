/** What every way into a room needs: a secure page, a transport, complaints about peers that cannot be reached, a goodbye. */

import type { Exchange } from './exchange/exchange'
import type { Identity } from './identity/identity'
import type { OwnKey } from './keys'
import type { PeerId } from './network'
import type { Pace } from './presence/presence'
import { NetworkError, problem } from './problems'
import { seatTokenOf } from './seat'
import type { Clock } from './time/clock'
import type { Transport } from './transport/transport'

/** What tests and simulations put in place of this tab's clock, identity and transport, and of how often tabs ask after each other. */
export interface Surroundings {
  readonly clock?: Clock
  readonly identity?: Identity
  readonly pace?: Pace
  transport?(self: PeerId, seatToken: string): Transport
  /** Hears of every frame that leaves: what it is part of, by its message's kind, and how long it is. */
  onSent?(to: PeerId, kind: string, bytes: number, isAttached: boolean): void
}

export function assertSecure({ isAvailable }: Identity): void {
  if (!isAvailable) throw new NetworkError('insecure-context')
}

/** What real ways into a room are made of is loaded where one is taken: the first of them runs in browsers only. */
export async function transportFor(
  self: PeerId,
  clock: Clock,
  identity: Identity,
  own: OwnKey,
  { transport }: Surroundings,
): Promise<Transport> {
  const token = await seatTokenOf(identity, own, self)
  if (transport) return transport(self, token)
  const { chooseTransport } = await import('./transport/combined/choose-transport')
  return chooseTransport(self, clock, identity, token)
}

/** Each peer that cannot be reached is worth one complaint, for as long as a link to it is missing. */
export function unreachablePeers(
  network: Exchange,
  words: 'peer-unreachable' | 'device-unreachable' | 'neighbour-unreachable',
) {
  const peers = new Set<PeerId>()
  return {
    hasAny: () => peers.size > 0,
    unreachable(peer: PeerId) {
      if (!peers.has(peer)) network.emit('problem', problem('peer-unreachable', false, words))
      peers.add(peer)
    },
    settle(peer: PeerId) {
      if (peers.delete(peer) && peers.size === 0) network.emit('cleared', 'peer-unreachable')
    },
  }
}

/** Others learn within 50 ms that this tab goes, instead of by its silence. */
export function leaveWithThePage(network: Exchange): void {
  if (typeof window !== 'undefined') window.addEventListener('pagehide', () => void network.leave())
}
