/**
 * What the coordinator says to edges, and what it learns from them beside their updates: how each of their devices trained,
 * and how many bytes stayed between them.
 */
import type { DeviceKey, Effect } from '../../federation/types'
import type { Network } from '../../network/network'
import type { Post } from '../executor/post'
import type { Trained, Updates } from '../executor/updates'
import type { Engine, Tab } from '../tab/tab'
import type { Forward, PoolMember } from '../wire/messages'
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
  forwarded(edge: DeviceKey, forward: Forward): void
  /** The same with the devices behind each edge in its place. */
  spread(contributors: ReadonlyMap<DeviceKey, Trained>): ReadonlyMap<DeviceKey, Trained>
  /** Between all edges and their devices so far. */
  lanBytes(): number
}

export function edgesOf({ tab, network, engine, send, updates, pool }: EdgesParts): Edges {
  const trained = new Map<DeviceKey, Forward['trained']>()
  /** By the edge's peer: an edge that reloads counts from 0. */
  const lanBytes = new Map<string, number>()
  const peerOf = (key: DeviceKey) =>
    [...network.peers.values()].find(({ deviceKey }) => deviceKey === key)?.id ?? ''

  return {
    perform(effect) {
      switch (effect.type) {
        case 'order-edge': {
          const { batch, lr: learningRate } = tab.store.getState().settings
          const { to, order } = effect
          updates.ordered(to, order.round, order, engine().opened.adapter.rank)
          const devices = [...order.devices]
          const assigned = order.assigned && { ...order.assigned }
          const common = { devices, assigned, batch, learningRate, pool: runsOf(pool()) }
          return send(to, { type: 'edge-order', ...order, ...common })
        }
        case 'edge-devices':
          return send(effect.to, {
            type: 'edge-devices',
            round: effect.round,
            devices: [...effect.devices],
          })
        case 'attach': {
          const { device, to } = effect
          const edge = to === null ? null : { key: to, peer: peerOf(to) }
          return send(device, { type: 'attach', edge })
        }
      }
    },
    forwarded(edge, forward) {
      trained.set(edge, forward.trained)
      lanBytes.set(peerOf(edge), forward.lanBytes)
    },
    spread: (contributors) =>
      new Map([...contributors].flatMap(([key, own]) => Object.entries(trained.get(key) ?? { [key]: own }))),
    lanBytes: () => [...lanBytes.values()].reduce((sum, bytes) => sum + bytes, 0),
  }
}
