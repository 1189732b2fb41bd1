import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../lib/hash'
import { decodeAdapter } from '../../model/adapter'
import { federatingOf } from '../../settings/derived/merging'
import { defaultSettings } from '../../settings/reading'
import { towards, toyCompute } from '../fixtures/room'
import { holdAdapter } from './holding'

/** Loads whole versions of adapters, all with the same numbers. */
async function device() {
  const opened = await toyCompute(() => towards(0)).open({
    model: 'toy',
    backend: 'cpu',
    adapter: { rank: 1, alpha: 2, targets: ['w'] },
    seed: 1,
  })
  const bytes = opened.initialAdapter
  const like = decodeAdapter(bytes, opened.adapter)
  const holding = holdAdapter(() => federatingOf(defaultSettings))
  const load = (adapter: string, version: number) =>
    holding.load(
      { type: 'adapter', adapter, version, hash: sha256Hex(bytes), folds: 0, change: null },
      bytes,
      like,
    )
  return { holding, load }
}

describe('a version that comes again, after the room has gone on', () => {
  it('is late, whoever sends it, and what is held stays', async () => {
    const { holding, load } = await device()
    expect([load('global', 3), load('global', 4), load('global', 3)]).toEqual(['loaded', 'loaded', 'late'])
    expect(holding.current()?.name).toEqual({ adapter: 'global', version: 4 })
    expect(load('global', 4)).toBe('loaded')
  })

  it('is none where it is of another adapter, or an edge’s, which counts anew in each life of its tab', async () => {
    const { load } = await device()
    expect([load('global', 4), load('cluster-1', 2), load('edge-a', 7), load('edge-a', 1)]).toEqual(
      Array.from({ length: 4 }, () => 'loaded'),
    )
  })

  it('is what stands once a coordinator that had to go back greets', async () => {
    const { holding, load } = await device()
    load('global', 4)
    holding.greeted()
    expect(load('global', 3)).toBe('loaded')
  })
})
