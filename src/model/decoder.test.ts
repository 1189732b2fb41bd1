import { describe, expect, it } from 'vitest'
import { machines, plainMachines } from '../kernels/machines/testing'
import { random } from '../lib/rng'
import { makeBatch } from '../training/batches'
import { inputsOf } from '../training/inputs'
import { openOn, randomModel } from '../training/testing'
import type { Adapter } from './adapter'
import { openDecoder } from './decoder'
import type { LanguageModel } from './languageModel'
import { initialAdapter, targetsFor } from './lora'
import { oracleModel } from './oracle'
import { argMax } from './sampling'

/** An adapter whose B is not zero, so that it changes the result. */
function someAdapter({ config }: LanguageModel): Adapter {
  const targets = targetsFor(config.family, ['c_attn', 'c_proj', 'c_fc'])
  const adapter = initialAdapter(config, { rank: 2, alpha: 4, targets }, 1)
  const { next } = random(5)
  const moved = [...adapter.tensors].map(
    ([name, { shape, data }]) => [name, { shape, data: data.map((value) => value + 0.1 * next()) }] as const,
  )
  return { ...adapter, tensors: new Map(moved) }
}

/** The logits after `ids` from one pass over all of them. */
const wholePass = (model: LanguageModel, adapter: Adapter | null, ids: readonly number[]) =>
  model.with(adapter, async (workspace) => {
    const row = { tokens: [...ids, 0], countFrom: ids.length }
    const { shape, reading } = inputsOf(makeBatch([row], ids.length))
    const { logits } = await (await workspace.logits(shape)).run(reading, ['logits'])
    return logits.subarray(0, model.config.vocabulary)
  })

const expectClose = (actual: Float32Array, expected: Float32Array): void =>
  actual.forEach((value, index) => void expect(Math.abs(value - expected[index])).toBeLessThan(1e-4))

const models = {
  'a GPT-2': randomModel,
  'a LLaMA': (machine: string) => openOn(machine, oracleModel('llama-tied-sharded').files),
  'a Qwen2': (machine: string) => openOn(machine, oracleModel('qwen2-tied-sharded').files),
  'a Qwen3': (machine: string) => openOn(machine, oracleModel('qwen3-tied-sharded').files),
}

describe.each(plainMachines)('the decoder on %s', (machine) => {
  describe.each(Object.entries(models))('of %s', (_, open) => {
    it.each(['the base', 'an adapter'])('equals whole passes, token by token, with %s', async (which) => {
      const model = await open(machine)
      const adapter = which === 'the base' ? null : someAdapter(model)
      const decoder = openDecoder(model, adapter)
      const ids = [1, 30, 7]
      let decoded = await decoder.read(ids, 'last')
      while (ids.length < 12) {
        const whole = await wholePass(model, adapter, ids)
        expectClose(decoded, whole)
        expect(argMax(decoded)).toBe(argMax(whole))
        ids.push(argMax(decoded))
        decoded = await decoder.read(ids.slice(-1), 'last')
      }
      decoder.dispose()
    })
  })

  it('forgets what is trimmed', async () => {
    const decoder = openDecoder(await randomModel(machine), null)
    const expected = await decoder.read([1, 2, 3], 'last')
    decoder.trim(0)
    await decoder.read([1, 2, 9, 9], 'last')
    decoder.trim(2)
    expect(decoder.position).toBe(2)
    expectClose(await decoder.read([3], 'last'), expected)
    decoder.dispose()
  })

  it('refuses to read beyond its positions', async () => {
    const decoder = openDecoder(await randomModel(machine), null)
    await expect(decoder.read(new Array(33).fill(1), 'last')).rejects.toThrow(/32 positions/)
    expect(() => decoder.trim(1)).toThrow(RangeError)
  })
})

const exactMachines = [...(await machines()).keys()].filter((name) => name === 'wasm' || name === 'webgpu')

it.each(exactMachines)(
  'checks drafted tokens at once with the bits of reading them one by one, on %s',
  async (machine) => {
    const model = await randomModel(machine)
    const ids = [1, 30, 7, 44, 9, 12, 60, 3, 3, 21, 17, 50, 2, 38]
    const [one, many] = [openDecoder(model, null), openDecoder(model, null)]
    await one.read(ids.slice(0, 3), 'last')
    await many.read(ids.slice(0, 3), 'last')
    const apart: Float32Array[] = []
    for (const id of ids.slice(3)) apart.push(await one.read([id], 'last'))
    const together = await many.read(ids.slice(3), 'each')
    expect([...together]).toEqual(apart.flatMap((logits) => [...logits]))
    one.dispose()
    many.dispose()
  },
)

const everywhere = [...(await machines()).keys()]

describe.each(everywhere)('stretches of a model on %s', (machine) => {
  it.each(Object.entries(models))('give together the bits of the whole, of %s', async (_, open) => {
    const model = await open(machine)
    const adapter = someAdapter(model)
    const { layers } = model.config
    const whole = openDecoder(model, adapter)
    const front = openDecoder(model, adapter, { layers: { from: 0, to: 1 }, reads: 'ids', gives: 'hidden' })
    const back = openDecoder(model, adapter, {
      layers: { from: 1, to: layers },
      reads: 'hidden',
      gives: 'hidden',
    })
    const head = openDecoder(model, adapter, {
      layers: { from: layers, to: layers },
      reads: 'hidden',
      gives: 'logits',
    })
    for (const ids of [[1, 30, 7, 44, 9], [12], [3, 21]]) {
      const rows = await back.read(await front.read(ids, 'each'), 'each')
      expect(rows.length).toBe(ids.length * model.config.width)
      expect([...(await head.read(rows, 'each'))]).toEqual([...(await whole.read(ids, 'each'))])
    }
    const last = await back.read(await front.read([5, 6], 'each'), 'last')
    expect([...(await head.read(last, 'last'))]).toEqual([...(await whole.read([5, 6], 'last'))])
    for (const decoder of [whole, front, back, head]) decoder.dispose()
  })
})

it('refuses rows of another width, and a stretch that the model does not hold', async () => {
  const model = await randomModel('wasm')
  const back = openDecoder(model, null, { layers: { from: 1, to: 2 }, reads: 'hidden', gives: 'hidden' })
  await expect(back.read(new Float32Array(17), 'each')).rejects.toThrow(/Rows of 16 numbers cannot be 17/)
  back.dispose()
  const beyond = { layers: { from: 1, to: 3 }, reads: 'hidden', gives: 'hidden' } as const
  expect(() => openDecoder(model, null, beyond)).toThrow(/Layers 1 to 3 are not held here, only 0 to 2/)
})
