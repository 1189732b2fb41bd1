import { describe, expect, it } from 'vitest'
import { random } from '../../lib/rng'
import { audit } from './audit'

const delta = 1e-5
const { gaussian } = random(15, 'losses')
const losses = (count: number, mean: number) => Array.from({ length: count }, () => mean + gaussian())

describe('an audit', () => {
  it('finds nothing where members look like all others', () => {
    const { auc, epsilonAtLeast } = audit(losses(400, 3), losses(400, 3), delta)
    expect(auc).toBeCloseTo(0.5, 1)
    expect(epsilonAtLeast).toBe(0)
  })

  it('finds all of them where their losses lie apart, and says as much as so few can show', () => {
    const { auc, epsilonAtLeast } = audit(losses(400, 0), losses(400, 20), delta)
    expect(auc).toBe(1)
    // No false alarm among 200 leaves room for 1.8 %.
    expect(epsilonAtLeast).toBeGreaterThan(3.9)
    expect(epsilonAtLeast).toBeLessThan(Math.log(200))
    expect(audit(losses(20, 0), losses(20, 20), delta).epsilonAtLeast).toBeLessThan(epsilonAtLeast)
  })

  it('counts ties as half', () => {
    expect(audit([1, 1], [1, 1], delta).auc).toBe(0.5)
    expect(audit([1, 2], [2, 3], delta).auc).toBe(0.875)
  })

  it('stays below what a mechanism of a known epsilon can show, in nearly all of many audits', () => {
    // A bit told truly with probability e / (1 + e): epsilon is 1.
    const { next } = random(15, 'bits')
    const told = (bit: number) => (next() < Math.E / (1 + Math.E) ? bit : 1 - bit)
    const wrong = Array.from({ length: 40 }, () => {
      const ask = (bit: number) => Array.from({ length: 100 }, () => told(bit))
      return audit(ask(0), ask(1), 0).epsilonAtLeast
    }).filter((epsilon) => epsilon > 1)
    expect(wrong.length).toBeLessThanOrEqual(2)
  })
})
