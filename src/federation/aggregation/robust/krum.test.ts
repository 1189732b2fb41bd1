import { describe, expect, it } from 'vitest'
import { flora } from '../rules/flora'
import { randomRound } from '../rules/testing'
import type { AggregationRule, LoraUpdate } from '../types'
import { bucketsOf } from './bucketing'
import type { RobustChain } from './chain'
import { robustly } from './estimate'
import { scoresOf } from './krum'
import { gramOfUpdates, pointsOf } from './points'
import { far, flat, roundWithLiars } from './testing'

const run = (rule: AggregationRule, updates: readonly LoraUpdate[], chain: RobustChain, liars = 0.3) =>
  robustly(rule, updates, 1, { chain, liars, seed: 3 })

describe('Krum', () => {
  it('names those whom it leaves out, and why; together the weights stay what they were', () => {
    const updates = roundWithLiars(1, 7, 3, 5)
    const many = run(flora, updates, ['multi-krum'])
    expect(many.leftOut.map(({ device }) => device)).toEqual(['device 7', 'device 8', 'device 9'])
    expect(many.leftOut[0].complaint).toMatch(/furthest/)
    const one = run(flora, updates, ['krum'])
    expect(one.updates).toHaveLength(1)
    expect(one.leftOut).toHaveLength(9)
    for (const { updates: all } of [many, one])
      expect(all.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1)
  })

  it('scores by the n - f - 2 nearest', () => {
    const updates = roundWithLiars(1, 4, 1, 5)
    const scores = scoresOf(gramOfUpdates(updates, false), pointsOf(updates), 1)
    expect(scores.indexOf(Math.max(...scores))).toBe(4)
    expect(far(flat(updates[0]), flat(updates[1])) ** 2).toBeLessThan(scores[0] * (1 + 1e-9))
  })
})

describe('bucketing', () => {
  it('puts everybody into one bucket, anew in every round', () => {
    const updates = randomRound(1, 7).updates
    const devices = updates.map(({ device }) => device)
    const rounds = [1, 2].map((round) => bucketsOf(pointsOf(updates), devices, 3, round))
    for (const buckets of rounds) {
      expect(buckets).toHaveLength(4)
      expect(buckets.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1)
      for (const at of devices.keys()) expect(buckets.filter(({ shares }) => shares[at] > 0)).toHaveLength(1)
    }
    expect(rounds[0]).not.toEqual(rounds[1])
  })

  it('makes honest points more alike', () => {
    const updates = randomRound(1, 10).updates
    const gram = gramOfUpdates(updates, false)
    const spread = (points: ReturnType<typeof pointsOf>) =>
      Math.max(...scoresOf(gram, points, 0)) / points.length
    const devices = updates.map(({ device }) => device)
    expect(spread(bucketsOf(pointsOf(updates), devices, 1, 1))).toBeLessThan(spread(pointsOf(updates)))
  })
})
