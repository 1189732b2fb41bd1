import { describe, expect, it } from 'vitest'
import type { EdgeOrder } from '../../federation/events'
import { defaultSettings } from '../../settings/reading'
import type { Forward } from '../wire/messages'
import { type EdgesParts, edgesOf } from './edges'

const parts = {
  tab: { store: { getState: () => ({ settings: defaultSettings }) } },
  network: { peers: new Map() },
  engine: () => ({ opened: { adapter: { rank: 1 } } }),
  send: () => {},
  updates: { ordered: () => {} },
  pool: () => [],
} as unknown as EdgesParts

const orderOf = (round: number, devices: readonly string[]): EdgeOrder => ({
  round,
  adapter: 'global',
  version: 0,
  edgeRounds: 1,
  steps: 1,
  proximal: 0,
  devices,
  assigned: null,
  deadlineMs: 1000,
  secure: null,
})
const resultOf = (round: number, ...devices: string[]): Forward => ({
  type: 'forward',
  round,
  manifest: { baseHash: 'ab'.repeat(32), rank: 1, alpha: 1, targets: [], dtype: 'none' },
  version: 0,
  examples: 4,
  loss: 1,
  hash: 'ab'.repeat(32),
  trained: Object.fromEntries(devices.map((device) => [device, { loss: 1, examples: 4 }])),
  lanBytes: 0,
})

describe('an edge’s result', () => {
  it('is of an order from before a reload where it brings a device that was not named since: another edge may have it', () => {
    const edges = edgesOf(parts)
    expect(edges.forwarded('e', resultOf(1, 'a'))).toBe(false)
    edges.perform({ type: 'order-edge', to: 'e', order: orderOf(1, ['b', 'c']) })
    expect(edges.forwarded('e', resultOf(1, 'a'))).toBe(false)
    expect(edges.forwarded('e', resultOf(2, 'b'))).toBe(false)
    expect(edges.forwarded('e', resultOf(1, 'b'))).toBe(true)
    edges.perform({ type: 'edge-devices', to: 'e', round: 1, devices: ['b', 'a'] })
    expect(edges.forwarded('e', resultOf(1, 'a', 'b'))).toBe(true)
  })
})
