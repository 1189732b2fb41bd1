import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultConfig } from '../../config'
import { drive, kinds, of, ordered } from '../../fixtures/drive'
import type { EdgeEvent, Effect, Member } from '../../types'
import { attachmentsIn } from '../../view'
import { attach, chooseEdges } from './attachment'
import { type EdgeState, initialEdge, stepEdge } from './edge'

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

/** An edge driven by hand. */
function edge(self = 'e') {
  let state: EdgeState = initialEdge(self)
  let atMs = 0
  const happen = (event: Record<string, unknown> & { type: EdgeEvent['type'] }) => {
    atMs += 100
    const [next, effects] = stepEdge(state, { atMs, ...event } as EdgeEvent)
    state = next
    return effects
  }
  return {
    happen,
    get state() {
      return state
    },
    merged: (effects: readonly Effect[]) =>
      of(effects, 'merge').flatMap(({ adapter, version, round }) => [
        ...happen({ type: 'merged', adapter, version, round, adapterHash: 'h' }),
      ]),
  }
}

const orderOf = (devices: readonly string[], edgeRounds: number, round = 1) => ({
  type: 'edge-ordered' as const,
  adapter: 'global',
  version: 0,
  round,
  edgeRounds,
  steps: 5,
  proximal: 0,
  devices,
  deadlineMs: 1000,
  secure: null,
})

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

describe('the edge’s half', () => {
  it('passes its newest version on to whoever comes when nothing is ordered, after the last round too', () => {
    const { happen } = edge()
    happen({ type: 'device-joined', device: 'e' })
    expect(of(happen({ type: 'device-joined', device: 'a' }), 'announce'), 'nothing is here').toEqual([])
    const newest = { adapter: 'global', version: 8 } as const
    expect(of(happen({ type: 'adapter-arrived', ...newest }), 'announce')).toMatchObject([
      { to: ['a'], ...newest },
    ])
    expect(of(happen({ type: 'device-joined', device: 'b' }), 'announce')).toMatchObject([
      { to: ['b'], ...newest },
    ])
  })

  it('turns its rounds, the first from the coordinator’s adapter and the next from its own, and forwards once', () => {
    const { happen, merged } = edge()
    happen({ type: 'device-joined', device: 'b' })
    happen({ type: 'device-joined', device: 'a' })
    const first = happen(orderOf(['a', 'b'], 2))
    expect(of(first, 'order')).toMatchObject([
      { to: ['a', 'b'], adapter: 'global', version: 0, round: 1, steps: 5 },
    ])
    happen({ type: 'update-arrived', device: 'b', round: 1, version: 0, examples: 3 })
    const gathered = happen({ type: 'update-arrived', device: 'a', round: 1, version: 0, examples: 1 })
    expect(of(gathered, 'merge')[0], 'summed in the coordinator’s order').toMatchObject({
      adapter: 'edge-e',
      version: 1,
      from: { adapter: 'global', version: 0 },
      updates: [
        { device: 'a', weight: 0.5 },
        { device: 'b', weight: 0.5 },
      ],
    })
    const second = merged(gathered)
    expect(of(second, 'order')).toMatchObject([{ adapter: 'edge-e', version: 1, round: 2 }])
    happen({ type: 'update-arrived', device: 'a', round: 2, version: 1, examples: 1 })
    const last = merged(happen({ type: 'update-arrived', device: 'b', round: 2, version: 1, examples: 3 }))
    expect(of(last, 'forward')).toMatchObject([
      { adapter: 'edge-e', version: 2, round: 1, startedFrom: 0, examples: 4, contributors: ['a', 'b'] },
    ])
    expect(happen({ type: 'update-arrived', device: 'b', round: 2, version: 1, examples: 3 })).toEqual([])
  })

  it('passes the coordinator’s versions on, except to itself', () => {
    const { happen } = edge('e')
    for (const device of ['e', 'a']) happen({ type: 'device-joined', device })
    expect(happen({ type: 'adapter-arrived', adapter: 'global', version: 3 })).toEqual([
      { type: 'announce', to: ['a'], adapter: 'global', version: 3 },
    ])
  })

  it('answers even where nothing came', () => {
    const { happen } = edge()
    happen({ type: 'device-joined', device: 'a' })
    happen(orderOf(['a'], 1))
    const effects = happen({ type: 'device-left', device: 'a' })
    expect(of(effects, 'forward')).toMatchObject([{ examples: 0, contributors: [] }])
  })

  it('takes in the devices of a dead edge from its next round on', () => {
    const { happen, merged } = edge()
    happen({ type: 'device-joined', device: 'a' })
    happen(orderOf(['a'], 2))
    happen({ type: 'device-joined', device: 'z' })
    happen({ type: 'edge-devices', round: 1, devices: ['a', 'z'] })
    const next = merged(happen({ type: 'update-arrived', device: 'a', round: 1, version: 0, examples: 1 }))
    expect(ordered(next)).toEqual(['a', 'z'])
  })
})
