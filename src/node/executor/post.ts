/**
 * How the coordinator speaks to devices, by their keys. A message that cannot be sent is no news where a link has ended: the
 * network reports who left. One that is too long would never arrive, and somebody should know.
 */

import type { DeviceKey } from '../../federation/types'
import { sentence } from '../../lib/sentence'
import type { Network, Peer, PeerId } from '../../network/network'
import type { Tab } from '../tab/tab'
import type { FromCoordinator } from '../wire/messages'

export interface Post {
  send(to: DeviceKey, message: FromCoordinator, attachment?: Uint8Array): void
  /** To everybody, to each in its own words. */
  broadcast(messageTo: (device: DeviceKey) => FromCoordinator): void
}

export function postOf(tab: Pick<Tab, 'problem'>, network: Network): Post {
  const deliver = (peer: string, message: FromCoordinator, attachment?: Uint8Array) => {
    network.send(peer, message, { attachment }).catch((error: unknown) => {
      if (error instanceof RangeError) tab.problem('not-sent', `${sentence(error.message)} It was not sent.`)
    })
  }
  const peersOf = new Map<DeviceKey, Set<PeerId>>()
  const meet = ({ id, deviceKey }: Peer) =>
    peersOf.set(deviceKey, (peersOf.get(deviceKey) ?? new Set()).add(id))
  for (const peer of network.peers.values()) meet(peer)
  network.on('join', meet)
  network.on('leave', ({ id, deviceKey }) => {
    const peers = peersOf.get(deviceKey)
    if (peers?.delete(id) && peers.size === 0) peersOf.delete(deviceKey)
  })
  return {
    send(to, message, attachment) {
      for (const id of peersOf.get(to) ?? []) deliver(id, message, attachment)
    },
    broadcast(messageTo) {
      for (const { id, deviceKey } of network.peers.values()) deliver(id, messageTo(deviceKey))
    },
  }
}
