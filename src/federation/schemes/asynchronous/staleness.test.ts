import { describe, expect, it } from 'vitest'
import { discount, hinge, polynomial, stalenessRules, stalenessWeight } from './staleness'

describe('staleness', () => {
  it.each([
    ['constant', [1, 1, 1, 1, 1]],
    ['polynomial', [1, Math.SQRT1_2, 0.5, 0.3333, 0.25]],
    ['inverse-root', [1, 0.5, 0.366, 0.2612, 0.2052]],
    ['inverse', [1, 0.5, 0.25, 0.1111, 0.0625]],
    ['hinge', [1, 1, 1, 0.3333, 0.1538]],
  ] as const)('%s discounts updates of 0, 1, 3, 8 and 15 versions as published', (name, expected) => {
    for (const [place, tau] of [0, 1, 3, 8, 15].entries())
      expect(stalenessWeight(name, tau)).toBeCloseTo(expected[place], 4)
  })

  it('never lets an old update count more than a fresh one', () => {
    for (const rule of Object.values(stalenessRules))
      for (let tau = 0; tau < 100; tau++) expect(rule(tau + 1)).toBeLessThanOrEqual(rule(tau))
  })

  it.each([
    ['a polynomial with the wrong sign', () => polynomial(-0.5)],
    ['a hinge that rises', () => hinge(-0.1, 4)],
    ['a rule that is not 1 for fresh updates', () => discount('half', () => 0.5)],
    ['a rule that is not a number', () => discount('none', (tau) => (tau ? Number.NaN : 1))],
  ])('refuses %s at construction', (_, build) => {
    expect(build).toThrow(RangeError)
  })
})
