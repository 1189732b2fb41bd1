import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { metropolis, type Neighbours, neighboursOf, secondEigenvalue, spectralGap } from './topology'

const web = (topology: 'ring' | 'full' | 'small-world' | 'random-regular', count: number, seed = 0) =>
  neighboursOf({ degree: 4, topology }, count, seed)
const lambda = (neighbours: Neighbours) => secondEigenvalue(metropolis(neighbours))

const fromLinks = (count: number, isLinked: (a: number, b: number) => boolean): Neighbours =>
  Array.from({ length: count }, (_, a) =>
    Array.from({ length: count }, (_, b) => b).filter((b) => a !== b && (isLinked(a, b) || isLinked(b, a))),
  )
const path = (count: number) => fromLinks(count, (a, b) => b === a + 1)
const star = (count: number) => fromLinks(count, (a) => a === 0)
const hypercube = (count: number) => fromLinks(count, (a, b) => Math.log2(a ^ b) % 1 === 0)
const torus = (side: number) =>
  fromLinks(side * side, (a, b) => {
    const [dx, dy] = [(b % side) - (a % side), Math.floor(b / side) - Math.floor(a / side)]
    const near = (d: number) => d === 1 || d === 1 - side
    return (dx === 0 && near(dy)) || (dy === 0 && near(dx))
  })
const exponential = (count: number) =>
  fromLinks(count, (a, b) => Math.log2((b - a + count) % count) % 1 === 0)

describe('Metropolis weights', () => {
  it.each<[string, Neighbours, number]>([
    ['ring of 4', web('ring', 4), 0.3333],
    ['ring of 8', web('ring', 8), 0.8047],
    ['ring of 16', web('ring', 16), 0.9493],
    ['path of 8', path(8), 0.9493],
    ['star of 8', star(8), 0.875],
    ['torus of 4 x 4', torus(4), 0.6],
    ['hypercube of 8', hypercube(8), 0.5],
    ['hypercube of 16', hypercube(16), 0.6],
    ['exponential graph of 8', exponential(8), 0.3333],
    ['exponential graph of 16', exponential(16), 0.5],
    ['full mesh of 6', web('full', 6), 0],
  ])('of a %s mix with the second eigenvalue of the literature', (_, neighbours, expected) => {
    expect(lambda(neighbours)).toBeCloseTo(expected, 4)
  })

  it.each([2, 3, 10, 40, 100])(
    'of a full mesh of %d leave nothing after one mixing: what rounding leaves is no eigenvalue, and is not followed for long',
    (count) => expect(lambda(web('full', count))).toBe(0),
  )

  it('are symmetric, and rows and columns sum to 1', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ring', 'full', 'small-world', 'random-regular'),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(50),
        (topology, count, seed) => {
          const weights = metropolis(web(topology as 'ring', count, seed))
          for (const [i, row] of weights.entries()) {
            expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
            for (const [j, weight] of row.entries()) {
              expect(weight).toBe(i === j ? weight : weights[j][i])
              expect(weight).toBeGreaterThanOrEqual(-1e-12)
            }
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it.each<[string, Neighbours, number]>([
    ['ring of 8', web('ring', 8), 32],
    ['star of 8', star(8), 52],
    ['torus of 4 x 4', torus(4), 14],
    ['hypercube of 8', hypercube(8), 10],
    ['ring of 16', web('ring', 16), 133],
  ])(
    'of a %s shrink the consensus error a thousandfold in so many mixings, and keep the mean',
    (_, neighbours, mixings) => {
      expect(Math.ceil(Math.log(1e-3) / Math.log(lambda(neighbours)))).toBe(mixings)
      const weights = metropolis(neighbours)
      let values = neighbours.map((_, node) => Math.sin(node * 7 + 1))
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length
      const errorOf = () => Math.hypot(...values.map((x) => x - mean))
      const before = errorOf()
      for (let turn = 0; turn < mixings; turn++)
        values = weights.map((row) => row.reduce((sum, weight, at) => sum + weight * values[at], 0))
      expect(errorOf()).toBeLessThanOrEqual(1.01e-3 * before)
      expect(values.reduce((sum, x) => sum + x, 0) / values.length).toBeCloseTo(mean, 12)
    },
  )
})

describe('webs', () => {
  const isConnected = (neighbours: Neighbours) => {
    const seen = new Set([0])
    for (const node of seen) for (const next of neighbours[node]) seen.add(next)
    return seen.size === neighbours.length
  }

  it('are connected and undirected, and the same for the same seed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ring', 'full', 'small-world', 'random-regular'),
        fc.integer({ min: 1, max: 24 }),
        fc.nat(99),
        (topology, count, seed) => {
          const neighbours = web(topology as 'ring', count, seed)
          expect(isConnected(neighbours)).toBe(true)
          for (const [a, own] of neighbours.entries())
            for (const b of own) {
              expect(b).not.toBe(a)
              expect(neighbours[b]).toContain(a)
            }
          expect(web(topology as 'ring', count, seed)).toEqual(neighbours)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('have no more neighbours than asked for, and mix better the more there are', () => {
    const regular = web('random-regular', 16)
    expect(Math.max(...regular.map((own) => own.length))).toBe(4)
    const gaps = [web('ring', 16), web('small-world', 16), regular, web('full', 16)].map(spectralGap)
    expect(gaps[0]).toBeLessThan(gaps[1])
    expect(gaps[0]).toBeLessThan(gaps[2])
    expect(gaps[3]).toBe(1)
  })
})
