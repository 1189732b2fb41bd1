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
}

describe.each(plainMachines)('the decoder on %s', (machine) => {
  describe.each(Object.entries(models))('of %s', (_, open) => {
    it.each(['the base', 'an adapter'])('equals whole passes, token by token, with %s', async (which) => {
      const model = await open(machine)
      const adapter = which === 'the base' ? null : someAdapter(model)
      const decoder = openDecoder(model, adapter)
      const ids = [1, 30, 7]
      let decoded = await decoder.prefill(ids)
      while (ids.length < 12) {
        const whole = await wholePass(model, adapter, ids)
        expectClose(decoded, whole)
        expect(argMax(decoded)).toBe(argMax(whole))
        ids.push(argMax(decoded))
        decoded = await decoder.step(ids.at(-1)!)
      }
      decoder.dispose()
    })
  })

  it('forgets what is trimmed', async () => {
    const decoder = openDecoder(await randomModel(machine), null)
    const expected = await decoder.prefill([1, 2, 3])
    decoder.trim(0)
    await decoder.prefill([1, 2, 9, 9])
    decoder.trim(2)
    expect(decoder.position).toBe(2)
    expectClose(await decoder.step(3), expected)
    decoder.dispose()
  })

  it('refuses to read beyond its positions', async () => {
    const decoder = openDecoder(await randomModel(machine), null)
    await expect(decoder.prefill(new Array(33).fill(1))).rejects.toThrow(/32 positions/)
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
    await one.prefill(ids.slice(0, 3))
    await many.prefill(ids.slice(0, 3))
    const apart: Float32Array[] = []
    for (const id of ids.slice(3)) apart.push(await one.step(id))
    const together = await many.readEach(ids.slice(3))
    expect(together.map((logits) => [...logits])).toEqual(apart.map((logits) => [...logits]))
    one.dispose()
    many.dispose()
  },
)
