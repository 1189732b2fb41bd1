import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultConfig } from './config'
import { replay } from './federation'
import { drive, drivePeer, kinds, of } from './fixtures/drive'
import type { AsynchronousProgress } from './schemes/asynchronous/state'
import { type CoordinatedName, coordinated } from './schemes/registry'
import type { Effect } from './types'
import { isAwaited } from './view'

const schemeNames = Object.keys(coordinated) as CoordinatedName[]

describe('a log of which a part is lost', () => {
  it.each(schemeNames)(
    'goes on at the version and round that are known, under %s, with everybody in their places',
    (scheme) => {
      const run = drive({ scheme, rounds: 9 })
      run.join('a', 'b')
      run.start()
      const recovered = {
        type: 'recovered',
        config: run.config,
        version: 5,
        completedRounds: 4,
        why: 'Lost.',
      } as const
      expect(of(run.happen(recovered), 'order')).toEqual([])
      expect(run.state).toMatchObject({
        control: { kind: 'paused', why: 'Lost.' },
        adapters: { global: 5 },
        completedRounds: 4,
        members: [
          { key: 'a', index: 0, present: false },
          { key: 'b', index: 1, present: false },
        ],
      })
      expect(replay(run.config, run.log)).toEqual({ state: run.state, followed: run.log.length })
      run.join('b', 'a')
      const [order] = of(run.happen({ type: 'command', command: 'resume' }), 'order')
      expect(order).toMatchObject({ adapter: 'global', version: 5 })
    },
  )

  it('is followed as far as the reducer can', () => {
    const run = drive()
    run.join('a')
    const impossible = { type: 'configured', atMs: 1, config: { ...run.config, scheme: 'none' } }
    expect(replay(run.config, [...run.log, impossible as never])).toEqual({ state: run.state, followed: 2 })
  })
})

describe('a merge that was asked for before a stop', () => {
  const withRounds = schemeNames.filter((name) => coordinated[name].hasRounds)
  it.each(withRounds)('%s: changes no version after it, for a stop gives the round up', (scheme) => {
    const run = drive({ scheme, rounds: 3 })
    run.join('a', 'b', 'c')
    const answers = of(run.start(), 'order').flatMap(({ to, round, version }) =>
      to.flatMap((device) => [
        ...run.happen({ type: 'update-arrived', device, round, version, examples: 4 }),
      ]),
    )
    const merges = of(answers, 'merge')
    expect(merges.length).toBeGreaterThan(0)
    run.happen({ type: 'command', command: 'stop' })
    const { adapters } = run.state
    run.merged(merges)
    expect(run.state.adapters).toEqual(adapters)
  })
})

describe('changing the scheme while it runs', () => {
  it('lets the round under way be merged first', () => {
    const run = drive({ rounds: 5 })
    run.join('a', 'b')
    run.start()
    run.happen({ type: 'update-arrived', device: 'a', round: 1, version: 0, examples: 4 })
    const later = { ...run.config, scheme: 'asynchronous' as const }
    expect(run.happen({ type: 'switched', config: later })).toEqual([])
    const effects = run.happen({ type: 'update-arrived', device: 'b', round: 1, version: 0, examples: 4 })
    run.merged(effects)
    run.happen({ type: 'loaded', device: 'a', adapter: 'global', version: 1 })
    const last = run.happen({ type: 'loaded', device: 'b', adapter: 'global', version: 1 })
    expect(kinds(last)).toEqual(['stop-timers', 'round-completed', 'stop-timers', 'order', 'order'])
    expect(run.state).toMatchObject({ completedRounds: 1, adapters: { global: 1 } })
    expect(run.state.config.scheme).toBe('asynchronous')
  })

  it('merges what an asynchronous buffer holds, however little', () => {
    const run = drive({
      scheme: 'asynchronous',
      rounds: 50,
      asynchronous: { ...defaultConfig.asynchronous, bufferSize: 4 },
    })
    run.join('a', 'b', 'c', 'd')
    run.start()
    const job = (run.state.progress as AsynchronousProgress).workers[0].job!
    run.happen({ type: 'update-arrived', device: 'a', round: job.round, version: 0, examples: 4 })
    const effects = run.happen({ type: 'switched', config: { ...run.config, scheme: 'synchronous' } })
    expect(of(effects, 'merge')[0].updates).toHaveLength(1)
    const next = run.merged(effects)
    expect(of(next, 'order')[0]).toMatchObject({ to: ['a', 'b', 'c', 'd'], version: 1, round: 2 })
  })

  it('in the lobby takes the new settings at once', () => {
    const run = drive()
    run.happen({ type: 'configured', config: { ...run.config, scheme: 'clustered' } })
    expect(run.state.progress.kind).toBe('clustered')
    run.join('a')
    run.start()
    run.happen({ type: 'configured', config: { ...run.config, scheme: 'asynchronous' } })
    expect(run.state.progress.kind, 'but not in a run').toBe('clustered')
  })

  it('goes to no scheme that needs no coordinator, and says so at once', () => {
    const run = drive()
    run.join('a')
    run.start()
    const gossip = { ...run.config, scheme: 'gossip' as const }
    expect(() => run.happen({ type: 'switched', config: gossip })).toThrow(/needs no coordinator.*new room/)
  })
})

describe('whatever happens, in every scheme', () => {
  const device = fc.constantFrom('a', 'b', 'c', 'd')
  const adapter = fc.constantFrom('global', 'cluster-1', 'device-a')
  const anything = fc.oneof(
    fc.record({ type: fc.constant('text-held'), device, examples: fc.nat(5) }),
    fc.record({
      type: fc.constantFrom('device-joined', 'device-left', 'device-paused', 'device-resumed'),
      device,
    }),
    fc.record({ type: fc.constant('edge-appointed'), device, isEdge: fc.boolean() }),
    fc.record({ type: fc.constant('edge-volunteered'), device, volunteers: fc.boolean() }),
    fc.record({
      type: fc.constant('command'),
      command: fc.constantFrom('start', 'pause', 'resume', 'step'),
    }),
    fc.record({
      type: fc.constant('update-arrived'),
      device,
      round: fc.nat(9),
      version: fc.nat(4),
      examples: fc.nat(9),
    }),
    fc.record({ type: fc.constant('loaded'), device, adapter, version: fc.nat(4) }),
    fc.record({
      type: fc.constant('timer-fired'),
      timer: fc.record({
        name: fc.constantFrom('deadline', 'grace', 'acknowledgement', 'buffer', 'group', 'window', 'return'),
        adapter,
        round: fc.nat(6),
      }),
    }),
    fc.record({ type: fc.constant('switched'), scheme: fc.constantFrom(...schemeNames) }),
    fc.constant({ type: 'coordinator-resumed' }),
    fc.record({ type: fc.constant('answer'), device }),
    fc.constant({ type: 'merge-now' }),
  )

  it.each(schemeNames)(
    '%s: versions never fall, orders are for the able, and the log rebuilds the state',
    (scheme) => {
      fc.assert(
        fc.property(fc.array(anything, { maxLength: 50 }), (events) => {
          const run = drive({ scheme, rounds: 6 })
          let asked: Parameters<typeof run.merged>[0] = []
          for (const event of events) {
            const before = run.state
            const perform = () => {
              if (event.type === 'merge-now') return run.merged(of(asked, 'merge').slice(-1))
              if (event.type === 'switched' && 'scheme' in event)
                return run.happen({ type: 'switched', config: { ...run.config, scheme: event.scheme } })
              if (event.type !== 'answer') return run.happen(event as never)
              const order = of(asked, 'order').findLast(({ to }) => to.includes(event.device as string))
              if (!order) return []
              const { round, version } = order
              return run.happen({
                type: 'update-arrived',
                device: event.device,
                round,
                version,
                examples: 4,
              })
            }
            const effects = perform()
            asked = [...asked, ...effects]
            for (const { to } of of(effects, 'order'))
              for (const key of to) {
                const member = run.state.members.find((other) => other.key === key)!
                expect(member.present && !member.paused && member.examples > 0).toBe(true)
              }
            for (const { to, round } of of(effects, 'order'))
              for (const key of to) expect(isAwaited(run.state, key, round)).toBe(true)
            if (run.state.config === before.config)
              for (const [name, version] of Object.entries(before.adapters))
                expect(run.state.adapters[name]).toBeGreaterThanOrEqual(version)
            for (const { weight } of of(effects, 'merge').flatMap(({ updates }) => updates)) {
              expect(weight).toBeGreaterThan(0)
              expect(weight).toBeLessThanOrEqual(1)
            }
            for (const { of: parts } of of(effects, 'combine'))
              expect(parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9)
          }
          expect(replay(run.config, run.log).state).toEqual(run.state)
        }),
        { numRuns: 150 },
      )
    },
  )

  it('a peer: versions never fall, it trains only where it can, and its weight is never lost', () => {
    const version = fc.nat(4)
    const ofCoordinators = new Set<unknown>([
      'switched',
      'coordinator-resumed',
      'loaded',
      'edge-appointed',
      'edge-volunteered',
    ])
    const said = fc.oneof(
      anything.filter(({ type }) => !ofCoordinators.has(type)),
      fc.constant({ type: 'peer-resumed' }),
      fc.record({ type: fc.constantFrom('pulled', 'share-taken', 'pull-missed'), device, version }),
      fc.record({
        type: fc.constant('heard'),
        device,
        version,
        adapterHash: fc.constant('h'),
        degree: fc.nat(3),
        share: fc.constant(0),
      }),
    )
    fc.assert(
      fc.property(fc.array(said, { maxLength: 50 }), (events) => {
        const peer = drivePeer('a', { rounds: 6 })
        let asked: Effect[] = []
        for (const event of events) {
          const before = peer.state.adapters['device-a']
          const merge = of(asked, 'merge').at(-1)
          const perform = () => {
            if (event.type === 'merge-now')
              return merge ? peer.happen({ ...merge, type: 'merged', adapterHash: 'h' }) : []
            const order = of(asked, 'order').at(-1)
            if (event.type !== 'answer') return peer.happen(event as never)
            return order ? peer.happen({ ...order, type: 'update-arrived', device: 'a', examples: 4 }) : []
          }
          const effects = perform()
          asked = [...asked, ...effects]
          expect(peer.state.adapters['device-a']).toBeGreaterThanOrEqual(before)
          if (of(effects, 'order').length > 0)
            expect(peer.state.members.find(({ key }) => key === 'a')).toMatchObject({
              present: true,
              paused: false,
            })
          for (const { of: parts } of of(effects, 'combine'))
            expect(parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9)
          expect(peer.state.progress.weight).toBe(1)
        }
      }),
      { numRuns: 150 },
    )
  })
})
