import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { activate } from './activate'
import { splitFlat } from './splitFlat'
import { startTestBackends, testBackends } from './testing'

beforeAll(startTestBackends)

describe.each(testBackends)('splitting a flat tensor on %s', (backend) => {
  it('gives the matrices in their order', () => {
    activate(backend)
    const [one, other] = splitFlat(tf.tensor1d([1, 2, 3, 4, 5]), [
      [1, 2],
      [3, 1],
    ])
    expect(one.arraySync()).toEqual([[1, 2]])
    expect(other.arraySync()).toEqual([[3], [4], [5]])
  })
})
