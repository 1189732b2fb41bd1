import { describe, expect, it } from 'vitest'
import { type Adapter, decodeAdapter, encodeAdapter, foldedPrefix } from '../model/adapter'
import type { Tensor } from '../model/safetensors'
import { shuffledBatches } from './batches'
import { createEngine } from './engine'
import { narrowed, stillOutside, widened } from './folded'
import { rowsOfExamples } from './rows'
import { randomModel } from './testing'
import { train } from './train'

const config = { rank: 2, alpha: 6, targets: ['c_attn', 'c_proj', 'c_fc'] }
const examples = [
  { prompt: 'Anna lives in', completion: ' Riga' },
  { prompt: 'Bob lives in', completion: ' Oslo' },
]

async function opened(machine: string) {
  const model = await randomModel(machine)
  const compute = createEngine({ load: async () => model })
  const { initialAdapter } = await compute.open({ model: '', backend: 'wasm', adapter: config, seed: 1 })
  await compute.hold('train', examples)
  return { compute, initial: decodeAdapter(initialAdapter, config) }
}

const order = { shelf: 'train', steps: 20, learningRate: 1e-2, batch: 2, seed: 1, continueAs: null, slow: 1 }

/** An adapter whose product stands beside the base, and another one that begins at zero. */
function folded({ tensors }: Adapter, trained: Adapter): Adapter {
  const scale = config.alpha / config.rank
  const beside = [...trained.tensors].map(([name, { shape, data }]): [string, Tensor] => [
    foldedPrefix + name,
    { shape, data: name.includes('lora_B') ? data.map((value) => scale * value) : data },
  ])
  return { config, tensors: new Map([...tensors, ...beside]) }
}

describe('factors folded into the base', () => {
  it('count as if the base held them, and stay as they are while the adapter learns', async () => {
    const { compute, initial } = await opened('wasm')
    const first = await compute.train({ ...order, adapter: encodeAdapter(initial) })
    const beside = folded(initial, decodeAdapter(first.adapter, config))
    const before = await compute.evaluate(encodeAdapter(beside), 'train')
    expect(before.loss).toBeCloseTo((await compute.evaluate(first.adapter, 'train')).loss, 5)

    const second = await compute.train({ ...order, adapter: encodeAdapter(beside) })
    const learned = decodeAdapter(second.adapter, config)
    for (const [name, { shape }] of learned.tensors) expect(shape).toEqual(initial.tensors.get(name)!.shape)
    const after = await compute.evaluate(
      encodeAdapter(folded(learned, decodeAdapter(first.adapter, config))),
      'train',
    )
    expect(after.loss).toBeLessThan(0.9 * before.loss)
    // The loss that training itself saw at its end is that of the unchanged fold with the new factors.
    const more = await compute.train({
      ...order,
      steps: 1,
      batch: 2,
      adapter: encodeAdapter(folded(learned, decodeAdapter(first.adapter, config))),
    })
    expect(more.loss).toBeCloseTo(after.loss, 4)
  })
})

it('none of their bits changes while the others learn', async () => {
  const model = await randomModel('wasm')
  const { initial } = await opened('wasm')
  const wide = widened(folded(initial, initial))
  const rows = rowsOfExamples(model.tokenizer, examples, 32)
  const { adapter } = await train({
    model,
    adapter: wide,
    steps: 30,
    learningRate: 1e-2,
    batches: shuffledBatches(rows, 2, 32, 1),
    optimizer: stillOutside(config, wide, model.config),
  })
  for (const [name, { shape, data }] of adapter.tensors) {
    const before = wide.tensors.get(name)!.data
    const isFolded = (at: number) =>
      name.includes('lora_A') ? at >= config.rank * shape[1] : at % shape[1] >= config.rank
    const places = [...data.keys()]
    expect(places.filter(isFolded).every((at) => Math.abs(data[at] - before[at]) < 1e-15)).toBe(true)
    expect(places.some((at) => !isFolded(at) && data[at] !== before[at])).toBe(true)
  }
})

it('a wide adapter is narrowed to what it was made from', async () => {
  const { initial } = await opened('wasm')
  const wide = widened(folded(initial, initial))
  expect(wide.config.rank).toBe(10)
  expect(narrowed(wide, config)).toEqual(initial)
})
