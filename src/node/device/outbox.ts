/**
 * How a device speaks: to its coordinator, to its edge, and, where it merges for others, to its devices. It may be its own
 * edge's device; what the two say to each other stays in this tab and arrives later, as over a wire.
 */
import type { DeviceKey } from '../../federation/types'
import { emitter } from '../../lib/emitter'
import type { Network, PeerId } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import type { FromCoordinator, FromDevice } from '../wire/messages'

/** Whoever sent an adapter or an order is told what came of it. */
export type Reply = (message: FromDevice, attachment?: Uint8Array) => void

/** What this tab says to itself. */
type Loopback = {
  toEdge: [message: FromDevice, attachment: Uint8Array | null]
  toDevice: [message: FromCoordinator, attachment: Uint8Array | null]
}

export class Outbox {
  readonly #network: Network
  readonly #clock: Clock
  readonly #selfKey: DeviceKey
  readonly #loopback = emitter<Loopback>()

  constructor(network: Network, clock: Clock, selfKey: DeviceKey) {
    this.#network = network
    this.#clock = clock
    this.#selfKey = selfKey
  }

  /** Hears what this tab says to itself. */
  readonly on = this.#loopback.on

  /** To the coordinator. A message that cannot be sent is no news: the network reports who left. */
  readonly say: Reply = (message, attachment) => {
    const coordinator = [...this.#network.peers.values()].find(({ role }) => role === 'coordinator')
    if (coordinator) this.#post(coordinator.id, message, attachment)
  }

  /** To an edge, which may be this tab itself. */
  toEdge(edge: PeerId, message: FromDevice, attachment?: Uint8Array): void {
    if (edge !== this.#network.self) return this.#post(edge, message, attachment)
    this.#clock.after(0, () => this.#loopback.emit('toEdge', message, attachment ?? null))
  }

  /** As an edge, to one of its devices, which may be this tab itself. */
  toDevice(key: DeviceKey, message: FromCoordinator, attachment?: Uint8Array): void {
    if (key === this.#selfKey)
      return void this.#clock.after(0, () => this.#loopback.emit('toDevice', message, attachment ?? null))
    for (const { id, deviceKey } of this.#network.peers.values())
      if (deviceKey === key) this.#post(id, message, attachment)
  }

  #post(to: PeerId, message: FromCoordinator | FromDevice, attachment?: Uint8Array): void {
    this.#network.send(to, message, { attachment }).catch(() => {})
  }
}
