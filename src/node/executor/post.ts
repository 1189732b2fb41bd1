/**
 * How the coordinator speaks to devices, by their keys. A message that cannot be sent is no news where a link has ended: the
 * network reports who left. One that is too long would never arrive, and somebody should know.
 */
import type { DeviceKey } from '../../federation/types'
import type { Network } from '../../network/network'
import type { Tab } from '../tab/tab'
import type { FromCoordinator } from '../wire/messages'

export interface Post {
  send(to: DeviceKey, message: FromCoordinator, attachment?: Uint8Array): void
  broadcast(message: FromCoordinator): void
}

export function postOf(tab: Pick<Tab, 'problem'>, network: Network): Post {
  const deliver = (peer: string, message: FromCoordinator, attachment?: Uint8Array) => {
    network.send(peer, message, { attachment }).catch((error: unknown) => {
      if (error instanceof RangeError) tab.problem('not-sent', `${error.message} It was not sent.`)
    })
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
