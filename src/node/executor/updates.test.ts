import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../lib/hash'
import { encodeAdapter } from '../../model/adapter'
import { federatingOf } from '../../settings/derived/merging'
import { defaultSettings } from '../../settings/reading'
import { createMerger } from '../merging/merger'
import { termsOf } from '../merging/terms'
import { Updates } from './updates'

const config = { rank: 1, alpha: 2, targets: ['w'] }
const start = {
  config,
  tensors: new Map([
    ['w.lora_A.weight', { shape: [1, 2], data: Float32Array.of(1, 1) }],
    ['w.lora_B.weight', { shape: [2, 1], data: Float32Array.of(0, 0) }],
  ]),
}
const from = { adapter: 'global', version: 0 }

async function room(compression: 'none' | 'int8' | 'topk-int8' = 'none') {
  const settings = { ...defaultSettings, compression }
  const merging = createMerger()
  await merging.begin(config, encodeAdapter(start), [])
  const manifest = { baseHash: 'ab'.repeat(32), ...config, dtype: compression }
  const updates = new Updates(
    merging,
    () => termsOf(settings, 'coordinator', 2),
    () => manifest,
  )
  const bytesOf = (size: number) => {
    const delta = new Map(
      [...start.tensors].map(([name, { shape, data }]) => [name, { shape, data: data.map(() => size) }]),
    )
    return federatingOf(settings).up.encode(delta, null, 1).bytes
  }
  const send = (device: string, size: number, change = {}, bytes: Uint8Array | null = bytesOf(size)) => {
    const message = { type: 'update', round: 1, version: 0, examples: 4, loss: 1, manifest } as const
    return updates.take(device, { ...message, hash: sha256Hex(bytes ?? new Uint8Array()), ...change }, bytes)
  }
  return { updates, send, manifest }
}

describe('an update', () => {
  it('is kept where it is what was agreed', async () => {
    const { updates, send } = await room('int8')
    updates.ordered('a', 1, from, 1)
    expect(await send('a', 0.5)).toBeNull()
    expect(updates.latest(['a', 'b']).size).toBe(1)
  })

  it.each([
    ['another base', { baseHash: 'cd'.repeat(32) }, /another base model/],
    ['another rank', { rank: 2 }, /its rank is 2/],
    ['another alpha', { alpha: 3 }, /its alpha is 3/],
    ['other targets', { targets: ['v'] }, /it adapts v instead of w/],
    ['another coding', { dtype: 'int4' }, /its numbers are int4/],
  ])('from %s is refused in words', async (_, change, complaint) => {
    const { updates, send, manifest } = await room()
    updates.ordered('a', 1, from, 1)
    expect(await send('a', 0.5, { manifest: { ...manifest, ...change } })).toMatch(complaint)
  })

  it('is refused where it is damaged, diverged, unasked for or coded otherwise', async () => {
    const { updates, send } = await room('topk-int8')
    expect(await send('a', 0.5)).toMatch(/nobody here asked/)
    updates.ordered('a', 1, from, 1)
    expect(await send('a', 0.5, { hash: 'ee'.repeat(32) })).toMatch(/do not match their hash/)
    expect(await send('a', 0.5, { loss: null }, null)).toMatch(/NaN or infinite/)
    expect(await send('a', 0.5, { examples: 0 })).toMatch(/0 examples/)
    expect(await send('a', 0.5, {}, new Uint8Array(40))).toMatch(/other settings/)
    expect(await send('a', 0.5, {}, new Uint8Array(3))).toMatch(/cut off/)
    expect(updates.latest(['a']).size).toBe(0)
  })
})
