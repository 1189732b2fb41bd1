/**
 * How long a page stands still while adapters as large as GPT-2 small's at rank 8 are merged: in the worker, as every tab does
 * it, and for comparison on the page's own thread.
 */
import { random } from '../../src/lib/rng'
import { encodeAdapter } from '../../src/model/adapter'
import type { TensorMap } from '../../src/model/safetensors'
import { createMerger } from '../../src/node/merging/merger'
import type { OpenMerging } from '../../src/node/merging/merging'
import { openMerging } from '../../src/node/merging/openMerging'
import { termsOf } from '../../src/node/merging/terms'
import { federatingOf } from '../../src/settings/derived/merging'
import { defaultSettings } from '../../src/settings/reading'

/** What `PerformanceObserver` counts as a long task: over 50 ms. */
export interface Standstill {
  readonly longTasks: number
  readonly longestMs: number
  readonly totalMs: number
  readonly hashes: readonly string[]
}

declare global {
  /** The test page's surface. */
  var standstill: (where: 'worker' | 'page') => Promise<Standstill>
}

const [layers, rank, width] = [12, 8, 768]
const devices = ['a', 'b', 'c', 'd']
const config = { rank, alpha: 2 * rank, targets: ['c_attn', 'c_proj', 'c_fc'] }

function factors(of: string): TensorMap {
  const draws = random(1, of)
  const tensor = (rows: number, columns: number) => ({
    shape: [rows, columns],
    data: Float32Array.from({ length: rows * columns }, () => 0.02 * (draws.next() - 0.5)),
  })
  const sides = [
    ['attn.c_attn', width, 3 * width],
    ['attn.c_proj', width, width],
    ['mlp.c_fc', width, 4 * width],
    ['mlp.c_proj', 4 * width, width],
  ] as const
  return new Map(
    Array.from({ length: layers }, (_, layer) =>
      sides.flatMap(([name, input, output]) => [
        [`h.${layer}.${name}.lora_A.weight`, tensor(rank, input)] as const,
        [`h.${layer}.${name}.lora_B.weight`, tensor(output, rank)] as const,
      ]),
    ).flat(),
  )
}

/** Two rounds: updates are decoded and checked, merged with their distortion, encoded and hashed; then they are compared. */
async function merge(open: OpenMerging): Promise<string[]> {
  const { merging, close } = open()
  const terms = termsOf(defaultSettings, 'coordinator', 2)
  await merging.begin(config, initial, [])
  const hashes: string[] = []
  for (const round of [1, 2]) {
    const from = { adapter: 'global', version: round - 1 }
    for (const device of devices) {
      const update = { device, round, from, rank, examples: 4, hash: null, form: 'change' } as const
      const complaint = await merging.take(terms, update, updates.get(device)!.slice())
      if (complaint) throw new Error(complaint)
    }
    const weight = 1 / devices.length
    const { version } = await merging.merge(terms, {
      type: 'merge',
      adapter: 'global',
      version: round,
      round,
      from,
      relativeTo: 'start',
      updates: devices.map((device) => ({ device, round, weight })),
    })
    hashes.push(version.hash)
  }
  await merging.compare({ type: 'compare', round: 2, devices, landmarks: devices })
  close()
  return hashes
}

/** Made before anything is measured: a device would have sent them. */
const initial = encodeAdapter({ config, tensors: factors('initial') })
const { up } = federatingOf(defaultSettings)
const updates = new Map(devices.map((device) => [device, up.encode(factors(device), null, 1).bytes]))

globalThis.standstill = async (where) => {
  const lengthsMs: number[] = []
  const note = (list: PerformanceObserverEntryList) =>
    lengthsMs.push(...list.getEntries().map(({ duration }) => duration))
  const observer = new PerformanceObserver(note)
  await rest()
  observer.observe({ type: 'longtask' })
  const begunMs = performance.now()
  const hashes = await merge(
    where === 'worker' ? openMerging : () => ({ merging: createMerger(), close: () => {} }),
  )
  const totalMs = performance.now() - begunMs
  await rest()
  observer.disconnect()
  return { longTasks: lengthsMs.length, longestMs: Math.max(0, ...lengthsMs), totalMs, hashes }
}

/** Entries of long tasks come after the task. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 500))
