import { describe, expect, it } from 'vitest'
import { changeOf, normOf } from '../../federation/aggregation/algebra/models'
import { globalOf } from '../../federation/aggregation/global/fold'
import { federatingOf } from '../../settings/derived/merging'
import { defaultSettings } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import { KeptUpdates } from './updates'

const config = { rank: 1, alpha: 2, targets: ['w'] }
const start = {
  config,
  tensors: new Map([
    ['w.lora_A.weight', { shape: [1, 2], data: Float32Array.of(1, 1) }],
    ['w.lora_B.weight', { shape: [2, 1], data: Float32Array.of(0, 0) }],
  ]),
}
const from = { adapter: 'global', version: 0 }

/** What becomes of updates of such sizes, from devices of equal weight. */
function merge(
  sizes: Readonly<Record<string, number>>,
  { longest, ...change }: Partial<Settings> & { readonly longest?: Readonly<Record<string, number>> } = {},
) {
  const updates = new KeptUpdates()
  const federating = federatingOf({ ...defaultSettings, ...change })
  const devices = Object.keys(sizes)
  for (const device of devices) {
    const delta = new Map(
      [...start.tensors].map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map(() => sizes[device]) },
      ]),
    )
    const arrived = { device, round: 1, from, rank: 1, examples: 4, hash: null, form: 'change' } as const
    const { bytes } = federating.up.encode(delta, null, 1)
    expect(updates.take(federating, globalOf(start), arrived, bytes)).toBeNull()
  }
  const asked = devices.map((device) => ({ device, round: 1, weight: 1 / devices.length }))
  const name = { adapter: 'global', version: 1 }
  const effect = { type: 'merge', round: 1, ...name, from, relativeTo: 'start', updates: asked } as const
  return updates.forMerge(federating, { ...effect, longest }, globalOf(start))
}

describe('an update of a merge', () => {
  it('that changes the model far more than the others do is shortened, and nobody is left out', () => {
    const { updates, refused } = merge({ a: 0.1, b: 0.1, c: 30 })
    const lengths = updates.map((update) => normOf(changeOf(update)))
    expect(lengths[2] / lengths[0]).toBeCloseTo(2, 5)
    expect(updates.map(({ weight }) => weight)).toEqual([1 / 3, 1 / 3, 1 / 3])
    expect(refused).toEqual([])
  })

  it('that is tiny expels nobody', () => {
    const { updates } = merge({ honest: 4, tiny: 1e-3 })
    expect(updates.map(({ device }) => device)).toEqual(['honest', 'tiny'])
    expect(updates[0].delta.values().next().value!.data[0]).toBe(4)
  })

  it('is no longer than the merge says, and the ledger hears how long it was', () => {
    const free = merge({ a: 0.1, b: 0.1 }).contributions[0].length
    const { updates, contributions } = merge({ a: 0.1, b: 0.1 }, { longest: { a: 3 * free, b: free / 2 } })
    const lengths = updates.map((update) => normOf(changeOf(update)))
    expect(lengths).toEqual([expect.closeTo(free, 6), expect.closeTo(free / 2, 6)])
    expect(contributions).toEqual([
      { device: 'a', weight: 0.5, length: expect.closeTo(free, 6) },
      { device: 'b', weight: 0.5, length: expect.closeTo(free / 2, 6) },
    ])
    const bounded = merge({ a: 0.1, b: 0.1, c: 30 }).contributions.map(({ length }) => length)
    expect(bounded[2] / bounded[0]).toBeCloseTo(2, 5)
  })

  it('whose length is no number is left out', () => {
    const { updates, refused } = merge({ a: 1, b: 3e38 })
    expect(updates.map(({ device, weight }) => [device, weight])).toEqual([['a', 1]])
    expect(refused).toMatchObject([{ device: 'b', complaint: expect.stringMatching(/more than a number/) }])
  })

  it('is as long as it wants to be where nothing is to be bounded', () => {
    const { updates } = merge({ a: 0.1, b: 0.1, c: 30 }, { robust: [] })
    expect(updates[2].delta.values().next().value!.data[0]).toBe(30)
  })

  it('that a robust rule doubts is left out, and its device told why', () => {
    const sizes = { a: 0.1, b: 0.11, c: 0.09, d: 0.1, e: 0.1, liar: -0.2 }
    const { updates, refused, weakened } = merge(sizes, { robust: ['norm-bound', 'multi-krum'] })
    expect(updates.map(({ device }) => device)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(updates.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1)
    expect(refused).toEqual([{ device: 'liar', round: 1, complaint: expect.stringMatching(/furthest/) }])
    expect(weakened).toBeNull()
  })

  it('counts as it is where there are too few to doubt, which is said', () => {
    const { updates, weakened } = merge({ a: 0.1, liar: -0.2 }, { robust: ['multi-krum'] })
    expect(updates).toHaveLength(2)
    expect(weakened).toMatch(/^2 updates are too few for “multi-krum”/)
  })
})
