import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../lib/rng'
import { defaultConfig } from '../config'
import { averageLinkage } from './agglomerative'
import { distancesOf, withCapabilities } from './distances'
import { divide } from './divide'
import { kMeans } from './kMeans'
import { namesByOverlap } from './matching'
import { regroupByChance, regroupByLoss } from './regroup'
import { adjustedRandIndex, silhouette } from './scores'

/** Points around `centres` far-apart directions, as updates would lie; and what they were planted as. */
function planted(count: number, centres: number, spread: number, seed: number, size = 16) {
  const draw = random(seed, 'planted')
  const means = Array.from({ length: centres }, () => Array.from({ length: size }, () => draw.gaussian()))
  const truth = Array.from({ length: count }, (_, at) => at % centres)
  const points = truth.map((centre) => means[centre].map((x) => x + spread * draw.gaussian()))
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, at) => sum + x * b[at], 0)
  const gram = points.map((a) => points.map((b) => dot(a, b)))
  const at = points.map((_, place) => place)
  return {
    truth,
    distances: distancesOf(
      gram,
      gram.map((row, i) => row[i]),
      at,
    ),
    at,
  }
}

const draw = () => random(1, 'test')
const settings = defaultConfig.clustered

describe('dividing devices', () => {
  it.each(['k-means', 'average-linkage'] as const)(
    'finds four planted groups by %s, and that there are four',
    (method) => {
      for (const seed of [1, 2, 3, 4, 5]) {
        const { truth, distances, at } = planted(20, 4, 0.3, seed)
        const { labels, silhouette: score } = divide(distances, at, { ...settings, method }, draw())
        expect(adjustedRandIndex(truth, labels)).toBe(1)
        expect(score).toBeGreaterThan(0.5)
      }
    },
  )

  it('leaves data without clusters together', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { distances, at } = planted(20, 1, 1, seed, 400)
      expect(new Set(divide(distances, at, settings, draw()).labels).size).toBe(1)
    }
  })

  it('takes the number of clusters that was asked for', () => {
    const { truth, distances, at } = planted(12, 3, 0.3, 1)
    expect(adjustedRandIndex(truth, divide(distances, at, { ...settings, count: 3 }, draw()).labels)).toBe(1)
  })

  it('finds on some devices what it finds on all', () => {
    const { truth, distances, at } = planted(60, 4, 0.3, 2)
    const landmarks = at.filter((place) => place % 3 === 0)
    const rows = distances.map((row) => landmarks.map((column) => row[column]))
    expect(adjustedRandIndex(truth, divide(rows, landmarks, settings, draw()).labels)).toBe(1)
  })

  it('has no cluster of one, whatever the distances', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 14 }), fc.nat(1000), (count, seed) => {
        const { distances, at } = planted(count, 5, 0.8, seed)
        for (const method of ['k-means', 'average-linkage'] as const) {
          const { labels } = divide(distances, at, { ...settings, method, count: 4 }, draw())
          for (const label of labels)
            expect(labels.filter((other) => other === label).length).toBeGreaterThan(1)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('can weigh what devices are able to do beside what they hold', () => {
    const { distances, at } = planted(8, 1, 0.01, 1)
    const capabilities = at.map((place) => ({ tokensPerSecond: place < 4 ? 10 : 10_000, roundTripMs: null }))
    const weighted = withCapabilities(distances, capabilities, at, 1)
    expect(divide(distances, at, { ...settings, count: null }, draw()).labels).not.toEqual([
      0, 0, 0, 0, 1, 1, 1, 1,
    ])
    expect(divide(weighted, at, settings, draw()).labels).toEqual([0, 0, 0, 0, 1, 1, 1, 1])
  })
})

describe('distances', () => {
  it('are those of the golden updates', () => {
    // federation notes, 8.2: norms and cosines of three fully specified updates
    const norms = [5.722728, 10.838146, 7.597821]
    const cosines = [
      [1, -0.203172, 0.286426],
      [-0.203172, 1, 0.368549],
      [0.286426, 0.368549, 1],
    ]
    const gram = cosines.map((row, i) => row.map((cos, j) => cos * Math.sqrt(norms[i] * norms[j])))
    const distances = distancesOf(gram, norms, [0, 1, 2])
    expect(distances[0][1]).toBeCloseTo(1.203172, 6)
    expect(distances[1][2]).toBeCloseTo(0.631451, 6)
    expect(distances[2][2]).toBe(0)
  })
})

describe('k-means and average linkage', () => {
  const line = [0, 1, 2, 10, 11, 12]
  const square = line.map((a) => line.map((b) => (a - b) ** 2))
  it('divide a line where it is open', () => {
    expect(adjustedRandIndex(kMeans(square, 2, draw()), [0, 0, 0, 1, 1, 1])).toBe(1)
    expect(averageLinkage(square, 2)).toEqual([0, 0, 0, 1, 1, 1])
    expect(averageLinkage(square, 6)).toEqual([0, 1, 2, 3, 4, 5])
  })
})

describe('scores', () => {
  it('the silhouette is Rousseeuw’s', () => {
    const points = [0, 1, 10, 11]
    const distances = points.map((a) => points.map((b) => Math.abs(a - b)))
    // For the points 0 and 11: (10.5 - 1) / 10.5; for 1 and 10: (9.5 - 1) / 9.5.
    expect(silhouette(distances, [0, 0, 1, 1])).toBeCloseTo((9.5 / 10.5 + 8.5 / 9.5) / 2, 12)
    expect(silhouette(distances, [0, 1, 1, 1]), 'a loner scores 0').toBeLessThan(0.5)
    expect(silhouette(distances, [0, 0, 0, 0])).toBe(0)
  })

  it('the adjusted Rand index is 1 for the same division, near 0 by chance, and Hubert’s example', () => {
    expect(adjustedRandIndex(['a', 'a', 'b'], [7, 7, 2])).toBe(1)
    expect(adjustedRandIndex([0, 0, 1, 1], [0, 0, 1, 2])).toBeCloseTo(0.5714285714, 9)
    const random1 = random(1, 'ari')
    const any = () => Array.from({ length: 2000 }, () => random1.int(4))
    expect(Math.abs(adjustedRandIndex(any(), any()))).toBeLessThan(0.01)
  })
})

describe('names', () => {
  it('stay with most of their devices', () => {
    let given = 2
    const fresh = () => `cluster-${++given}`
    expect(namesByOverlap(['x', 'x', 'y', 'y'], [1, 1, 0, 0], fresh)).toEqual(['y', 'x'])
    expect(namesByOverlap(['x', 'x', 'x', 'x'], [0, 0, 0, 1], fresh)).toEqual(['x', 'cluster-3'])
    expect(namesByOverlap([null, null], [0, 0], fresh)).toEqual(['cluster-4'])
  })

  it('are matched so that as many devices as possible keep theirs', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('x', 'y', 'z'), fc.integer({ min: 0, max: 2 })), {
          minLength: 6,
          maxLength: 12,
        }),
        (pairs) => {
          const labels = [0, 1, 2, ...pairs.map(([, label]) => label)]
          const before = [null, null, null, ...pairs.map(([name]) => name)]
          let given = 0
          const names = namesByOverlap(before, labels, () => `new-${++given}`)
          const kept = (chosen: readonly string[]) =>
            labels.filter((label, at) => chosen[label] === before[at]).length
          const all = ['x', 'y', 'z']
          const best = Math.max(
            ...all.flatMap((a) =>
              all.flatMap((b) =>
                all.filter((c) => new Set([a, b, c]).size === 3).map((c) => kept([a, b, c])),
              ),
            ),
          )
          expect(new Set(names).size).toBe(3)
          expect(kept(names)).toBe(best)
        },
      ),
    )
  })
})

describe('by loss', () => {
  it('everybody goes where its loss is least, but nobody alone', () => {
    const losses = { a: { p: 1, q: 2 }, b: { p: 1, q: 2 }, c: { p: 3, q: 1 } }
    expect(regroupByLoss(losses, { a: 'q', b: 'q', c: 'q' })).toEqual({ a: 'p', b: 'p', c: 'p' })
    const two = { ...losses, d: { p: 2, q: 1 } }
    expect(regroupByLoss(two, {})).toEqual({ a: 'p', b: 'p', c: 'q', d: 'q' })
  })

  it('no cluster is smaller than it may be, as long as there are several', () => {
    const losses = fc.dictionary(
      fc.constantFrom(...'abcdefghij'),
      fc.record({
        p: fc.integer({ min: 1, max: 9 }),
        q: fc.integer({ min: 1, max: 9 }),
        r: fc.integer({ min: 1, max: 9 }),
      }),
      { minKeys: 1 },
    )
    fc.assert(
      fc.property(losses, fc.integer({ min: 2, max: 4 }), (measured, least) => {
        const names = Object.values(regroupByLoss(measured, {}, least))
        const sizes = [...new Set(names)].map((name) => names.filter((other) => other === name).length)
        if (sizes.length > 1) expect(Math.min(...sizes)).toBeGreaterThanOrEqual(least)
      }),
    )
  })
})

describe('by chance', () => {
  const devices = [...'abcdefg']

  it('devices are dealt out evenly, another way for another seed', () => {
    const { assignment, named } = regroupByChance(devices, {}, 4, 2, 3, 1)
    const sizes = ['cluster-5', 'cluster-6'].map(
      (name) => devices.filter((key) => assignment[key] === name).length,
    )
    expect([sizes, named]).toEqual([[4, 3], 6])
    expect(regroupByChance(devices, {}, 4, 2, 3, 2).assignment).not.toEqual(assignment)
  })

  it('there are as many clusters as have enough devices', () => {
    const count = (wanted: number) =>
      new Set(Object.values(regroupByChance(devices, {}, 0, wanted, 3, 1).assignment)).size
    expect([2, 3, 9].map(count)).toEqual([2, 2, 2])
    expect(regroupByChance(devices.slice(0, 5), { a: 'global' }, 0, 2, 3, 1).assignment).toEqual({
      a: 'global',
    })
  })
})
