/**
 * What the coordinator says to edges, and what it learns from them beside their updates: how each of their devices trained,
 * and how many bytes stayed between them.
 */
import type { DeviceKey, Effect } from '../../federation/types'
import type { Network } from '../../network/network'
import { learningRateIn } from '../../settings/derived/learningRate'
import type { Post } from '../executor/post'
import type { Trained, Updates } from '../executor/updates'
import type { Engine, Tab } from '../tab/tab'
import type { Forward } from '../wire/messages'
import type { PoolMember } from '../wire/parts'
import { runsOf } from '../wire/pool'

export interface EdgesParts {
  readonly tab: Tab
  readonly network: Network
  readonly engine: () => Engine
  readonly send: Post['send']
  readonly updates: Updates
  readonly pool: () => readonly PoolMember[]
}

export interface Edges {
  perform(effect: Effect & { type: 'order-edge' | 'edge-devices' | 'attach' }): void
  /** @returns false: it is the result of an order from before this tab was reloaded, for other devices than were named since */
  forwarded(edge: DeviceKey, forward: Forward): boolean
  /** The same with the devices behind each edge in its place. */
  spread(contributors: ReadonlyMap<DeviceKey, Trained>): ReadonlyMap<DeviceKey, Trained>
  /** Between all edges and their devices so far. */
  lanBytes(): number
}

export function edgesOf({ tab, network, engine, send, updates, pool }: EdgesParts): Edges {
  const trained = new Map<DeviceKey, Forward['trained']>()
  /** By edge: the devices that it was told of in this round. */
  const named = new Map<DeviceKey, { readonly round: number; readonly devices: Set<DeviceKey> }>()
  /** By the edge's peer: an edge that reloads counts from 0. */
  const lanBytes = new Map<string, number>()
  let number = 0
  const peerOf = (key: DeviceKey) =>
    [...network.peers.values()].find(({ deviceKey }) => deviceKey === key)?.id ?? ''

  return {
    perform(effect) {
      switch (effect.type) {
        case 'order-edge': {
          const { settings } = tab.store.getState()
          const { to, order } = effect
          const [{ batch }, learningRate] = [settings, learningRateIn(settings, order.round)]
          updates.ordered(to, order.round, order, engine().opened.adapter.rank)
          const devices = [...order.devices]
          named.set(to, { round: order.round, devices: new Set(devices) })
          const assigned = order.assigned && { ...order.assigned }
          const secure = order.secure && { ...order.secure }
          const common = { devices, assigned, secure, batch, learningRate, pool: runsOf(pool()) }
          return send(to, { type: 'edge-order', number: ++number, ...order, ...common })
        }
        case 'edge-devices':
          for (const device of effect.devices) named.get(effect.to)?.devices.add(device)
          return send(effect.to, {
            type: 'edge-devices',
            number: ++number,
            round: effect.round,
            devices: [...effect.devices],
          })
        case 'attach': {
          const { device, to } = effect
          const edge = to === null ? null : { key: to, peer: peerOf(to) }
          return send(device, { type: 'attach', number: ++number, edge })
        }
      }
    },
    forwarded(edge, forward) {
      const own = named.get(edge)
      const isMeant = own?.round === forward.round
      if (!isMeant || Object.keys(forward.trained).some((key) => !own.devices.has(key))) return false
      trained.set(edge, forward.trained)
      lanBytes.set(peerOf(edge), forward.lanBytes)
      return true
    },
    spread: (contributors) =>
      new Map([...contributors].flatMap(([key, own]) => Object.entries(trained.get(key) ?? { [key]: own }))),
    lanBytes: () => [...lanBytes.values()].reduce((sum, bytes) => sum + bytes, 0),
  }
}
