/** Rounds at a depth are rounds of a shorter model: whatever the scheme, everything downstream is the same to the bit. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { sha256Hex } from '../lib/hash'
import { depthOf } from '../model/depth'
import { decodeSafetensors, encodeSafetensors } from '../model/safetensors'
import type { Settings } from '../settings/table'
import { labPresets } from './presets'
import { runPreset } from './runPreset'
import { employThreads } from './training/threads'

const toy = 'public/models/toy'
const cut = mkdtempSync(join(tmpdir(), 'gossamer-cut-'))
afterAll(() => rmSync(cut, { recursive: true }))

// A checkpoint of toy's first layer, as somebody would save it.
const config = JSON.parse(readFileSync(join(toy, 'config.json'), 'utf8'))
writeFileSync(join(cut, 'config.json'), JSON.stringify({ ...config, n_layer: 1 }))
for (const name of ['tokenizer.json', 'tokenizer_config.json'])
  writeFileSync(join(cut, name), readFileSync(join(toy, name)))
const { tensors } = decodeSafetensors(readFileSync(join(toy, 'model.safetensors')))
const kept = [...tensors].filter(([name]) => !/\bh\.1\./.test(name))
writeFileSync(join(cut, 'model.safetensors'), encodeSafetensors(new Map(kept)))

const run = (model: string, settings: Partial<Settings>) => {
  const { settings: usual, world } = labPresets.iid
  const preset = {
    settings: { ...usual, rounds: 2, localSteps: 2, batch: 2, rank: 4, ...settings },
    world: { ...world, devices: 3 },
  }
  return runPreset({ preset, seed: 4, model, baselines: ['alone'] }, (devices) => employThreads(devices, 0))
}

it.each([
  ['synchronous rounds', { scheme: 'synchronous', aggregation: 'fedavg' }],
  ['neighbours that gossip', { scheme: 'gossip', aggregation: 'decaf', topology: 'ring' }],
  ['an exact rule, whose fold stays beside the base', { scheme: 'synchronous', aggregation: 'fedex' }],
] as const)('%s at depth 1 are those of a checkpoint with one layer', async (_, settings) => {
  const own = await run(toy, { ...settings, depth: 1 })
  const other = await run(cut, settings)
  const learned = ({ holdings, loss, yardsticks }: typeof own) => ({
    hashes: holdings.map(({ adapter }) => adapter && sha256Hex(adapter)),
    loss,
    yardsticks,
  })
  expect(learned(own)).toEqual(learned(other))
  expect(own.loss!).toBeLessThan(own.yardsticks.base)
  for (const { adapter } of own.holdings) expect(depthOf(decodeSafetensors(adapter!).tensors)).toBe(1)
})

it('a depth that the model does not have is refused before anything begins', async () => {
  await expect(run(toy, { depth: 3 })).rejects.toThrow('The model has 2 layers, so its first 3 cannot')
})
