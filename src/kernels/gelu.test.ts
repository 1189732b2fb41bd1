import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { activate } from './activate'
import { gelu } from './gelu'
import { gradientError, normal, startTestBackends, testBackends } from './testing'

beforeAll(startTestBackends)

describe.each(testBackends)('gelu on %s', (backend) => {
  beforeAll(() => activate(backend))

  it('is the tanh form, also far from zero', () => {
    const inputs = [-30, -3, -1, -0.1, 0, 0.1, 1, 3, 30]
    const outputs = gelu(tf.tensor2d([inputs])).dataSync()
    inputs.forEach((x, index) => {
      const expected = 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
      expect(outputs[index]).toBeCloseTo(expected, 5)
    })
  })

  it('has the right gradient', () => {
    expect(gradientError(gelu, normal(3, 4, 6))).toBeLessThan(3e-3)
  })
})
