import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { activate } from './activate'
import { type FrozenLinear, linear } from './linear'
import { gradientError, normal, normalVector, startTestBackends, testBackends } from './testing'

beforeAll(startTestBackends)

const [inSize, outSize, rank] = [5, 6, 2]
const scale = 1.5

function frozenLayer(): FrozenLinear {
  const weight = normal(1, inSize, outSize)
  return {
    weight,
    bias: normalVector(2, outSize),
    transposed: () => tf.transpose(weight),
  }
}

describe.each(testBackends)('linear on %s', (backend) => {
  beforeAll(() => activate(backend))
  const inputs = () => [normal(3, 4, inSize), normal(4, rank, inSize), normal(5, outSize, rank)] as const

  it('is x W + b + s (x Aᵀ) Bᵀ', () => {
    const layer = frozenLayer()
    const [x, a, b] = inputs()
    const merged = tf.add(layer.weight, tf.mul(tf.matMul(a, b, true, true), scale)) // W + s Aᵀ Bᵀ
    const expected = tf.add(tf.matMul(x, merged), layer.bias).dataSync()
    const actual = linear(x, layer, { a, b, scale }, false).dataSync()
    actual.forEach((value, index) => void expect(value).toBeCloseTo(expected[index], 4))
  })

  it('changes nothing where B is zero', () => {
    const layer = frozenLayer()
    const [x, a] = inputs()
    const b = tf.zeros<tf.Rank.R2>([outSize, rank])
    const base = linear(x, layer, null, false)
    expect(linear(x, layer, { a, b, scale }, false).dataSync()).toEqual(base.dataSync())
  })

  it('has the right gradients of x, A and B', () => {
    const layer = frozenLayer()
    expect(gradientError((x, a, b) => linear(x, layer, { a, b, scale }, true), ...inputs())).toBeLessThan(
      3e-3,
    )
  })

  it('has the right gradients of A and B where nothing below learns', () => {
    const layer = frozenLayer()
    const [x, a, b] = inputs()
    expect(gradientError((a, b) => linear(x, layer, { a, b, scale }, false), a, b)).toBeLessThan(3e-3)
  })

  it('passes the gradient through a layer without adapter', () => {
    const layer = frozenLayer()
    expect(gradientError((x) => linear(x, layer, null, true), inputs()[0])).toBeLessThan(3e-3)
  })
})
