import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { activate } from './activate'
import { adamw, adamwDefaults } from './adamw'
import { startTestBackends, testBackends } from './testing'

beforeAll(startTestBackends)

/** One parameter in double precision, as torch.optim.AdamW writes it. */
function reference(gradients: number[], rate: number, decay: number): number {
  let [p, m, v] = [1, 0, 0]
  gradients.forEach((g, index) => {
    const t = index + 1
    p *= 1 - rate * decay
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g * g
    p -= ((rate / (1 - 0.9 ** t)) * m) / (Math.sqrt(v) / Math.sqrt(1 - 0.999 ** t) + 1e-8)
  })
  return p
}

describe.each(testBackends)('AdamW on %s', (backend) => {
  beforeAll(() => activate(backend))

  it.each([0, 0.1])('follows the definition with decay %d', (decay) => {
    const gradients = [0.5, -0.2, 1e-4, 3, 0]
    let parameters = tf.tensor1d([1])
    let moments = { first: tf.tensor1d([0]), second: tf.tensor1d([0]) }
    gradients.forEach((gradient, index) => {
      const next = adamw(parameters, tf.tensor1d([gradient]), moments, index + 1, 0.01, {
        ...adamwDefaults,
        decay,
      })
      parameters = next.parameters
      moments = next
    })
    expect(parameters.dataSync()[0]).toBeCloseTo(reference(gradients, 0.01, decay), 6)
  })
})
