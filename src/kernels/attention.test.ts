import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { activate } from './activate'
import { cachedAttention, causalAttention, causalMask, compositeAttention } from './attention'
import { gradientError, normal, startTestBackends, testBackends } from './testing'

beforeAll(startTestBackends)

const shape = { batch: 2, time: 3, heads: 2 }
const width = 4

/** The definition, in loops over one sequence, head and query at a time. */
function reference(qkv: number[][]): number[][] {
  const headWidth = width / shape.heads
  return qkv.map((row, index) => {
    const [sequence, time] = [Math.floor(index / shape.time), index % shape.time]
    const past = qkv.slice(sequence * shape.time, sequence * shape.time + time + 1)
    return Array.from({ length: width }, (_, channel) => {
      const first = Math.floor(channel / headWidth) * headWidth
      const score = (key: number[]) => {
        let dot = 0
        for (let place = first; place < first + headWidth; place++) dot += row[place] * key[width + place]
        return Math.exp(dot / Math.sqrt(headWidth))
      }
      const total = past.reduce((sum, key) => sum + score(key), 0)
      return past.reduce((sum, key) => sum + (score(key) / total) * key[2 * width + channel], 0)
    })
  })
}

describe.each(testBackends)('causal attention on %s', (backend) => {
  beforeAll(() => activate(backend))
  const rows = () => normal(1, shape.batch * shape.time, 3 * width)
  const mask = () => causalMask(shape.time, shape.time)
  const forms = {
    loops: (qkv: tf.Tensor2D) => causalAttention(qkv, mask(), shape),
    operations: (qkv: tf.Tensor2D) => compositeAttention(qkv, mask(), shape),
  }

  it.each(Object.entries(forms))('in %s is what its definition says', (_, attend) => {
    const expected = reference(rows().arraySync())
    const actual = attend(rows()).arraySync()
    actual.flat().forEach((value, index) => void expect(value).toBeCloseTo(expected.flat()[index], 5))
  })

  it.each(Object.entries(forms))('in %s has the right gradient', (_, attend) => {
    expect(gradientError(attend, rows())).toBeLessThan(5e-3)
  })

  it('gives the same from a cache, one position at a time or several', () => {
    const single = normal(2, 5, 3 * width)
    const whole = causalAttention(single, causalMask(5, 5), { batch: 1, time: 5, heads: 2 }).arraySync()
    const [q, k, v] = tf.split(single, 3, 1) as tf.Tensor2D[]
    const part = (x: tf.Tensor2D, from: number, to: number) => tf.slice2d(x, [from, 0], [to - from, width])
    const last = cachedAttention(part(q, 4, 5), k, v, null, 2).arraySync()
    last[0].forEach((value, index) => void expect(value).toBeCloseTo(whole[4][index], 5))
    const lastThree = cachedAttention(part(q, 2, 5), k, v, causalMask(3, 5), 2).arraySync()
    lastThree
      .flat()
      .forEach((value, index) => void expect(value).toBeCloseTo(whole.slice(2).flat()[index], 5))
  })
})
