import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../src/lib/rng'
import { hasGrown, slopeOf } from './slopes'

const taken = (count: number, valueAt: (at: number) => number) =>
  Array.from({ length: count }, (_, at) => ({ at, value: valueAt(at) }))

describe('a figure taken again and again', () => {
  it('rises by what its line says, whatever its first quarter was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 60 }), fc.integer({ min: 1, max: 50 }), (count, rise) => {
        const warm = Math.floor(count / 4)
        const { perUnit, isSure } = slopeOf(taken(count, (at) => (at < warm ? 7777 : 1000 + rise * at)))
        expect(perUnit).toBeCloseTo(rise, 6)
        expect(isSure).toBe(true)
      }),
    )
  })

  it('has not grown where it only scatters, and has where the rise is larger than that', () => {
    const dice = random(1, 'scatter')
    const scatter = Array.from({ length: 40 }, () => 20 * dice.gaussian())
    expect(hasGrown(slopeOf(taken(40, (at) => 1000 + scatter[at])), 0.05)).toBe(false)
    expect(hasGrown(slopeOf(taken(40, (at) => 1000 + 5 * at + scatter[at])), 0.05)).toBe(true)
    expect(hasGrown(slopeOf(taken(40, (at) => 1000 + at / 10)), 0.05)).toBe(false)
  })

  it('falls, which is no growth', () => {
    const slope = slopeOf(taken(20, (at) => 1000 - at))
    expect(slope.perUnit).toBeCloseTo(-1, 6)
    expect(hasGrown(slope, 0)).toBe(false)
  })

  it('says nothing from a handful', () => {
    expect(() => slopeOf(taken(4, () => 1))).toThrow('too few')
  })
})
