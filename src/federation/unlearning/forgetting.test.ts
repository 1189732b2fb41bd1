import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replay } from '../federation'
import { of, ordered } from '../fixtures/drive'
import type { CoordinatorEffect, FederationConfig } from '../types'
import { room } from './testing'

/** Two rounds with these devices. */
function afterRun(...devices: string[]) {
  const run = room()
  run.join(...devices)
  run.goOn(run.start())
  expect(run.state.control.kind).toBe('finished')
  return run
}

describe('who wants to be forgotten after a run', () => {
  it('is taken out by a replay from the beginning, a quarter of the steps each, and a usual round', () => {
    const run = afterRun('a', 'b', 'c')
    const asked = run.forget('b')
    expect(of(asked, 'combine')).toEqual([
      { type: 'combine', adapter: 'global', version: 3, of: [{ adapter: 'initial', version: 0, weight: 1 }] },
    ])
    const effects = run.goOn(asked)
    expect(of(effects, 'order').map(({ to, round, steps, stride }) => [to, round, steps, stride])).toEqual([
      [['a', 'c'], 1, 2, 10],
      [['a', 'c'], 2, 2, 5.5],
      [['a', 'c'], 2, 8, undefined],
    ])
    expect(
      of(effects, 'merge').map(({ updates, longest }) => [updates.map(({ weight }) => weight), longest]),
    ).toEqual([
      [[0.5, 0.5], { a: 3, c: 9 }],
      [[0.5, 0.5], { a: 3, c: 9 }],
      [[0.5, 0.5], undefined],
    ])
    expect(of(effects, 'forgotten')).toEqual([
      {
        type: 'forgotten',
        wish: { device: 'b', of: 'everything' },
        unlearned: {
          kind: 'replayed',
          rounds: 3,
          steps: 12,
          retrainingSteps: 16,
          tookMs: expect.any(Number),
        },
        before: 2,
        version: 6,
      },
    ])
    expect(of(effects, 'announce').at(-1)).toMatchObject({ to: ['a', 'b', 'c'], version: 6 })
    expect(of(effects, 'round-completed')).toEqual([])
    expect(run.state.control.kind).toBe('finished')
  })

  it('leaves a ledger of the run as it has become, so that the next one is taken out of that', () => {
    const run = afterRun('a', 'b', 'c')
    run.goOn(run.forget('b'))
    const effects = run.goOn(run.forget('c'))
    expect(ordered(effects)).toEqual(['a', 'a', 'a', 'a'])
    expect(of(effects, 'forgotten')[0]).toMatchObject({ before: 6, version: 11 })
    expect(run.state.ledger.rounds.every(({ contributions }) => contributions.length === 1)).toBe(true)
  })

  it('takes everything along where nobody else has taught: what is left is the beginning', () => {
    const run = afterRun('a')
    const effects = run.forget('a')
    expect(of(effects, 'forgotten')[0]).toMatchObject({
      version: 3,
      unlearned: { kind: 'replayed', rounds: 0 },
    })
    expect(ordered(effects)).toEqual([])
  })

  it('stays in a replay with what it still holds, where it was one text', () => {
    const run = afterRun('a', 'b')
    const effects = run.goOn(run.forget('b', 'text'))
    expect(of(effects, 'order').map(({ to }) => to)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ])
    expect(run.state.members.map(({ isForgotten }) => isForgotten)).toEqual([false, false])
  })

  it('waits where nobody who took part is here, and goes on as soon as somebody is', () => {
    const run = afterRun('a', 'b')
    run.happen({ type: 'device-left', device: 'a' })
    expect(ordered(run.forget('b'))).toEqual([])
    expect(ordered(run.join('c'))).toEqual([])
    const effects = run.goOn(run.join('a'))
    expect(ordered(effects)).toEqual(['a', 'a', 'a'])
    expect(of(effects, 'forgotten')).toHaveLength(1)
  })

  it.each<[string, (run: ReturnType<typeof afterRun>, device: string) => readonly CoordinatorEffect[]]>([
    [
      'has spent its budget',
      (run, device) => run.happen({ type: 'text-held', device, examples: 4, isSpent: true }),
    ],
    ['wants to be forgotten, too', (run, device) => run.forget(device)],
  ])('does not wait for who %s', (_, stop) => {
    const run = afterRun('a', 'b')
    run.happen({ type: 'device-left', device: 'a' })
    run.forget('b')
    run.happen({ type: 'device-joined', device: 'a' })
    const effects = stop(run, 'a')
    expect(of(effects, 'forgotten')[0]).toMatchObject({
      wish: { device: 'b' },
      unlearned: { kind: 'replayed', rounds: 0 },
    })
    expect(run.state.control.kind).toBe('finished')
  })
})

describe('who wants to be forgotten in the middle of a round', () => {
  it('is not waited for, and what it has sent is not merged', () => {
    const run = room()
    run.join('a', 'b', 'c')
    run.start()
    run.happen({ type: 'update-arrived', device: 'b', round: 1, version: 0, examples: 4 })
    run.happen({ type: 'update-arrived', device: 'a', round: 1, version: 0, examples: 4 })
    expect(of(run.forget('b'), 'merge')).toEqual([])
    const sent = run.happen({ type: 'update-arrived', device: 'c', round: 1, version: 0, examples: 4 })
    expect(of(sent, 'merge')[0].updates.map(({ device }) => device)).toEqual(['a', 'c'])
  })

  it('was never merged then, so nothing is gone through again and the run goes on without it', () => {
    const run = room()
    run.join('a', 'b', 'c')
    run.start()
    const effects = [...run.forget('b')]
    for (const device of ['a', 'c'])
      effects.push(...run.happen({ type: 'update-arrived', device, round: 1, version: 0, examples: 4 }))
    effects.push(...run.merged(effects))
    for (const device of ['a', 'b', 'c'])
      effects.push(...run.happen({ type: 'loaded', device, adapter: 'global', version: 1 }))
    expect(of(effects, 'forgotten')).toMatchObject([{ unlearned: { kind: 'never-merged' }, version: 1 }])
    expect(of(effects, 'order').map(({ to, round }) => [to, round])).toEqual([[['a', 'c'], 2]])
  })

  it('is taken out once the round is over, and the next round follows on what came out', () => {
    const run = room()
    run.join('a', 'b', 'c')
    run.answer(run.start())
    const order = { type: 'update-arrived', round: 2, version: 1, examples: 4 } as const
    run.happen({ ...order, device: 'a' })
    run.forget('b')
    run.merged(run.happen({ ...order, device: 'c' }))
    const loaded = ['a', 'b', 'c'].flatMap((device) => [
      ...run.happen({ type: 'loaded', device, adapter: 'global', version: 2 }),
    ])
    const effects = run.goOn(loaded)
    expect(of(effects, 'merge').map(({ version }) => version)).toEqual(
      of(effects, 'merge').map((_, at) => 4 + at),
    )
    expect(of(effects, 'forgotten')).toMatchObject([{ before: 2, version: 6 }])
  })
})

describe('a room', () => {
  it.each<[string, Partial<FederationConfig>]>([
    ['without a ledger', { ledger: false }],
    ['in which nobody waits for anybody', { ledger: false, scheme: 'asynchronous' }],
  ])('%s asks the device for nothing more, and says that the past stays', (_, settings) => {
    const run = room(settings)
    run.join('a', 'b', 'c')
    const begun = run.start()
    const told = [...run.forget('b'), ...run.answer(begun)]
    expect(of(told, 'forgotten')).toMatchObject([{ unlearned: { kind: 'not-kept' } }])
    expect([...ordered(told), ...ordered(run.join('b'))]).not.toContain('b')
  })

  it('without a ledger names the version of the merge that was under way as the last with it', () => {
    const run = room({ ledger: false, rounds: 3 })
    run.join('a', 'b', 'c')
    run.start()
    const merging = ['a', 'b', 'c'].flatMap((device) => [
      ...run.happen({ type: 'update-arrived', device, round: 1, version: 0, examples: 4 }),
    ])
    expect(of(run.forget('b'), 'forgotten')).toEqual([])
    expect(of(run.merged(merging), 'forgotten')).toEqual([])
    const loaded = ['a', 'b', 'c'].flatMap((device) => [
      ...run.happen({ type: 'loaded', device, adapter: 'global', version: 1 }),
    ])
    expect(of(loaded, 'forgotten')).toMatchObject([{ unlearned: { kind: 'not-kept' }, version: 1 }])
    expect(ordered(loaded)).toEqual(['a', 'c'])
  })

  it('whose log was damaged says so, also of a wish that was under way', () => {
    const run = afterRun('a', 'b', 'c')
    run.forget('b')
    const effects = run.happen({
      type: 'recovered',
      config: run.config,
      version: 3,
      completedRounds: 2,
      why: 'x',
    })
    expect(of(effects, 'forgotten')).toMatchObject([
      { wish: { device: 'b' }, unlearned: { kind: 'not-kept' } },
    ])
  })

  it('passes a merge over where those who took part do not answer', () => {
    const run = afterRun('a', 'b', 'c')
    run.forget('b')
    const refusals = Array.from({ length: 3 }, () =>
      ['a', 'c'].flatMap((device) => [
        ...run.happen({ type: 'update-refused', device, round: 1, reason: 'NaN' }),
      ]),
    ).flat()
    expect(of(refusals, 'order').map(({ round }) => round)).toEqual([1, 1, 2])
  })

  it('begins the merge under way again when its coordinator’s tab was reloaded', () => {
    const run = afterRun('a', 'b', 'c')
    run.forget('b')
    run.happen({ type: 'coordinator-resumed' })
    expect(ordered(run.join('a'))).toEqual([])
    expect(ordered(run.join('c'))).toEqual(['a', 'c'])
  })

  it('is rebuilt from its log, whoever wants to be forgotten whenever', () => {
    const device = fc.constantFrom('a', 'b', 'c')
    const anything = fc.oneof(
      fc.record({ type: fc.constantFrom('device-joined', 'device-left'), device }),
      fc.record({ type: fc.constant('forget-asked'), device, of: fc.constantFrom('everything', 'text') }),
      fc.record({ type: fc.constant('command'), command: fc.constantFrom('pause', 'resume', 'stop') }),
      fc.constant({ type: 'coordinator-resumed' }),
      fc.constant(null),
    )
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 25 }), (events) => {
        const run = room({ rounds: 3 })
        run.join('a', 'b', 'c')
        let last: readonly CoordinatorEffect[] = run.start()
        const out = new Set<string>()
        for (const event of events) {
          const version = run.state.adapters.global
          last = event === null ? run.answer(last) : run.happen(event as never)
          if (event && 'of' in event && event.of === 'everything') out.add(event.device)
          for (const { updates } of of(last, 'merge'))
            expect(updates.filter((update) => out.has(update.device))).toEqual([])
          expect(run.state.adapters.global, 'versions never fall').toBeGreaterThanOrEqual(version)
        }
        expect(replay(run.config, run.log).state).toEqual(run.state)
      }),
      { numRuns: 200 },
    )
  })
})
