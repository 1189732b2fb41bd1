import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { activate } from '../kernels/activate'
import { startTestBackends, testBackends } from '../kernels/testing'
import { random } from '../lib/rng'
import { openDecoder } from './decoder'
import { type Gpt2, hiddenRows, type Lora, logits } from './gpt2'
import { adapterSlots, flatten, initialAdapter, loraOf, splitFactors } from './lora'
import { argMax } from './sampling'
import { randomModel } from './testing'

beforeAll(startTestBackends)

/** An adapter whose B is not zero, so that it changes the result. */
function someLora(model: Gpt2): Lora {
  const config = { rank: 2, alpha: 4, targets: ['c_attn', 'c_proj', 'c_fc'] }
  const { next } = random(5)
  const flat = flatten(model.config, initialAdapter(model.config, config, 1)).map(
    (value) => value + 0.1 * next(),
  )
  const slots = adapterSlots(model.config, config)
  return loraOf(slots, splitFactors(slots, tf.tensor1d(flat)), config)
}

/** The logits after `ids` from one forward pass over all of them. */
function fullForward(model: Gpt2, lora: Lora, ids: number[]): Float32Array {
  const hidden = hiddenRows(model, tf.tensor1d(ids, 'int32'), { batch: 1, time: ids.length }, lora)
  return logits(model, tf.slice2d(hidden, [ids.length - 1, 0], [1, model.config.width])).dataSync<'float32'>()
}

const expectClose = (actual: Float32Array, expected: Float32Array): void =>
  actual.forEach((value, index) => void expect(Math.abs(value - expected[index])).toBeLessThan(1e-4))

describe.each(testBackends)('the decoder on %s', (backend) => {
  it.each(['the base', 'an adapter'])(
    'equals the full forward pass, token by token, with %s',
    async (which) => {
      const model = randomModel(backend)
      activate(backend)
      const lora = which === 'the base' ? null : someLora(model)
      const decoder = openDecoder(model, lora)
      const ids = [1, 30, 7]
      let decoded = await decoder.prefill(ids)
      while (ids.length < 12) {
        const full = fullForward(model, lora, ids)
        expectClose(decoded, full)
        expect(argMax(decoded)).toBe(argMax(full))
        ids.push(argMax(decoded))
        decoded = await decoder.step(ids.at(-1)!)
      }
      decoder.dispose()
    },
  )

  it('forgets what is trimmed, and gives its memory back', async () => {
    const model = randomModel(backend)
    activate(backend)
    const decoder = openDecoder(model, null)
    const expected = await decoder.prefill([1, 2, 3])
    decoder.trim(0)
    const before = tf.memory().numTensors
    await decoder.prefill([1, 2, 9, 9])
    decoder.trim(2)
    expect(decoder.position).toBe(2)
    expectClose(await decoder.step(3), expected)
    decoder.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('refuses to read beyond its positions', async () => {
    const decoder = openDecoder(randomModel(backend), null)
    await expect(decoder.prefill(new Array(33).fill(1))).rejects.toThrow(/32 positions/)
    expect(() => decoder.trim(1)).toThrow(RangeError)
  })
})
