import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  epsilonOf,
  ifReplaced,
  noiseWithin,
  nothingSpent,
  orderCount,
  releasesWithin,
  repeated,
  spentBy,
  together,
} from './accountant'

const delta = 1e-5
const seed = 15
const epsilonAfter = (rate: number, noise: number, releases: number) =>
  epsilonOf(repeated(spentBy({ noise, rate }), releases), delta)
const rates = fc.double({ min: 0.001, max: 1, noNaN: true })
const noises = fc.double({ min: 0.05, max: 20, noNaN: true })

describe('the accountant', () => {
  // Two separate computations by others agree on these.
  it.each([
    [0.01, 1.1, 1000, 1.7253],
    [0.01, 1.1, 6000, 4.2641],
    [0.01, 1.1, 10_000, 5.6543],
    [0.1, 1, 100, 7.9729],
    [0.2, 1, 50, 11.6977],
    [0.5, 2, 100, 15.804],
    [1, 1, 10, 19.8017],
    [1, 4, 10, 3.6279],
  ])('says of rate %d, noise %d and %d releases: %d', (rate, noise, releases, epsilon) => {
    expect(Math.abs(epsilonAfter(rate, noise, releases) - epsilon)).toBeLessThan(1e-3)
  })

  it.each([
    [0.01, 1.1, 2, 1.2851e-4],
    [0.01, 1.1, 9, 6.78611e-4],
    [0.1, 1, 3, 3.17123e-2],
  ])('says of one release of rate %d and noise %d at order %d: %d', (rate, noise, order, divergence) => {
    expect(spentBy({ noise, rate })[order - 2] / divergence).toBeCloseTo(1, 5)
  })

  it('says nothing where nothing was released, and promises nothing without noise', () => {
    expect(epsilonOf(nothingSpent, delta)).toBe(0)
    expect(nothingSpent).toHaveLength(orderCount)
    expect(epsilonAfter(0, 0, 5)).toBe(0)
    expect(epsilonAfter(1, 0, 1)).toBe(Number.POSITIVE_INFINITY)
    expect(epsilonAfter(1, 0, 0)).toBe(0)
  })

  it('agrees with itself where sampling takes everybody', () => {
    const nearly = spentBy({ noise: 2, rate: 1 - 1e-12 })
    for (const [at, divergence] of spentBy({ noise: 2, rate: 1 }).entries())
      expect(nearly[at] / divergence).toBeCloseTo(1, 6)
  })

  it('never says less after more: releases, rates, and less noise', () => {
    fc.assert(
      fc.property(rates, noises, fc.integer({ min: 1, max: 500 }), (rate, noise, releases) => {
        const epsilon = epsilonAfter(rate, noise, releases)
        expect(epsilonAfter(rate, noise, releases + 1)).toBeGreaterThanOrEqual(epsilon)
        expect(epsilonAfter(Math.min(1, 1.2 * rate), noise, releases)).toBeGreaterThanOrEqual(epsilon - 1e-9)
        expect(epsilonAfter(rate, noise / 1.2, releases)).toBeGreaterThanOrEqual(epsilon)
      }),
      { seed, numRuns: 50 },
    )
  })

  it('counts unlike releases together as it counts each', () => {
    const [one, other] = [spentBy({ noise: 1, rate: 1 }), spentBy({ noise: 3, rate: 0.1 })]
    expect(together(one, one)).toEqual(repeated(one, 2))
    expect(epsilonOf(together(one, other), delta)).toBeGreaterThan(epsilonOf(one, delta))
  })

  it('halves the noise where another stands in the place of whoever is left out', () => {
    fc.assert(
      fc.property(noises, (noise) => {
        const replaced = ifReplaced(spentBy({ noise, rate: 1 }))
        const halved = spentBy({ noise: noise / 2, rate: 1 })
        for (const [at, divergence] of replaced.entries()) expect(divergence).toBeCloseTo(halved[at], 8)
      }),
      { seed, numRuns: 50 },
    )
  })
})

describe('a budget', () => {
  it('allows as many releases as stay within it, and not one more', () => {
    fc.assert(
      fc.property(
        rates,
        fc.double({ min: 0.5, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.integer({ min: 0, max: 20 }),
        (rate, noise, budget, already) => {
          const each = spentBy({ noise, rate })
          const before = repeated(each, already)
          const more = releasesWithin(budget, delta, before, each)
          fc.pre(more < 1e7)
          const spentAfter = (releases: number) =>
            epsilonOf(together(before, repeated(each, releases)), delta)
          if (more > 0) expect(spentAfter(more)).toBeLessThanOrEqual(budget)
          expect(spentAfter(more + 1)).toBeGreaterThan(budget - 1e-9)
        },
      ),
      { seed, numRuns: 50 },
    )
  })

  it('of zero allows nothing', () => {
    expect(releasesWithin(0, delta, nothingSpent, spentBy({ noise: 100, rate: 1 }))).toBe(0)
    expect(noiseWithin(0, delta, 1, 1)).toBeNull()
  })

  it('asks for the least noise that keeps to it', () => {
    for (const budget of [0.5, 3, 20]) {
      const noise = noiseWithin(budget, delta, 0.2, 50)!
      expect(epsilonAfter(0.2, noise, 50)).toBeLessThanOrEqual(budget)
      expect(epsilonAfter(0.2, noise * 0.999, 50)).toBeGreaterThan(budget)
    }
    expect(noiseWithin(11.6977, delta, 0.2, 50)).toBeCloseTo(1, 3)
  })
})
