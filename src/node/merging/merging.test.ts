import { expose, wrap } from 'comlink'
import { afterEach, describe, expect, it } from 'vitest'
import type { MergeEffect } from '../../federation/effects'
import { random } from '../../lib/rng'
import { encodeAdapter } from '../../model/adapter'
import { encodeSafetensors, type TensorMap } from '../../model/safetensors'
import { federatingOf } from '../../settings/derived/merging'
import { defaultSettings } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import { givingAway, throughRemote } from './across'
import { createMerger } from './merger'
import type { Merging } from './merging'
import { termsOf } from './terms'

const config = { rank: 2, alpha: 4, targets: ['w'] }
const draws = random(5, 'adapter')
const tensor = (rows: number, columns: number) => ({
  shape: [rows, columns],
  data: Float32Array.from({ length: rows * columns }, () => draws.next() - 0.5),
})
const factors = (): TensorMap =>
  new Map([
    ['w.lora_A.weight', tensor(2, 8)],
    ['w.lora_B.weight', tensor(6, 2)],
  ])
const initial = encodeAdapter({ config, tensors: factors() })
const deltas = Array.from({ length: 3 }, factors)
const devices = ['a', 'b', 'c']

let close = () => {}
afterEach(() => close())

/** The merger behind a real border between threads: everything is cloned or given away. */
function remoteMerger(): Merging {
  const { port1, port2 } = new MessageChannel()
  expose(givingAway(createMerger()), port1)
  close = () => {
    port1.close()
    port2.close()
  }
  return throughRemote(wrap<Merging>(port2), (work) => work())
}

const global = (version: number) => ({ adapter: 'global', version })
const mergeOf = (round: number): MergeEffect => ({
  type: 'merge',
  ...global(round),
  round,
  from: global(round - 1),
  relativeTo: 'start',
  updates: devices.map((device) => ({ device, round, weight: 1 / devices.length })),
})

/** Two rounds, a mean of two versions, and products of the last updates. */
async function run(merging: Merging, settings: Settings) {
  const terms = termsOf(settings, 'coordinator', 3)
  const { up, rule } = federatingOf(settings)
  const issued = [...(await merging.begin(config, initial, []))]
  for (const round of [1, 2]) {
    for (const [at, device] of devices.entries()) {
      const sent = new Map(
        [...deltas[at]].filter(([name]) =>
          name.includes('lora_A') ? rule.sends(round).a : rule.sends(round).b,
        ),
      )
      const { bytes } = up.encode(sent, null, at)
      const update = { device, round, from: global(round - 1), rank: 2, examples: 4, hash: null }
      expect(await merging.take(terms, { ...update, form: 'change' }, bytes)).toBeNull()
    }
    const { version, refused } = await merging.merge(terms, mergeOf(round))
    expect(refused).toEqual([])
    issued.push(version)
  }
  const of = [0, 1, 2].map((version) => ({ ...global(version), weight: 1 / 3 }))
  issued.push(await merging.combine(terms, { type: 'combine', ...global(3), of }))
  const compared = await merging.compare({ type: 'compare', round: 2, devices, landmarks: devices })
  return { issued, compared, distance: await merging.distance(of) }
}

describe('merging', () => {
  it.each([
    { aggregation: 'fedavg', compression: 'none' },
    { aggregation: 'fedadam', compression: 'int8' },
    { aggregation: 'fedex', compression: 'none' },
    { aggregation: 'ffa', compression: 'topk-int8' },
  ] as const)('gives the same bits in a thread of its own as where it is called: %o', async (change) => {
    const settings = { ...defaultSettings, ...change }
    expect(await run(remoteMerger(), settings)).toEqual(await run(createMerger(), settings))
  })

  it('goes on from what was stored as if it had never stopped', async () => {
    const settings: Settings = { ...defaultSettings, aggregation: 'fedadam' }
    const terms = termsOf(settings, 'coordinator', 3)
    const went = createMerger()
    const { issued } = await run(went, settings)
    const stored = issued.findLast(({ version }) => version === 2)!.saved
    const resumed = createMerger()
    await resumed.begin(config, initial, [stored])
    const merges = [went, resumed].map(async (merging) => {
      const { bytes } = federatingOf(settings).up.encode(deltas[0], null, 1)
      const update = { device: 'a', round: 3, from: global(2), rank: 2, examples: 4, hash: null }
      await merging.take(terms, { ...update, form: 'change' }, bytes)
      const merged = await merging.merge(terms, mergeOf(3))
      return merged.version.saved
    })
    expect(await merges[1]).toEqual(await merges[0])
  })

  it('merges once more onto the version before, where nobody took what was made of it', async () => {
    const merging = createMerger()
    const terms = termsOf(defaultSettings, 'coordinator', 3)
    await merging.begin(config, initial, [])
    const made = []
    for (const attempt of ['first', 'second']) {
      const { bytes } = federatingOf(defaultSettings).up.encode(deltas[0], null, 1)
      const update = { device: 'a', round: 1, from: global(0), rank: 2, examples: 4, hash: null }
      expect(await merging.take(terms, { ...update, form: 'change' }, bytes), attempt).toBeNull()
      made.push((await merging.merge(terms, mergeOf(1))).version.hash)
    }
    expect(made[1]).toBe(made[0])
  })

  it('says what is wrong with a version that was made elsewhere', async () => {
    const merging = createMerger()
    const [first] = await merging.begin(config, initial, [])
    const terms = termsOf(defaultSettings, 'peer', 3)
    const foreign = { ...global(1), folds: 0, hash: first.hash, bytes: initial.slice() }
    expect((await merging.adopt(terms, foreign)).hash).toBe(first.hash)
    await expect(merging.adopt(terms, { ...foreign, hash: '0'.repeat(64) })).rejects.toThrow('do not match')
    const other = encodeSafetensors(new Map([['v.lora_A.weight', tensor(2, 8)]]))
    await expect(merging.adopt(terms, { ...foreign, bytes: other })).rejects.toThrow()
  })

  it('takes an update that started from a version which is no longer kept for late', async () => {
    const merging = createMerger()
    await merging.begin(config, initial, [])
    const update = { device: 'a', round: 1, from: global(7), rank: 2, examples: 4, hash: null }
    const terms = termsOf(defaultSettings, 'coordinator', 3)
    expect(await merging.take(terms, { ...update, form: 'change' }, new Uint8Array())).toMatch(/too late/)
  })
})
