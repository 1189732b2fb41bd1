/**
 * How the coordinator speaks to devices, by their keys. What it says is signed on its way, one after the other, so that all
 * arrives in the order in which it was said. A message that cannot be sent is no news where a link has ended: the network
 * reports who left. One that is too long would never arrive, and somebody should know.
 */

import type { DeviceKey } from '../../federation/types'
import { oneByOne } from '../../lib/async'
import { sentence } from '../../lib/sentence'
import type { Network, Peer, PeerId } from '../../network/network'
import type { Notary } from '../coordinator/notary'
import type { Tab } from '../tab/tab'
import type { ToDevice } from '../wire/messages'

export interface Post {
  send(to: DeviceKey, message: ToDevice, attachment?: Uint8Array): void
  /** To one life of a device. */
  sendTo(peer: Pick<Peer, 'id' | 'deviceKey'>, message: ToDevice): void
  /** To everybody, to each in its own words. */
  broadcast(messageTo: (device: DeviceKey) => ToDevice): void
}

export function postOf(tab: Pick<Tab, 'problem'>, network: Network, sign: Notary): Post {
  const inTurn = oneByOne()
  const deliver = (peer: PeerId, to: DeviceKey, message: ToDevice, attachment?: Uint8Array) =>
    void inTurn(async () => {
      const signed = await sign(to, message)
      network.send(peer, signed, { attachment }).catch((error: unknown) => {
        if (error instanceof RangeError)
          tab.problem('not-sent', `${sentence(error.message)} It was not sent.`)
      })
    })
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
      for (const id of peersOf.get(to) ?? []) deliver(id, to, message, attachment)
    },
    sendTo: ({ id, deviceKey }, message) => deliver(id, deviceKey, message),
    broadcast(messageTo) {
      for (const { id, deviceKey } of network.peers.values()) deliver(id, deviceKey, messageTo(deviceKey))
    },
  }
}
