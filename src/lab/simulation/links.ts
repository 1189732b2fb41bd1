/**
 * The air between simulated devices: each pair has a link of its own, as far and as wide as it was drawn, and every byte
 * on it is counted by the kind of the link and by what it was part of.
 */
import type { PeerId } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import { type FaultyTransport, faultyTransport } from '../../network/transport/memory/faulty-transport'
import { memoryHub } from '../../network/transport/memory/memory-transport'
import type { Draws } from './draws'

export interface Links {
  /** A node's way into the room: one for each of its lives. */
  transport(key: string): (self: PeerId) => FaultyTransport
  /** A node has sent a frame of so many bytes, of a message of this kind. */
  sent(key: string, to: PeerId, kind: string, bytes: number, isAttached: boolean): void
  readonly lan: number
  readonly wan: number
  /** Bytes by the kind of link and of message, as in `wan update`; what was attached to it by itself, as in `wan update attached`. */
  byCargo(): Readonly<Record<string, number>>
}

export function linksOf(draws: Draws, clock: Clock): Links {
  const hub = memoryHub(clock)
  const keys = new Map<PeerId, string>()
  const total = { lan: 0, wan: 0 }
  const cargoes = new Map<string, number>()
  const { seed } = draws.settings
  return {
    transport: (key) => (self) => {
      keys.set(self, key)
      return faultyTransport(hub.transport(self), seed, clock, (peer) => {
        const { roundTripMs, bytesPerSecond } = draws.link(key, keys.get(peer) ?? key)
        return { delayMs: roundTripMs / 2, bytesPerSecond, jitter: 0, loss: 0 }
      })
    },
    sent(key, to, kind, bytes, isAttached) {
      const link = draws.link(key, keys.get(to) ?? key).kind
      if (link === 'self') return
      total[link] += bytes
      const cargo = `${link} ${kind}${isAttached ? ' attached' : ''}`
      cargoes.set(cargo, (cargoes.get(cargo) ?? 0) + bytes)
    },
    get lan() {
      return total.lan
    },
    get wan() {
      return total.wan
    },
    byCargo: () => Object.fromEntries(cargoes),
  }
}
