/**
 * What a training step and a pass of generation cost, counted from programs alone: no GPU, no clock. Each call is one dispatch, or two where a
 * plan splits a sum, and one run is one submission; so these numbers are those of every device that tries no plans.
 */
import { describe, expect, it } from 'vitest'
import { planArena, programBytes } from '../../kernels/arena'
import type { GpuTraits } from '../../kernels/kernel'
import { matrixBytes } from '../../kernels/packing'
import type { Program, WeightFormat } from '../../kernels/program'
import { plannerByRule, productsOf, tilesOf } from '../../kernels/wgsl/plans'
import { workgroupOf } from '../../kernels/wgsl/tiles'
import { type ModelConfig, parseConfig } from '../config'
import { adapterLayout, targetsOf } from '../lora'
import { weightSlots } from '../weights'
import { decodingProgram } from './decoding'
import { fillingProgram } from './filling'
import { trainingProgram } from './training'

const gpt2 = (layers: number): ModelConfig =>
  parseConfig({
    model_type: 'gpt2',
    vocab_size: 50_257,
    n_positions: 1024,
    n_embd: 768,
    n_layer: layers,
    n_head: 12,
  })
const llama = (layers: number): ModelConfig =>
  parseConfig({
    model_type: 'llama',
    vocab_size: 49_152,
    max_position_embeddings: 8192,
    hidden_size: 576,
    num_hidden_layers: layers,
    num_attention_heads: 9,
    num_key_value_heads: 3,
    intermediate_size: 1536,
  })

const qwen = (layers: number) => ({
  vocab_size: 151_936,
  max_position_embeddings: 32_768,
  num_hidden_layers: layers,
  tie_word_embeddings: true,
})
const qwen2 = (layers: number): ModelConfig =>
  parseConfig({
    ...qwen(layers),
    model_type: 'qwen2',
    hidden_size: 896,
    num_attention_heads: 14,
    num_key_value_heads: 2,
    intermediate_size: 4864,
  })
const qwen3 = (layers: number): ModelConfig =>
  parseConfig({
    ...qwen(layers),
    model_type: 'qwen3',
    hidden_size: 1024,
    num_attention_heads: 16,
    num_key_value_heads: 8,
    intermediate_size: 3072,
  })

const traits: GpuTraits = {
  name: '',
  planFor: plannerByRule.planFor,
  maxWorkgroupStorageBytes: 16384,
  maxInvocations: 256,
}

interface Wish {
  readonly targets: readonly string[]
  readonly checkpointing?: boolean
  readonly format?: WeightFormat
}

/** A step of four sequences of 256 tokens at rank 8, every token of which counts. */
function stepOf(config: ModelConfig, { targets, checkpointing = false, format = 'float16' }: Wish): Program {
  const layout = adapterLayout(config, { rank: 8, alpha: 16, targets })
  const shape = { config, format, shardRows: config.vocabulary }
  const sequences = { batch: 4, time: 256, counted: 1024 }
  const options = { layout, learns: { a: true, b: true }, checkpointing, proximal: false, clips: false }
  return trainingProgram(shape, sequences, options)
}

/** What one more layer adds, with adapters below and above it; and what is there without any layer. */
function dispatchesOf(family: (layers: number) => ModelConfig, wish: Wish) {
  const [three, four] = [3, 4].map((layers) => stepOf(family(layers), wish).calls.length)
  const perLayer = four - three
  return { perLayer, elsewhere: three - 3 * perLayer }
}

/** The engine's linear layers behind some targets: q, k, v and gate, up are one each. */
const adaptedLinears = (config: ModelConfig, targets: readonly string[]): number =>
  Object.keys(adapterLayout(config, { rank: 8, alpha: 16, targets }).linears[0]).length

/** At most 25 with two adapted linear layers, 4 more for each further one. */
const budget = (adapted: number): number => 25 + 4 * Math.max(0, adapted - 2)

/** What norms of heads cost a layer: forward, again before attention's gradient, and back through them. */
const headNorms = 3

function subsets<Item>(items: readonly Item[]): Item[][] {
  const all = Array.from({ length: 2 ** items.length }, (_, bits) =>
    items.filter((_, index) => (bits >> index) & 1),
  )
  return all.slice(1)
}

describe('dispatches of a training step', () => {
  it.each([
    ['GPT-2', gpt2, targetsOf('gpt2')],
    ['LLaMA', llama, targetsOf('llama')],
  ] as const)('of %s stay within the budget, whatever is adapted', (_, family, all) => {
    for (const targets of subsets(all)) {
      const { perLayer } = dispatchesOf(family, { targets })
      expect(perLayer, targets.join()).toBeLessThanOrEqual(budget(adaptedLinears(family(1), targets)))
    }
  })

  it.each([
    ['GPT-2', gpt2],
    ['LLaMA', llama],
  ] as const)('of %s outside its layers are 29, with eight chunks of the head', (_, family) => {
    const targets = targetsOf(family(1).family)
    const program = stepOf(family(1), { targets })
    expect(program.calls.filter(({ kernel }) => kernel === 'crossEntropy')).toHaveLength(8)
    // The lowest block lacks the two lines that would bring a gradient into the embedding.
    expect(dispatchesOf(family, { targets }).elsewhere).toBe(29 - 2)
  })

  it.each([
    ['GPT-2', gpt2, ['c_attn']],
    ['GPT-2', gpt2, ['c_attn', 'c_proj', 'c_fc']],
    ['LLaMA', llama, ['q_proj', 'v_proj']],
    ['LLaMA', llama, targetsOf('llama')],
  ] as const)('of %s grow by at most 8 a layer with checkpointing (%#)', (_, family, targets) => {
    const plain = dispatchesOf(family, { targets }).perLayer
    const again = dispatchesOf(family, { targets, checkpointing: true }).perLayer
    expect(again).toBeLessThanOrEqual(budget(adaptedLinears(family(1), targets)) + 8)
    expect(again).toBeGreaterThan(plain)
  })

  it('are fewer where only upper layers would learn nothing below: none below the lowest adapter', () => {
    const all = stepOf(gpt2(1), { targets: ['c_attn'] }).calls.length
    const upper = stepOf(gpt2(1), { targets: ['c_fc'] }).calls.map(({ kernel }) => kernel)
    expect(upper.length).toBeLessThan(all)
    expect(upper).not.toContain('attentionQueryGradient')
  })
})

describe('a Qwen', () => {
  const each = subsets(targetsOf('llama')).filter((_, place) => place % 9 === 0)

  it('2 costs the dispatches of a LLaMA: a bias is no line of its own', () => {
    for (const targets of each)
      expect(dispatchesOf(qwen2, { targets }).perLayer).toBe(dispatchesOf(llama, { targets }).perLayer)
  })

  it('3 costs three more a layer while it learns, and with checkpointing the one that is made again', () => {
    for (const targets of each) {
      const [plain, again] = [{ targets }, { targets, checkpointing: true }]
      expect(dispatchesOf(qwen3, plain).perLayer).toBe(dispatchesOf(llama, plain).perLayer + headNorms)
      expect(dispatchesOf(qwen3, again).perLayer).toBe(dispatchesOf(llama, again).perLayer + headNorms + 1)
    }
  })

  it('3 keeps its heads once: what is normalised is made again, and never lies beside what it was made of', () => {
    const bytesOf = (layers: number) => {
      const program = stepOf(qwen3(layers), { targets: ['q_proj'] })
      return programBytes(program, planArena(program))
    }
    const perLayer = bytesOf(4) - bytesOf(3)
    // x, n₁, q k v, what attention gathered and its sums, m, n₂, gate and up, their product; and the adapter's inner column.
    const numbers = 1024 + 1024 + 4096 + 2048 + 16 + 1024 + 1024 + 2 * 3072 + 3072 + 8
    expect(perLayer).toBeLessThan(1024 * 4 * numbers * 1.01)
  })
})

describe('a pass over several texts', () => {
  const rows = 16
  const capacity = 256
  const programs = (config: ModelConfig, slots: number, adapted: boolean) => {
    const layout = adapted
      ? adapterLayout(config, { rank: 8, alpha: 16, targets: targetsOf(config.family) })
      : null
    const shape = { config, format: 'float16', shardRows: config.vocabulary } as const
    const layers = { from: 0, to: config.layers }
    return {
      read: decodingProgram(
        shape,
        { layers, reads: 'ids', gives: 'logits', rows, wanted: rows, slots, capacity },
        layout,
      ),
      fill: fillingProgram(shape, { layers, rows, slots, capacity }, layout),
    }
  }
  const families = [
    ['GPT-2', gpt2, 7],
    ['LLaMA', llama, 8],
    ['Qwen2', qwen2, 8],
    ['Qwen3', qwen3, 9],
  ] as const

  it.each(families)('of %s is as many dispatches for eight as for one', (_, family, perLayer) => {
    for (const slots of [1, 8]) {
      const { read } = programs(family(3), slots, false)
      expect(read.calls).toHaveLength(3 * perLayer + 3) // embedding, last norm, head
      expect(read.exact).toBe(true)
    }
  })

  it.each(families)('of %s needs eight caches, eight spans, and nothing else eight times', (_, family) => {
    const { keyValueHeads, headWidth } = family(3)
    const bytes = (slots: number, which: 'read' | 'fill') => {
      const program = programs(family(3), slots, true)[which]
      return programBytes(program, planArena(program))
    }
    for (const which of ['read', 'fill'] as const)
      expect(bytes(8, which) - bytes(1, which)).toBe(
        7 * (3 * 2 * capacity * keyValueHeads * headWidth * 4 + 2 * 4),
      )
  })

  it.each(families)(
    'of %s that skips its layers is a norm, a product and the keeping for each, and where heads are normalised that',
    (_, family) => {
      const heads = family(1).headNorms ? ['norm'] : []
      expect(programs(family(3), 4, false).fill.calls.map(({ kernel }) => kernel)).toEqual(
        Array(3)
          .fill(['norm', 'linear', ...heads, 'cacheRows'])
          .flat(),
      )
      expect(programs(family(3), 4, true).fill.calls.map(({ kernel }) => kernel)).toEqual(
        Array(3)
          .fill(['norm', 'down', 'linear', ...heads, 'cacheRows'])
          .flat(),
      )
      const [queries] = targetsOf('llama')
      const ofQueries = adapterLayout(llama(1), { rank: 8, alpha: 16, targets: [queries] })
      const shape = { config: llama(1), format: 'float16', shardRows: 49_152 } as const
      const caches = { slots: 1, capacity }
      const only = fillingProgram(shape, { layers: { from: 0, to: 1 }, rows, ...caches }, ofQueries)
      expect(queries).toBe('q_proj')
      expect(only.calls.map(({ kernel }) => kernel)).toEqual(['norm', 'linear', 'cacheRows'])
      const products = productsOf(programs(family(3), 4, false).fill, traits)
      const { width, keyValueHeads, headWidth } = family(3)
      for (const { rows, columns, depth } of products)
        expect([rows, columns, depth]).toEqual([16, 2 * keyValueHeads * headWidth, width])
    },
  )
})

describe('products of a GPT-2-small step', () => {
  const program = stepOf(gpt2(12), { targets: ['c_attn'] })

  it('leave no GPU idle over a long sum: 256 workgroups, or at most 4,096 terms one after the other', () => {
    for (const product of productsOf(program, traits)) {
      const { tile, slices } = traits.planFor(product)
      const groups = slices * tilesOf(tile, product)
      const terms = product.depth / slices / workgroupOf(tile, product.layout).teams
      expect(groups >= 256 || terms <= 4096, JSON.stringify(product)).toBe(true)
    }
  })

  it('are split where a second dispatch pays: in the head’s gradient, eight times, and behind LoRA’s B', () => {
    const split = program.calls.filter((call) => call.shader(traits).split)
    const counts = new Map(
      split.map(({ kernel }) => [kernel, split.filter((one) => one.kernel === kernel).length]),
    )
    expect(Object.fromEntries(counts)).toEqual({ linearGradient: 8, innerGradient: 12, downGradient: 12 })
  })
})

describe('memory of a GPT-2-small step, four sequences of 256 tokens at rank 8', () => {
  const weightBytes = (config: ModelConfig, format: WeightFormat): number =>
    weightSlots(config).reduce(
      (sum, { shape, matrix }) => sum + matrixBytes(shape[0], shape[1] ?? 1, matrix ? format : 'float32'),
      0,
    )
  const peakBytes = (wish: Wish): number => {
    const program = stepOf(gpt2(12), wish)
    const partials = program.calls.map((call) => call.shader(traits).split?.partialBytes ?? 0)
    const plan = planArena(program, partials)
    return weightBytes(gpt2(12), wish.format ?? 'float16') + programBytes(program, plan)
  }

  it.each(['float16', 'int8'] as const)('is at most 0.7 GB with %s weights', (format) => {
    const bytes = peakBytes({ targets: ['c_attn'], format })
    console.info(`GPT-2 small, B4 T256 r8, ${format}: ${(bytes / 1e9).toFixed(3)} GB`)
    expect(bytes).toBeLessThanOrEqual(0.7e9)
  })

  it.each(['float16', 'int8'] as const)('is at most 0.4 GB with checkpointing and %s weights', (format) => {
    const bytes = peakBytes({ targets: ['c_attn'], format, checkpointing: true })
    console.info(`the same with checkpointing, ${format}: ${(bytes / 1e9).toFixed(3)} GB`)
    expect(bytes).toBeLessThanOrEqual(0.4e9)
  })
})
