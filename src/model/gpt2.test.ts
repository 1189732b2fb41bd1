import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { activate } from '../kernels/activate'
import { headLosses } from '../kernels/crossEntropy'
import { startTestBackends, testBackends } from '../kernels/testing'
import { ModelError } from './config'
import numbers from './fixtures/gpt2-logits.json'
import { type Gpt2, hiddenRows, loadGpt2, logits, type ModelFiles } from './gpt2'
import { decodeSafetensors, encodeSafetensors, type Tensor, type TensorMap } from './safetensors'
import { randomModel, randomModelFiles } from './testing'

beforeAll(startTestBackends)

const toyFiles = (): ModelFiles => {
  const read = (name: string) => readFileSync(`public/models/toy/${name}`)
  const json = (name: string) => JSON.parse(read(name).toString('utf8'))
  return {
    config: json('config.json'),
    tokenizer: json('tokenizer.json'),
    tokenizerSettings: null,
    weights: read('model.safetensors'),
  }
}

function compare(model: Gpt2, { ids, lastLogits, loss }: (typeof numbers)['toy']): void {
  activate(model.backend)
  tf.tidy(() => {
    const time = ids.length
    const hidden = hiddenRows(model, tf.tensor1d(ids, 'int32'), { batch: 1, time }, null)
    const last = logits(model, tf.slice2d(hidden, [time - 2, 0], [2, model.config.width])).arraySync()
    last
      .flat()
      .forEach((logit, index) => void expect(Math.abs(logit - lastLogits.flat()[index])).toBeLessThan(1e-4))

    const inputs = tf.slice2d(hidden, [0, 0], [time - 1, model.config.width])
    const losses = headLosses(inputs, model.weights.head, tf.tensor1d(ids.slice(1), 'int32')).arraySync()
    expect(Math.abs(losses.reduce((sum, value) => sum + value, 0) / losses.length - loss)).toBeLessThan(1e-4)
  })
}

describe.each(testBackends)('GPT-2 on %s', (backend) => {
  it('agrees with PyTorch on the shipped toy', () => {
    const model = loadGpt2(toyFiles(), backend)
    expect(model.hash).toBe(numbers.toy.sha256)
    compare(model, numbers.toy)
  })

  it('gives every sequence of a batch what it would get alone, whatever is padded behind it', () => {
    const model = randomModel(backend)
    const [one, other] = [
      [1, 2, 3, 4],
      [5, 6, 0, 0],
    ]
    activate(backend)
    const both = hiddenRows(
      model,
      tf.tensor1d([...one, ...other], 'int32'),
      { batch: 2, time: 4 },
      null,
    ).arraySync()
    const alone = hiddenRows(model, tf.tensor1d([5, 6], 'int32'), { batch: 1, time: 2 }, null).arraySync()
    alone.flat().forEach((value, index) => void expect(both.slice(4).flat()[index]).toBeCloseTo(value, 4))
  })
})

describe('loading a model', () => {
  const altered = (
    change: (tensors: Map<string, Tensor>) => Iterable<readonly [string, Tensor]>,
  ): ModelFiles => {
    const files = randomModelFiles()
    const { tensors } = decodeSafetensors(files.weights)
    return { ...files, weights: encodeSafetensors(new Map(change(new Map(tensors))) as TensorMap) }
  }

  it('finds tensors with a leading "transformer.", and skips causal masks', () => {
    const mask = { shape: [1, 1, 2, 2], data: new Float32Array(4) }
    const files = altered((tensors) => [
      ...[...tensors].map(([name, tensor]) => [`transformer.${name}`, tensor] as const),
      ['transformer.h.0.attn.bias', mask],
      ['lm_head.weight', tensors.get('wte.weight')!],
    ])
    const hidden = (model: Gpt2) =>
      hiddenRows(model, tf.tensor1d([1, 2, 3], 'int32'), { batch: 1, time: 3 }, null).arraySync()
    activate('cpu')
    expect(hidden(loadGpt2(files, 'cpu'))).toEqual(hidden(randomModel('cpu')))
  })

  it('counts the parameters', () => {
    const { tensors } = decodeSafetensors(randomModelFiles().weights)
    const total = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0)
    expect(randomModel('cpu').parameters).toBe(total)
  })

  it('names a missing tensor and one of the wrong shape', () => {
    const without = altered((tensors) => [...tensors].filter(([name]) => name !== 'h.1.mlp.c_fc.weight'))
    expect(() => loadGpt2(without, 'cpu')).toThrow(/no tensor "h.1.mlp.c_fc.weight"/)
    const wrong = altered((tensors) => tensors.set('ln_f.bias', { shape: [3], data: new Float32Array(3) }))
    expect(() => loadGpt2(wrong, 'cpu')).toThrow(/"ln_f.bias" is \[3\], but config.json says \[16\]/)
  })

  it.each([
    ['another architecture', { model_type: 'llama' }, /model_type/],
    ['an untied head', { tie_word_embeddings: false }, /tie_word_embeddings/],
    ['an activation it does not have', { activation_function: 'relu' }, /activation_function/],
    ['heads that do not divide the width', { n_head: 3 }, /n_embd 16 is no multiple of n_head 3/],
  ])('refuses %s and names the setting', (_, change, message) => {
    const files = randomModelFiles()
    const config = { ...(files.config as object), ...change }
    expect(() => loadGpt2({ ...files, config }, 'cpu')).toThrow(ModelError)
    expect(() => loadGpt2({ ...files, config }, 'cpu')).toThrow(message)
  })
})
