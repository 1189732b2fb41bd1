/** The edge’s half of the hierarchical scheme, driven by hand. The coordinator’s: hierarchical.test.ts. */
import { describe, expect, it } from 'vitest'
import { of, ordered } from '../../fixtures/drive'
import type { EdgeEvent, Effect } from '../../types'
import { type EdgeState, initialEdge, stepEdge } from './edge'

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
