import fc from 'fast-check'
import { expect, test } from 'vitest'
import { domains } from './domains/index'
import type { Partition } from './example'
import { mixtureOf, storiesByDomain } from './partition'

const partitions = fc.oneof(
  fc.constant<Partition>({ kind: 'iid' }),
  fc.constant<Partition>({ kind: 'by-domain' }),
  fc.double({ min: 1e-3, max: 1e3, noNaN: true }).map((alpha): Partition => ({ kind: 'dirichlet', alpha })),
)
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
const largestShare = (alpha: number) =>
  sum(
    Array.from({ length: 200 }, (_, index) => Math.max(...mixtureOf({ kind: 'dirichlet', alpha }, 1, index))),
  ) / 200

test('a mixture is a distribution, and its stories are as many as asked for', () => {
  fc.assert(
    fc.property(
      partitions,
      fc.nat(),
      fc.nat(300),
      fc.integer({ min: 0, max: 100 }),
      (kind, seed, index, total) => {
        const mixture = mixtureOf(kind, seed, index)
        expect(mixture.every((share) => share >= 0)).toBe(true)
        expect(sum(mixture)).toBeCloseTo(1)
        const counts = storiesByDomain(kind, seed, index, total)
        expect(sum(counts)).toBe(total)
        for (const [place, count] of counts.entries())
          expect(Math.abs(count - mixture[place] * total)).toBeLessThan(1.001)
      },
    ),
  )
})

test('IID deals all domains alike, by-domain one in turn', () => {
  expect(storiesByDomain({ kind: 'iid' }, 1, 5, 24)).toEqual(domains.map(() => 4))
  expect(storiesByDomain({ kind: 'by-domain' }, 1, 8, 24)).toEqual([0, 0, 24, 0, 0, 0])
})

test('Dirichlet goes from one domain each to a mix for all', () => {
  expect(largestShare(0.01)).toBeGreaterThan(0.95)
  expect(largestShare(1)).toBeCloseTo(0.41, 1)
  expect(largestShare(1000)).toBeLessThan(0.2)
})

test('Dirichlet is fair: over many devices no domain is preferred', () => {
  const mixtures = Array.from({ length: 2000 }, (_, index) =>
    mixtureOf({ kind: 'dirichlet', alpha: 0.3 }, 4, index),
  )
  for (const place of domains.keys())
    expect(sum(mixtures.map((each) => each[place])) / 2000).toBeCloseTo(1 / 6, 1)
})

test('an alpha of nothing is refused', () => {
  expect(() => mixtureOf({ kind: 'dirichlet', alpha: 0 }, 1, 1)).toThrow(RangeError)
})
