import { describe, expect, it } from 'vitest'
import { of, ordered } from '../fixtures/drive'
import { room } from './testing'

describe('who took part in the last merge alone', () => {
  /** Two rounds of a and b, and a third with c as well. */
  function withNewcomer() {
    const run = room({ rounds: 3 })
    run.join('a', 'b')
    const second = run.answer(run.start())
    run.happen({ type: 'command', command: 'pause' })
    run.answer(second)
    run.join('c')
    run.goOn(run.happen({ type: 'command', command: 'resume' }))
    return run
  }

  it('is taken out by that merge alone, made again without it from where it started', () => {
    const run = withNewcomer()
    const asked = run.forget('c')
    expect(ordered(asked)).toEqual([])
    expect(of(asked, 'merge')).toEqual([
      {
        type: 'merge',
        adapter: 'global',
        version: 4,
        round: 3,
        from: { adapter: 'global', version: 2 },
        relativeTo: 'start',
        updates: [
          { device: 'a', round: 3, weight: 0.5 },
          { device: 'b', round: 3, weight: 0.5 },
        ],
        isAgain: true,
      },
    ])
    const done = run.merged(asked)
    expect(of(done, 'forgotten')).toMatchObject([
      { unlearned: { kind: 'subtracted' }, before: 3, version: 4 },
    ])
    expect(of(done, 'announce')).toMatchObject([{ to: ['a', 'b', 'c'], version: 4 }])
    expect(
      run.state.ledger.rounds.map(({ contributions }) => contributions.map(({ device }) => device)),
    ).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ])
    expect(of(run.goOn(run.forget('a')), 'forgotten')).toMatchObject([{ unlearned: { kind: 'replayed' } }])
  })

  it.each<[string, (run: ReturnType<typeof withNewcomer>) => unknown]>([
    ['updates are gone with a reload', (run) => run.happen({ type: 'coordinator-resumed' })],
    ['it was one text of several', () => {}],
    ['it would be merged by another rule now', (run) => run.happen({ type: 'switched', config: run.config })],
    ['another has been merged since', (run) => run.goOn(run.forget('b'))],
  ])('is taken out by a replay where %s', (why, first) => {
    const run = withNewcomer()
    first(run)
    run.join('a', 'b', 'c')
    const effects = run.goOn(run.forget('c', why.includes('text') ? 'text' : 'everything'))
    const done = of(effects, 'forgotten').filter(({ wish }) => wish.device === 'c')
    expect(done.map(({ unlearned }) => unlearned.kind)).toEqual(['replayed'])
  })

  it.each([
    { type: 'merge-failed', adapter: 'global', round: 3, reason: 'It is no longer here.' },
    { type: 'coordinator-resumed' },
    { type: 'command', command: 'stop' },
  ] as const)('is taken out by a replay where that merge comes to nothing: $type', (event) => {
    const run = withNewcomer()
    run.forget('c')
    const begun = [...run.happen(event)]
    if (run.state.returning) begun.push(...run.join('a', 'b', 'c'))
    expect(ordered(begun)).toEqual(['a', 'b'])
    expect(of(run.goOn(begun), 'forgotten')).toMatchObject([
      { wish: { device: 'c' }, unlearned: { kind: 'replayed', rounds: 4 } },
    ])
  })
})
