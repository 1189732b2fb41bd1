import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { activate } from './activate'
import { layerNorm } from './layerNorm'
import { gradientError, normal, normalVector, startTestBackends, testBackends } from './testing'

beforeAll(startTestBackends)

describe.each(testBackends)('layerNorm on %s', (backend) => {
  beforeAll(() => activate(backend))

  it('gives rows of mean 0 and variance 1, then gain and offset', () => {
    const weights = { gain: tf.tensor1d([2, 2, 2, 2]), offset: tf.tensor1d([1, 1, 1, 1]) }
    const [row] = layerNorm(tf.tensor2d([[1, 2, 3, 4]]), weights, 0).arraySync()
    const expected = [-1.5, -0.5, 0.5, 1.5].map((centred) => 1 + (2 * centred) / Math.sqrt(1.25))
    row.forEach((value, index) => void expect(value).toBeCloseTo(expected[index], 5))
  })

  it('has the right gradient', () => {
    const weights = {
      gain: normalVector(1, 5),
      offset: tf.zeros<tf.Rank.R1>([5]),
    }
    expect(gradientError((x) => layerNorm(x, weights, 1e-5), normal(2, 3, 5))).toBeLessThan(3e-3)
  })
})
