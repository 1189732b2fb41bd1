import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drivePeer, kinds, of } from '../../fixtures/drive'
import { web } from '../../fixtures/web'

const firstRoundOnly = (node: number, round: number) => (round === 1 ? node : 0)

describe('gossip by Metropolis weights', () => {
  it.each(['ring', 'full', 'random-regular', 'small-world'] as const)(
    'agrees on the mean of all nodes on a %s',
    (topology) => {
      const { all, settle } = web({ nodes: 8, topology }, firstRoundOnly)
      settle()
      for (const value of all()) expect(value).toBeCloseTo(3.5, 2)
      expect(all().reduce((sum, x) => sum + x, 0)).toBeCloseTo(28, 9)
    },
  )

  it('waits for its neighbours no longer than a window, and keeps their weight on itself', () => {
    const { nodes, happen, own } = web({ nodes: 4, topology: 'ring' }, firstRoundOnly)
    const run = nodes[0]
    happen(0, { type: 'update-arrived', device: 'n0', round: 1, version: 0, examples: 1 })
    const told = run.happen({ type: 'merged', adapter: 'device-n0', version: 1, round: 1, adapterHash: 'h' })
    expect(kinds(told)).toEqual(['tell', 'start-timer'])
    run.happen({ type: 'heard', device: 'n1', version: 1, adapterHash: 'x', degree: 2, share: 0 })
    expect(run.happen({ type: 'pulled', device: 'n1', version: 1 }), 'n3 is missing').toEqual([])
    const [timer] = of(told, 'start-timer')
    const effects = run.happen({ type: 'timer-fired', timer: timer.timer })
    const weights = of(effects, 'combine')[0].of.map(({ weight }) => weight)
    expect(weights[0]).toBeCloseTo(2 / 3, 12)
    expect(weights[1]).toBeCloseTo(1 / 3, 12)
    expect(kinds(effects)).toContain('order')
    expect(own(0)).toBe(0)
  })

  it('pulls every announcement once', () => {
    const run = drivePeer('a')
    run.join('a', 'b')
    const heard = { type: 'heard', device: 'b', version: 1, adapterHash: 'x', degree: 1, share: 0 } as const
    expect(kinds(run.happen(heard))).toEqual(['pull'])
    expect(run.happen(heard)).toEqual([])
  })

  it('trains on alone where nobody else is', () => {
    const { nodes, settle } = web({ nodes: 1 }, () => 1)
    settle()
    expect(nodes[0].state.completedRounds).toBe(40)
  })
})

describe('push-sum', () => {
  const pushSum = { topology: 'full', mixing: 'push-sum' } as const

  it('agrees on the mean, and neither loses nor makes weight', () => {
    const { all, settle, mass, isQuiet } = web(
      { nodes: 6, ...pushSum, topology: 'ring', rounds: 80 },
      firstRoundOnly,
    )
    while (!isQuiet()) {
      settle(7)
      // A share that was taken counts on both sides until the giver hears of it.
      expect(mass().weight).toBeGreaterThanOrEqual(6 - 1e-9)
    }
    expect(mass().weight).toBeCloseTo(6, 9)
    for (const value of all()) expect(value).toBeCloseTo(all()[0], 2)
  })

  it('keeps all weight, and all that was learned under it, whoever reloads, goes or is cut off in between', () => {
    const trouble = fc.record({
      kind: fc.constantFrom('reload', 'cut', 'part'),
      afterWords: fc.integer({ min: 0, max: 25 }),
      node: fc.integer({ min: 0, max: 3 }),
      other: fc.integer({ min: 1, max: 3 }),
      awayForWords: fc.integer({ min: 0, max: 25 }),
    })
    fc.assert(
      fc.property(fc.array(trouble, { maxLength: 6 }), (troubles) => {
        const nodes = 4
        const { settle, mass, cut, part, meet, reload } = web(
          { nodes, rounds: 5, ...pushSum },
          firstRoundOnly,
        )
        for (const { kind, afterWords, node, other, awayForWords } of troubles) {
          const neighbour = (node + other) % nodes
          settle(afterWords)
          if (kind === 'reload') reload(node)
          else {
            ;(kind === 'part' ? part : cut)(node, neighbour)
            settle(kind === 'part' ? awayForWords : 0)
            meet(node, neighbour)
          }
        }
        settle()
        expect(mass().weight).toBeCloseTo(nodes, 9)
        expect(mass().moment).toBeCloseTo(0 + 1 + 2 + 3, 9)
      }),
      { numRuns: 100 },
    )
  })

  it('takes back a share whose adapter nobody can send any more', () => {
    const { nodes, happen, progressOf, settle, mass } = web({ nodes: 2, ...pushSum, rounds: 1 }, () => 0)
    settle()
    const [given] = progressOf(0).given
    const before = progressOf(0).weight
    happen(0, { type: 'pull-missed', device: 'n1', version: given.version })
    expect(progressOf(0)).toMatchObject({ weight: before + given.share, given: [] })
    expect(mass().weight).toBeCloseTo(2, 9)
    expect(nodes[0].happen({ type: 'pull-missed', device: 'n1', version: given.version })).toEqual([])
    expect(progressOf(0).weight).toBe(before + given.share)
  })
})
