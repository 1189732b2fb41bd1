import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { activate } from './activate'
import { headLoss, headLosses } from './crossEntropy'
import { gradientError, normal, startTestBackends, testBackends } from './testing'

beforeAll(startTestBackends)

const [rows, width, vocabulary] = [4, 3, 7]

describe.each(testBackends)('cross-entropy of the tied head on %s', (backend) => {
  beforeAll(() => activate(backend))
  const head = () => {
    const embedding = normal(1, vocabulary, width)
    return { embedding, transposed: tf.transpose(embedding) }
  }
  const targets = () => tf.tensor1d([0, 6, 3, 3], 'int32')

  it('is the log of the softmax at the target', () => {
    const hidden = normal(2, rows, width)
    const logits = tf.matMul(hidden, head().transposed).arraySync() as number[][]
    const losses = headLosses(hidden, head(), targets()).arraySync()
    losses.forEach((loss, row) => {
      const sum = logits[row].reduce((total, logit) => total + Math.exp(logit), 0)
      expect(loss).toBeCloseTo(Math.log(sum) - logits[row][[0, 6, 3, 3][row]], 5)
    })
  })

  it('stays finite where the target is all but impossible', () => {
    const hidden = tf.tensor2d([[200, 0, 0]])
    const embedding = tf.tensor2d([
      [1, 0, 0],
      [-1, 0, 0],
    ])
    const [loss] = headLosses(
      hidden,
      { embedding, transposed: tf.transpose(embedding) },
      tf.tensor1d([1], 'int32'),
    ).arraySync()
    expect(loss).toBeCloseTo(400, 3)
  })

  it('has the right gradient, and none for rows of weight 0', () => {
    const weights = tf.tensor1d([0.5, 0, 0.25, 0.25])
    const loss = (hidden: tf.Tensor2D) => headLoss(hidden, head(), targets(), weights)
    expect(gradientError(loss, normal(2, rows, width))).toBeLessThan(3e-3)
    const gradient = tf
      .grad((hidden) => loss(hidden as tf.Tensor2D))(normal(2, rows, width))
      .arraySync() as number[][]
    expect(gradient[1].map(Math.abs)).toEqual([0, 0, 0])
  })

  it('gives the same in one chunk and in several', () => {
    const hidden = normal(2, rows, width)
    const weights = tf.tensor1d([0.5, 0, 0.25, 0.25])
    const whole = headLosses(hidden, head(), targets()).dataSync()
    const chunked = headLosses(hidden, head(), targets(), 3).dataSync()
    whole.forEach((loss, row) => void expect(chunked[row]).toBeCloseTo(loss, 6))
    const chunkedLoss = (hidden: tf.Tensor2D) => headLoss(hidden, head(), targets(), weights, 3)
    expect(gradientError(chunkedLoss, hidden)).toBeLessThan(3e-3)
  })
})
