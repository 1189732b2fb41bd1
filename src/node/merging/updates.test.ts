import { describe, expect, it } from 'vitest'
import { changeOf, normOf } from '../../federation/aggregation/algebra/models'
import { globalOf } from '../../federation/aggregation/global/fold'
import { sha256Hex } from '../../lib/hash'
import { encodeAdapter } from '../../model/adapter'
import { defaultSettings } from '../settings'
import { federatingOf } from '../wire/federating'
import { keepUpdates } from './updates'
import { keepAdapters } from './versions'

const config = { rank: 1, alpha: 2, targets: ['w'] }
const start = {
  config,
  tensors: new Map([
    ['w.lora_A.weight', { shape: [1, 2], data: Float32Array.of(1, 1) }],
    ['w.lora_B.weight', { shape: [2, 1], data: Float32Array.of(0, 0) }],
  ]),
}
const from = { adapter: 'global', version: 0 }

function room(compression: 'none' | 'int8' | 'topk-int8' = 'none') {
  const federating = federatingOf({ ...defaultSettings, compression })
  const kept = { federating: () => federating, config: () => config, versions: () => 2 }
  const adapters = keepAdapters(kept, encodeAdapter(start), [])
  const manifest = { baseHash: 'ab'.repeat(32), ...config, dtype: compression }
  const updates = keepUpdates(
    () => federating,
    () => adapters,
    () => manifest,
  )
  const bytesOf = (size: number) => {
    const delta = new Map(
      [...start.tensors].map(([name, { shape, data }]) => [name, { shape, data: data.map(() => size) }]),
    )
    return federating.up.encode(delta, null, 1).bytes
  }
  const send = (device: string, size: number, change = {}, bytes = bytesOf(size)) => {
    const message = { type: 'update', round: 1, version: 0, examples: 4, loss: 1, manifest } as const
    return updates.take(device, { ...message, hash: sha256Hex(bytes), ...change }, bytes)
  }
  return { updates, send, manifest, bytesOf }
}

describe('an update', () => {
  it('is kept where it is what was agreed', () => {
    const { updates, send } = room('int8')
    updates.ordered('a', 1, from, 1)
    expect(send('a', 0.5)).toBeNull()
    expect(updates.latest(['a', 'b']).size).toBe(1)
  })

  it.each([
    ['another base', { baseHash: 'cd'.repeat(32) }, /another base model/],
    ['another rank', { rank: 2 }, /its rank is 2/],
    ['another alpha', { alpha: 3 }, /its alpha is 3/],
    ['other targets', { targets: ['v'] }, /it adapts v instead of w/],
    ['another coding', { dtype: 'int4' }, /its numbers are int4/],
  ])('from %s is refused in words', (_, change, complaint) => {
    const { updates, send, manifest } = room()
    updates.ordered('a', 1, from, 1)
    expect(send('a', 0.5, { manifest: { ...manifest, ...change } })).toMatch(complaint)
  })

  it('is refused where it is damaged, diverged, unasked for or coded otherwise', () => {
    const { updates, send } = room('topk-int8')
    expect(send('a', 0.5)).toMatch(/nobody here asked/)
    updates.ordered('a', 1, from, 1)
    expect(send('a', 0.5, { hash: 'ee'.repeat(32) })).toMatch(/do not match their hash/)
    expect(send('a', 0.5, { loss: null })).toMatch(/NaN or infinite/)
    expect(send('a', 0.5, { examples: 0 })).toMatch(/0 examples/)
    expect(send('a', 0.5, {}, new Uint8Array(40))).toMatch(/other settings/)
    expect(send('a', 0.5, {}, new Uint8Array(3))).toMatch(/cut off/)
    expect(updates.latest(['a']).size).toBe(0)
  })

  /** What becomes of updates of such sizes, from devices of equal weight. */
  function merge(sizes: Readonly<Record<string, number>>) {
    const { updates, send } = room()
    const devices = Object.keys(sizes)
    for (const device of devices) {
      updates.ordered(device, 1, from, 1)
      expect(send(device, sizes[device])).toBeNull()
    }
    const asked = devices.map((device) => ({ device, round: 1, weight: 1 / devices.length }))
    const name = { adapter: 'global', version: 1 }
    const effect = { type: 'merge', round: 1, ...name, from, relativeTo: 'start', updates: asked } as const
    return updates.forMerge(effect, globalOf(start))
  }

  it('that changes the model far more than the others do is shortened, and nobody is left out', () => {
    const { updates, complaints } = merge({ a: 0.1, b: 0.1, c: 30 })
    const lengths = updates.map((update) => normOf(changeOf(update)))
    expect(lengths[2] / lengths[0]).toBeCloseTo(2, 5)
    expect(updates.map(({ weight }) => weight)).toEqual([1 / 3, 1 / 3, 1 / 3])
    expect(complaints).toEqual([])
  })

  it('that is tiny expels nobody', () => {
    const { updates } = merge({ honest: 4, tiny: 1e-3 })
    expect(updates.map(({ device }) => device)).toEqual(['honest', 'tiny'])
    expect(updates[0].delta.values().next().value!.data[0]).toBe(4)
  })

  it('whose length is no number is left out', () => {
    const { updates, complaints } = merge({ a: 1, b: 3e38 })
    expect(updates.map(({ device, weight }) => [device, weight])).toEqual([['a', 1]])
    expect(complaints).toMatchObject([
      { device: 'b', complaint: expect.stringMatching(/more than a number/) },
    ])
  })
})
