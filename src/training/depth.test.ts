import { describe, expect, it } from 'vitest'
import { encodeAdapter } from '../model/adapter'
import { ModelError } from '../model/config'
import { openDecoder } from '../model/decoder'
import { initialAdapter, targetsOf } from '../model/lora'
import { oracleModel } from '../model/oracle'
import { encodeSafetensors } from '../model/safetensors'
import { exitStretch } from '../reasoning/modes/speculative/drafter'
import { sequentialBatches } from './batches'
import { createEngine } from './engine'
import { evaluate } from './evaluate'
import { windows } from './rows'
import { openOn } from './testing'
import { train } from './train'

const gpt2 = oracleModel('gpt2')
const depth = 1

/** The same checkpoint without the layers after the first, as somebody would save a shorter model. */
function cutShort({ files, weights, config }: typeof gpt2): ReadonlyMap<string, Uint8Array> {
  const isLater = (name: string) => Number(/\b(?:h|layers)\.(\d+)\./.exec(name)?.[1] ?? 0) >= depth
  const count = 'n_layer' in (config as object) ? 'n_layer' : 'num_hidden_layers'
  const shorter = { ...(config as object), [count]: depth }
  return new Map([
    ...[...files].filter(([name]) => name === 'tokenizer.json'),
    ['config.json', new TextEncoder().encode(JSON.stringify(shorter))],
    ['model.safetensors', encodeSafetensors(new Map([...weights].filter(([name]) => !isLater(name))))],
  ])
}

describe.each([
  ['a GPT-2', gpt2],
  ['a LLaMA in shards', oracleModel('llama-tied-sharded')],
  ['a Qwen2 in shards', oracleModel('qwen2-tied-sharded')],
  ['a Qwen3 in shards', oracleModel('qwen3-tied-sharded')],
])('%s that is opened with its first layer alone', (_, oracle) => {
  const { ids, files } = oracle

  it('gives the bits that the whole model gives where it is left after that layer', async () => {
    const [whole, shorter] = await Promise.all([openOn('wasm', files), openOn('wasm', files, { depth })])
    const [exit, own] = [openDecoder(whole, null, exitStretch(depth)), openDecoder(shorter, null)]
    const read = ids.slice(0, own.capacity)
    const logits = await own.read(read, 'each')
    expect(logits).toHaveLength(read.length * whole.config.vocabulary)
    expect(logits).toEqual(await exit.read(read, 'each'))
    const all = openDecoder(whole, null)
    expect(logits).not.toEqual(await all.read(read, 'each'))
  })

  it('computes, trains and measures as a checkpoint that has no other layers, bit for bit', async () => {
    const run = async (from: ReadonlyMap<string, Uint8Array>, loading = {}) => {
      const model = await openOn('wasm', from, loading)
      const start = initialAdapter(
        model.config,
        { rank: 2, alpha: 4, targets: targetsOf(model.config.family) },
        5,
      )
      const rows = windows(ids, 16).filter(({ tokens }) => tokens.length === 17)
      const batches = () => sequentialBatches(rows, 2, 16)
      const trained = await train({ model, adapter: start, batches: batches(), steps: 4, learningRate: 0.01 })
      const { value: batch } = batches().next()
      return {
        parameters: model.parameters,
        losses: (await evaluate(model, trained.adapter, [batch])).perToken,
        adapter: encodeAdapter(trained.adapter),
      }
    }
    const shorter = await run(files, { depth })
    expect(shorter).toEqual(await run(cutShort(oracle)))
    expect(shorter.parameters).toBeLessThan((await openOn('wasm', files)).parameters)
  })

  it('holds no weights of the others', async () => {
    const { part, config } = await openOn('wasm', files, { depth })
    expect(part).toEqual({ layers: { from: 0, to: depth }, ends: true })
    expect(config.layers).toBe(depth)
  })
})

describe('a depth', () => {
  it.each([0, 3, 1.5, -1])('of %s cannot be had of two layers, which is said', async (wrong) => {
    const opening = openOn('wasm', gpt2.files, { depth: wrong })
    await expect(opening).rejects.toThrow(ModelError)
    await expect(openOn('wasm', gpt2.files, { depth: wrong })).rejects.toThrow(
      `The model has 2 layers, so its first ${wrong} cannot be trained by themselves. Choose a depth from 1 to 2`,
    )
  })

  it('is what an engine is asked for, and its first adapter is as short', async () => {
    const compute = createEngine({
      load: ({ depth }, _, how) => openOn('wasm', gpt2.files, { depth, ...how }),
    })
    const request = {
      model: '',
      backend: 'wasm',
      adapter: { rank: 2, alpha: 4, targets: ['c_attn'] },
      seed: 1,
    } as const
    const whole = await compute.open(request)
    const shorter = await compute.open({ ...request, depth })
    expect((await compute.sessions.facts()).layers).toBe(1)
    // The same base: what was learned at a depth is of use to the whole model.
    expect(shorter.modelHash).toBe(whole.modelHash)
    expect(shorter.initialAdapter.length).toBeLessThan(whole.initialAdapter.length)
  })
})
