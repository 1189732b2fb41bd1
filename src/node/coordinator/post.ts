/** How the coordinator speaks to devices, by their keys. A message that cannot be sent is no news: the network reports who left. */
import type { DeviceKey } from '../../federation/types'
import type { Network } from '../../network/network'
import type { FromCoordinator } from '../messages'

export interface Post {
  send(to: DeviceKey, message: FromCoordinator, attachment?: Uint8Array): void
  broadcast(message: FromCoordinator): void
}

export function postOf(network: Network): Post {
  const deliver = (peer: string, message: FromCoordinator, attachment?: Uint8Array) => {
    network.send(peer, message, { attachment }).catch(() => {})
  }
  return {
    send(to, message, attachment) {
      for (const { id, deviceKey } of network.peers.values())
        if (deviceKey === to) deliver(id, message, attachment)
    },
    broadcast(message) {
      for (const id of network.peers.keys()) deliver(id, message)
    },
  }
}
