import { beforeEach, describe, expect, it } from 'vitest'
import type { ProductPlan, Tile } from '../../kernel'
import { openDawnAdapter } from '../../machines/testing'
import { tuningPlanner } from '../autotune'
import { plannerByRule, smallestTile } from '../plans'
import { openTrial } from '../trial'
import { halfFeatures, noHalves, offeredHalves } from './candidates'

const product = { layout: 'NT', rows: 70, columns: 36, depth: 100, layers: 1, mayRound: true } as const
const noFloat16 = 'The Vulkan driver of this computer has no shader-f16, so no product in float16 was tried.'
const noMatrices =
  'The Vulkan driver of this computer has no subgroup matrices of float16 with float32 sums, so none were tried.'

const adapter = await openDawnAdapter()
const offered = adapter ? offeredHalves(adapter.features, adapter.info) : noHalves

/** A device that passes shaders of halves through `damaged` before it compiles them. */
async function openDevice(damaged: (code: string) => string = (code) => code): Promise<GPUDevice> {
  const fresh = (await openDawnAdapter())!
  // The types know only the names that are no longer experimental.
  const requiredFeatures = halfFeatures.filter((feature) => fresh.features.has(feature)) as GPUFeatureName[]
  const device = await fresh.requestDevice({ requiredFeatures })
  const create = device.createShaderModule.bind(device)
  Reflect.set(device, 'createShaderModule', ({ code }: GPUShaderModuleDescriptor) =>
    create({ code: code.includes('enable f16') ? damaged(code) : code }),
  )
  return device
}

const tile: Tile = { rows: 32, columns: 32, depth: 16, rowsEach: 16, columnsEach: 16 }
const plain: ProductPlan = { tile: smallestTile, slices: 1 }
const plans = (kind: 'numbers' | 'matrices'): readonly ProductPlan[] => {
  const [unit] = offered.units
  const halves = kind === 'numbers' ? { kind } : { kind, unit }
  const each = kind === 'numbers' ? { rowsEach: 8, columnsEach: 8 } : {}
  return [{ tile: { ...tile, ...each }, slices: 1, halves }, plain]
}

describe.each(['numbers', 'matrices'] as const)('a plan in float16, by %s', (kind) => {
  beforeEach(({ skip }) => {
    skip(!offered.numbers, noFloat16)
    skip(kind === 'matrices' && offered.units.length === 0, noMatrices)
  })

  const durations = async (damaged?: (code: string) => string) => {
    const trial = openTrial(await openDevice(damaged), product)
    const found = await trial.durationsMs(plans(kind))
    await trial.dispose()
    return found
  }

  it('is proven by the plain product, wherever that stands among the plans', async () => {
    for (const durationMs of await durations()) expect(durationMs).toBeGreaterThan(0)
  })

  it('is not chosen where one tile of it is wrong', async () => {
    const early = 'if (workgroup.x == 1u && workgroup.y == 2u) { return; }'
    const [halved, whole] = await durations((code) => code.replace(/(fn main\([^{]*\{)/, `$1\n${early}`))
    expect(halved).toBeNull()
    expect(whole).toBeGreaterThan(0)
  })

  it('is not chosen where four of its numbers are wrong, which no sample need meet', async () => {
    const wrong = 'if (row == 69u && column == 32u) { return; }'
    const [halved, whole] = await durations((code) => code.replace(/(fn finish\([^{]*\{)/, `$1 ${wrong}`))
    expect(halved).toBeNull()
    expect(whole).toBeGreaterThan(0)
  })

  it('is not chosen where no device takes its shader', async () => {
    const [halved, whole] = await durations(() => 'no WGSL')
    expect(halved).toBeNull()
    expect(whole).toBeGreaterThan(0)
  })
})

describe('tuning', () => {
  /** So small that few tiles are tried. */
  const small = { layout: 'NT', rows: 36, columns: 36, depth: 40, layers: 1, mayRound: true } as const

  beforeEach(({ skip }) => skip(!offered.numbers, noFloat16))

  it('tries products in float16, and keeps what it finds apart from what is found without', async () => {
    const kept = new Map<string, string>()
    const store = {
      get: async () => null,
      set: async (key: string, text: string) => void kept.set(key, text),
    }
    const device = await openDevice()
    const tried: string[] = []
    const create = device.createShaderModule.bind(device)
    Reflect.set(device, 'createShaderModule', (descriptor: GPUShaderModuleDescriptor) => {
      tried.push(descriptor.code)
      return create(descriptor)
    })
    const withHalves = () => tried.filter((code) => code.includes('enable f16')).length
    await tuningPlanner(device, 'a test', noHalves, store).prepare([small])
    expect(withHalves()).toBe(0)
    const planner = tuningPlanner(device, 'a test', offered, store)
    await planner.prepare([small])
    expect(withHalves()).toBeGreaterThan(0)
    expect([...kept.keys()]).toHaveLength(2)
    const exact = { ...small, mayRound: false }
    expect(planner.planFor(exact)).toEqual(plannerByRule.planFor(exact))
  })

  it('chooses none of a card that is wrong in float16', async () => {
    const store = { get: async () => null, set: async () => {} }
    const early = 'if (workgroup.x == 0u && workgroup.y == 0u) { return; }'
    const device = await openDevice((code) => code.replace(/(fn main\([^{]*\{)/, `$1\n${early}`))
    const planner = tuningPlanner(device, 'a test', offered, store)
    await planner.prepare([small])
    expect(planner.planFor(small)).not.toHaveProperty('halves')
  })
})
