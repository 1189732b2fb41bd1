import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultConfig } from '../../config'
import { drive, kinds, of, ordered } from '../../fixtures/drive'
import type { Member } from '../../types'
import { attachmentsIn } from '../../view'
import { attach, chooseEdges } from './attachment'

const settings = (edgeRounds = 2) => ({
  scheme: 'hierarchical' as const,
  rounds: 2,
  localSteps: 5,
  hierarchical: { ...defaultConfig.hierarchical, appointed: 0, edgeRounds },
})

function room(devices: readonly string[], edges: readonly string[], edgeRounds = 2) {
  const run = drive(settings(edgeRounds))
  for (const device of edges) {
    run.happen({ type: 'device-joined', device })
    run.happen({ type: 'edge-appointed', device, isEdge: true })
  }
  run.join(...devices)
  return Object.assign(run, {
    attachments: () => attachmentsIn(run.state)!,
    update: (device: string, examples: number, round = 1) =>
      run.happen({ type: 'update-arrived', device, round, version: run.state.adapters.global, examples }),
  })
}

describe('the hierarchical scheme, the coordinator’s half', () => {
  it('brings what was learned to who comes after the last merge, when no order would bring it any more', () => {
    const run = room(['a'], ['e'])
    const comes = (device: string) => of(run.happen({ type: 'device-joined', device }), 'announce')
    run.start()
    run.merged([of(run.update('e', 6), 'merge')[0]])
    expect(comes('b'), 'another round will').toEqual([])
    run.happen({ type: 'loaded', device: 'e', adapter: 'global', version: 1 })
    run.merged([of(run.update('e', 6, 2), 'merge')[0]])
    const last = { adapter: 'global', version: 2 }
    expect(comes('c'), 'the others are loading it').toMatchObject([{ to: ['c'], ...last }])
    for (const device of ['e', 'b', 'c']) run.happen({ type: 'loaded', device, ...last })
    expect(run.state.control.kind).toBe('finished')
    expect(comes('d')).toMatchObject([{ to: ['d'], ...last }])
  })

  it('orders edges with their devices, waits for edges only, and weights them by the examples behind them', () => {
    const run = room(['a', 'b', 'c', 'd'], ['e', 'f'])
    run.happen({ type: 'text-held', device: 'c', examples: 2 })
    const effects = run.start()
    const edgeOrders = of(effects, 'order-edge')
    expect(edgeOrders.map(({ to, order }) => [to, order.devices, order.edgeRounds, order.steps])).toEqual([
      ['e', ['a', 'c'], 2, 5],
      ['f', ['b', 'd'], 2, 5],
    ])
    expect(ordered(effects), 'no device is ordered past its edge').toEqual([])
    run.update('e', 6)
    const merge = of(run.update('f', 8), 'merge')[0]
    expect(merge.updates.map(({ device, weight }) => [device, weight])).toEqual([
      ['e', 6 / 14],
      ['f', 8 / 14],
    ])
    const [announce] = of(run.merged([merge]), 'announce')
    expect(announce.to, 'devices hear from their edge').toEqual(['e', 'f'])
  })

  it('believes an edge as many examples as its devices have claimed themselves, each up to the median', () => {
    const run = room(['a', 'b', 'c', 'd'], ['e', 'f'])
    run.happen({ type: 'text-held', device: 'd', examples: 1_000_000 })
    run.start()
    run.update('e', 8)
    const merge = of(run.update('f', 1_000_000), 'merge')[0]
    expect(merge.updates.map(({ weight }) => weight)).toEqual([0.5, 0.5])
  })

  it('counts an edge’s result though its devices have spent their budgets on it', () => {
    const run = room(['a', 'b', 'c'], ['e'])
    run.start()
    for (const device of ['a', 'b', 'c', 'e'])
      run.happen({ type: 'text-held', device, examples: 4, isSpent: true })
    const [merge] = of(run.update('e', 12), 'merge')
    expect(merge.updates).toEqual([{ device: 'e', round: 1, weight: 1 }])
    run.merged([merge])
    expect(run.state.adapters.global).toBe(1)
  })

  it('counts an edge’s update once for its round', () => {
    const run = room(['a', 'b'], ['e', 'f'])
    run.start()
    run.update('e', 8)
    expect(run.update('e', 8)).toEqual([])
    expect(of(run.update('f', 8), 'merge')[0].updates).toHaveLength(2)
    expect(run.update('e', 8), 'replayed after the merge').toEqual([])
  })

  it('is flat where nobody is an edge: devices take all steps themselves', () => {
    const run = room(['a', 'b', 'c'], [])
    const effects = run.start()
    expect(of(effects, 'order')).toMatchObject([{ to: ['a', 'b', 'c'], steps: 10 }])
    run.update('a', 1)
    run.update('c', 2)
    expect(of(run.update('b', 2), 'merge')[0].updates.map(({ weight }) => weight)).toEqual([0.2, 0.4, 0.4])
  })

  it('hands the devices of a dead edge over to another in the same round', () => {
    const run = room(['a', 'b', 'c', 'd'], ['e', 'f'])
    run.start()
    const effects = run.happen({ type: 'device-left', device: 'e' })
    expect(of(effects, 'attach').map(({ device, to }) => [device, to])).toEqual([
      ['a', 'f'],
      ['c', 'f'],
    ])
    expect(of(effects, 'edge-devices')).toMatchObject([{ to: 'f', round: 1, devices: ['a', 'b', 'c', 'd'] }])
    expect(of(run.update('f', 16), 'merge')[0].updates).toEqual([{ device: 'f', round: 1, weight: 1 }])
  })

  it('leaves the devices where they are when their part has arrived already: nothing counts twice', () => {
    const run = room(['a', 'b', 'c', 'd'], ['e', 'f'])
    run.start()
    run.update('e', 8)
    expect(kinds(run.happen({ type: 'device-left', device: 'e' }))).toEqual([])
    const effects = run.update('f', 8)
    expect(of(effects, 'merge')[0].updates.map(({ device }) => device)).toEqual(['e', 'f'])
  })

  it('starts the round again without edges when the only one dies', () => {
    const run = room(['a', 'b'], ['e'])
    run.start()
    const effects = run.happen({ type: 'device-left', device: 'e' })
    expect(kinds(effects)).toContain('round-void')
    expect(ordered(effects)).toEqual(['a', 'b'])
  })
})

describe('who attaches where', () => {
  const member = (key: string, index: number, change: Partial<Member> = {}): Member => ({
    key,
    index,
    present: true,
    isForgotten: false,
    leftAtMs: null,
    paused: false,
    examples: 4,
    isSpent: false,
    volunteers: false,
    isEdge: false,
    holds: null,
    contributed: false,
    capability: {
      tokensPerSecond: null,
      tokensPerRow: null,
      memoryBytes: null,
      roundTripMs: null,
      edgeRoundTripsMs: {},
    },
    ...change,
  })
  const far = (edgeRoundTripsMs: Record<string, number>) => ({
    capability: {
      tokensPerSecond: null,
      tokensPerRow: null,
      memoryBytes: null,
      roundTripMs: null,
      edgeRoundTripsMs,
    },
  })

  it('goes to the nearest edge that has room', () => {
    const members = [
      member('a', 0, far({ e: 5, f: 50 })),
      member('b', 1, far({ e: 5, f: 50 })),
      member('c', 2, far({ e: 5, f: 50 })),
    ]
    expect(attach(members, ['e', 'f'], {}, 2)).toEqual({ a: 'e', b: 'e', c: 'f' })
    expect(attach(members, ['e'], {}, 2), 'no room: the coordinator').toEqual({ a: 'e', b: 'e', c: null })
  })

  it('stays as long as its edge is there, and never overfills one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('e', 'f', 'g', null), { maxLength: 12 }),
        fc.subarray(['e', 'f', 'g']),
        fc.integer({ min: 1, max: 6 }),
        (before, edges, room) => {
          const members = before.map((_, at) => member(`d${at}`, at))
          const old = Object.fromEntries(before.map((edge, at) => [`d${at}`, edge]))
          const after = attach(members, edges, old, room)
          for (const edge of edges) {
            const count = (all: Record<string, string | null>) =>
              Object.values(all).filter((other) => other === edge).length
            expect(count(after)).toBeLessThanOrEqual(room)
            if (count(old) <= room)
              for (const [device, own] of Object.entries(old))
                if (own === edge) expect(after[device]).toBe(edge)
          }
          expect(Object.keys(after)).toHaveLength(members.length)
        },
      ),
    )
  })

  it('asks volunteers first, and nobody becomes an edge by asking', () => {
    const members = [member('a', 0), member('v', 1, { volunteers: true, examples: 0 })]
    expect(chooseEdges(members, 0, {})).toEqual([])
    expect(chooseEdges(members, 1, {})).toEqual(['v'])
  })

  it('appoints the fastest where there are too few', () => {
    const fast = { capability: { ...far({}).capability, tokensPerSecond: 900 } }
    const members = [member('a', 0), member('b', 1, fast), member('v', 2, { isEdge: true, examples: 0 })]
    expect(chooseEdges(members, 0, {})).toEqual(['v'])
    expect(chooseEdges(members, 2, {})).toEqual(['b', 'v'])
    expect(chooseEdges(members, 2, { b: 'a' }), 'who was an edge stays one').toEqual(['a', 'v'])
  })
})
