import { describe, expect, it } from 'vitest'
import { bytesFrom } from '../../lib/unguessable'
import type { Delta } from '../aggregation/types'
import { lengthOf } from './clipping'
import { noised, noisedWord, shareOfNoise } from './noise'

const randomBytes = bytesFrom(new Uint8Array(32).fill(15))
const change = (value: number): Delta =>
  new Map([
    ['a', { shape: [50, 40], data: new Float32Array(2000).fill(value) }],
    ['b', { shape: [100], data: new Float32Array(100).fill(-value) }],
  ])
const numbersOf = (delta: Delta) => [...delta.values()].flatMap(({ data }) => [...data])
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const deviationOf = (values: readonly number[]) =>
  Math.sqrt(meanOf(values.map((value) => (value - meanOf(values)) ** 2)))

describe('a change under noise', () => {
  it('without noise is the change, shortened to the clip', () => {
    const { delta, isWithin } = noised(change(1), 2, 0, randomBytes)
    expect(isWithin).toBe(false)
    expect(lengthOf(delta)).toBeCloseTo(2, 5)
    const short = noised(change(0.01), 2, 0, randomBytes)
    expect(short.isWithin).toBe(true)
    expect(numbersOf(short.delta)).toEqual(numbersOf(change(0.01)))
  })

  it('carries noise of the deviation that was asked for, on each number, and not the same on two', () => {
    const { delta } = noised(change(0), 1, 0.3, randomBytes)
    expect(deviationOf(numbersOf(delta))).toBeCloseTo(0.3, 1)
    expect(delta.get('a')!.data[0]).not.toBe(delta.get('b')!.data[0])
    expect(numbersOf(noised(change(0), 1, 0.3, randomBytes).delta)).not.toEqual(numbersOf(delta))
  })

  it('of many, each with its share, sums to the noise of one', () => {
    for (const devices of [1, 4, 25]) {
      const deviation = shareOfNoise(2, 0.5, devices)
      const sum = new Float64Array(2100)
      for (let device = 0; device < devices; device++)
        numbersOf(noised(change(0), 0.5, deviation, randomBytes).delta).forEach((value, at) => {
          sum[at] += value
        })
      expect(deviationOf([...sum]) / (2 * 0.5)).toBeCloseTo(1, 1)
    }
  })

  it('comes with a word about its length that nobody can be held to', () => {
    const said = Array.from({ length: 1000 }, () => noisedWord(true, 2, randomBytes))
    expect(deviationOf(said)).toBeCloseTo(2, 0)
    expect(meanOf(said)).toBeCloseTo(1, 0)
  })
})
