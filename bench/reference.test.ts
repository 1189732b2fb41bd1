import { expect, test } from 'vitest'
import type { Tensor } from '../src/model/safetensors'
import { gpt2, nanogpt, referenceLogits, referenceLoss } from './reference'
import type { Shape } from './shapes'
import { batchOfStep, randomWeights } from './weights'

const shape: Shape = { name: 'S0', layers: 2, width: 16, heads: 2, time: 8, batch: 2, vocabulary: 20 }
const weights = randomWeights(shape)
const batch = batchOfStep(shape, 0)

test.each([gpt2, nanogpt])(
  'a model that has learned nothing is about as wrong as guessing: %o',
  (dialect) => {
    expect(referenceLoss(shape, weights, batch, dialect)).toBeCloseTo(Math.log(20), 0)
  },
)

test('with an embedding of zeros every token is equally likely: the loss is ln V exactly', () => {
  const { shape: sides, data } = weights.get('wte.weight')!
  const blank: Tensor = { shape: sides, data: new Float32Array(data.length) }
  const loss = referenceLoss(shape, new Map([...weights, ['wte.weight', blank]]), batch)
  expect(loss).toBeCloseTo(Math.log(20), 12)
})

test.each([gpt2, nanogpt])('no position sees a later one: %o', (dialect) => {
  const ids = [3, 1, 4, 1, 5]
  const before = referenceLogits(shape, weights, ids, dialect)
  const after = referenceLogits(shape, weights, [3, 1, 4, 1, 9], dialect)
  const seen = 4 * before.columns
  expect(before.data.slice(0, seen)).toEqual(after.data.slice(0, seen))
  expect(before.data.slice(seen)).not.toEqual(after.data.slice(seen))
})

test('order matters, to learned and to rotary positions', () => {
  for (const dialect of [gpt2, nanogpt]) {
    const last = (ids: number[]) => {
      const { data, columns } = referenceLogits(shape, weights, ids, dialect)
      return data.slice(-columns)
    }
    expect(last([1, 2, 3])).not.toEqual(last([2, 1, 3]))
  }
})

test('the loss is the mean over sequences: a batch of equal halves has the loss of one', () => {
  const half = { ids: batch.ids.slice(0, 8), targets: batch.targets.slice(0, 8) }
  const twice = {
    ids: Int32Array.from([...half.ids, ...half.ids]),
    targets: Int32Array.from([...half.targets, ...half.targets]),
  }
  const one = referenceLoss({ ...shape, batch: 1 }, weights, half)
  expect(referenceLoss(shape, weights, twice)).toBeCloseTo(one, 12)
})
