import { describe, expect, it } from 'vitest'
import { adapterHash } from '../../model/adapter'
import { aggregate } from './aggregate'
import { exportAdapter, fullRank } from './exportAdapter'
import { decodeGlobal, encodeGlobal, globalHash } from './global/bytes'
import { globalOf } from './global/fold'
import { fedex } from './rules/fedex'
import { denseGlobal, furthest, randomRound, settings } from './rules/testing'

const { current, updates } = randomRound(5, 3)
const { global } = aggregate(fedex, current, updates, settings)

describe('an export', () => {
  it('of a model with nothing folded is its adapter, bit for bit', () => {
    const { adapter, error } = exportAdapter(current, 2)
    expect(adapter).toBe(current.adapter)
    expect(error.absolute).toBe(0)
  })

  it('holds the whole model where its rank suffices', () => {
    expect(fullRank(global)).toBe(6) // rank 2 of the adapter and (3 - 1) 2 of the residual
    const { adapter, error } = exportAdapter(global, 6)
    expect(adapter.config).toEqual({ ...current.adapter.config, rank: 6, alpha: 12 })
    expect(furthest(denseGlobal(globalOf(adapter)), denseGlobal(global))).toBeLessThan(1e-5)
    expect(error.relative).toBeLessThan(1e-6)
  })

  it('says what a smaller rank loses', () => {
    const errors = [1, 2, 4].map((rank) => exportAdapter(global, rank).error.relative)
    expect(errors[0]).toBeGreaterThan(errors[1])
    expect(errors[1]).toBeGreaterThan(errors[2])
    expect(errors[2]).toBeGreaterThan(1e-4)
  })
})

describe('a global adapter as bytes', () => {
  it('comes back', () => {
    const { config } = global.adapter
    expect(decodeGlobal(encodeGlobal(global), config, 1)).toEqual({
      adapter: { config, tensors: new Map([...global.adapter.tensors].sort(([a], [b]) => (a < b ? -1 : 1))) },
      folded: new Map([...global.folded].sort(([a], [b]) => (a < b ? -1 : 1))),
      folds: 1,
    })
  })

  it('has the hash of its adapter while nothing is folded, and another one afterwards', () => {
    expect(globalHash(current)).toBe(adapterHash(current.adapter))
    expect(globalHash(global)).not.toBe(adapterHash(global.adapter))
  })
})
