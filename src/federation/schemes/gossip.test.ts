import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultConfig, type GossipConfig } from '../config'
import { drive, kinds, of } from '../fixtures/drive'
import type { GossipProgress } from '../progress'
import type { Effect } from '../types'

/** A web of nodes that hear each other at once; each adapter is one number. Training adds `learn(node, round)`. */
function web(count: number, settings: Partial<GossipConfig>, learn: (node: number, round: number) => number) {
  const names = Array.from({ length: count }, (_, node) => `n${node}`)
  const rounds = 40
  const config = {
    ...{ scheme: 'gossip' as const, rounds, seed: 3 },
    gossip: { ...defaultConfig.gossip, ...settings },
  }
  const nodes = names.map((name) => drive(config, name))
  const values = new Map<string, number>()
  const adapterValue = (adapter: string, version: number) => values.get(`${adapter}@${version}`) ?? 0
  const own = (node: number) => adapterValue(`device-n${node}`, nodes[node].state.adapters[`device-n${node}`])
  const waiting: (() => void)[] = []

  function perform(node: number, effects: readonly Effect[]): void {
    const happen = (event: Parameters<(typeof nodes)[0]['happen']>[0], to = node) =>
      waiting.push(() => perform(to, nodes[to].happen(event)))
    for (const effect of effects) {
      if (effect.type === 'order') {
        const { round, version } = effect
        happen({ type: 'update-arrived', device: names[node], round, version, examples: 1 })
      } else if (effect.type === 'merge') {
        const { adapter, version, round } = effect
        values.set(`${adapter}@${version}`, adapterValue(adapter, version - 1) + learn(node, round))
        happen({ type: 'merged', adapter, version, round, adapterHash: 'h' })
      } else if (effect.type === 'combine') {
        const mean = effect.of.reduce(
          (sum, part) => sum + part.weight * adapterValue(part.adapter, part.version),
          0,
        )
        values.set(`${effect.adapter}@${effect.version}`, mean)
      } else if (effect.type === 'tell') {
        const { version, adapterHash, degree, share } = effect
        for (const to of effect.to)
          happen(
            { type: 'heard', device: names[node], version, adapterHash, degree, share },
            names.indexOf(to),
          )
      } else if (effect.type === 'pull')
        happen({ type: 'pulled', device: effect.from, version: effect.version })
      else if (effect.type === 'take-share')
        happen(
          { type: 'share-taken', device: names[node], version: effect.version },
          names.indexOf(effect.from),
        )
    }
  }
  const settle = (steps = Number.POSITIVE_INFINITY) => {
    for (let step = 0; step < steps && waiting.length > 0; step++) waiting.shift()!()
  }
  for (const [node, run] of nodes.entries()) {
    for (const name of names) perform(node, run.join(name))
  }
  for (const [node, run] of nodes.entries()) perform(node, run.start())
  const progressOf = (node: number) => nodes[node].state.progress as GossipProgress
  const mass = () =>
    nodes.reduce((sum, _, node) => {
      const { weight, given } = progressOf(node)
      return sum + weight + given.reduce((all, { share }) => all + share, 0)
    }, 0)
  return {
    nodes,
    settle,
    own,
    mass,
    progressOf,
    perform,
    waiting,
    all: () => names.map((_, node) => own(node)),
  }
}

const firstRoundOnly = (node: number, round: number) => (round === 1 ? node : 0)

describe('gossip by Metropolis weights', () => {
  it.each(['ring', 'full', 'random-regular', 'small-world'] as const)(
    'agrees on the mean of all nodes on a %s',
    (topology) => {
      const { all, settle } = web(8, { topology }, firstRoundOnly)
      settle()
      for (const value of all()) expect(value).toBeCloseTo(3.5, 2)
      expect(all().reduce((sum, x) => sum + x, 0)).toBeCloseTo(28, 9)
    },
  )

  it('waits for its neighbours no longer than a window, and keeps their weight on itself', () => {
    const { nodes, perform, own } = web(4, { topology: 'ring' }, firstRoundOnly)
    const run = nodes[0]
    const round = { type: 'update-arrived', device: 'n0', round: 1, version: 0, examples: 1 } as const
    perform(0, run.happen(round))
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
    const run = drive({ scheme: 'gossip' }, 'a')
    run.join('a', 'b')
    const heard = { type: 'heard', device: 'b', version: 1, adapterHash: 'x', degree: 1, share: 0 } as const
    expect(kinds(run.happen(heard))).toEqual(['pull'])
    expect(run.happen(heard)).toEqual([])
  })

  it('trains on alone where nobody else is', () => {
    const { nodes, settle } = web(1, {}, () => 1)
    settle()
    expect(nodes[0].state.completedRounds).toBe(40)
  })
})

describe('push-sum', () => {
  it('agrees on the mean, and neither loses nor makes weight', () => {
    const { all, settle, mass, waiting } = web(6, { topology: 'ring', mixing: 'push-sum' }, firstRoundOnly)
    while (waiting.length > 0) {
      settle(7)
      // A share that was taken counts on both sides until the giver hears of it.
      expect(mass()).toBeGreaterThanOrEqual(6 - 1e-9)
    }
    expect(mass()).toBeCloseTo(6, 9)
    for (const value of all()) expect(value).toBeCloseTo(all()[0], 2)
  })

  it('takes a share back from a neighbour that left before it took it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), (steps) => {
        const { nodes, settle, progressOf } = web(3, { topology: 'full', mixing: 'push-sum' }, () => 0)
        settle(steps)
        const run = nodes[0]
        const before = progressOf(0)
        run.happen({ type: 'device-left', device: 'n1' })
        const lost = before.given.filter(({ device }) => device === 'n1')
        const after = progressOf(0)
        expect(after.given.some(({ device }) => device === 'n1')).toBe(false)
        if (after.phase === before.phase)
          expect(after.weight).toBeCloseTo(
            before.weight + lost.reduce((sum, { share }) => sum + share, 0),
            12,
          )
      }),
      { numRuns: 30 },
    )
  })
})
