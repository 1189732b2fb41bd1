/** Any walk through a coordinator's life, sensible or not: what it must never do, and that its log is all there is to it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replay } from '../federation'
import { config, drive } from '../fixtures/drive'

describe('a run of synchronous rounds', () => {
  it('is rebuilt from its log, whatever happened', () => {
    const device = fc.constantFrom('a', 'b', 'c')
    const anything = fc.oneof(
      fc.record({ type: fc.constant('text-held'), device, examples: fc.nat(5) }),
      fc.record({
        type: fc.constantFrom('device-joined', 'device-left', 'device-paused', 'device-resumed'),
        device,
      }),
      fc.record({
        type: fc.constant('command'),
        command: fc.constantFrom('start', 'pause', 'resume', 'step', 'stop'),
      }),
      fc.record({
        type: fc.constant('update-arrived'),
        device,
        round: fc.nat(4),
        version: fc.nat(4),
        examples: fc.integer({ min: 1, max: 9 }),
      }),
      fc.record({
        type: fc.constant('update-refused'),
        device,
        round: fc.nat(4),
        reason: fc.constant('NaN'),
      }),
      fc.record({
        type: fc.constant('loaded'),
        device,
        adapter: fc.constant('global'),
        version: fc.nat(4),
      }),
      fc.record({
        type: fc.constant('timer-fired'),
        timer: fc.record({
          name: fc.constantFrom('deadline', 'grace', 'acknowledgement'),
          adapter: fc.constant('global'),
          round: fc.nat(4),
        }),
      }),
      fc.constant({ type: 'coordinator-resumed' }),
      fc.constant({ type: 'merge-now' }),
    )
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 60 }), (events) => {
        const run = drive()
        for (const event of events) {
          const version = run.state.adapters.global
          const { completedRounds } = run.state
          const { stage } = run
          if (event.type !== 'merge-now') run.happen(event as never)
          else if (stage.kind === 'merging')
            run.happen({
              type: 'merged',
              adapter: 'global',
              adapterHash: 'h',
              round: stage.round,
              version: version + 1,
            })
          expect(run.state.adapters.global, 'versions never fall').toBeGreaterThanOrEqual(version)
          expect(run.state.completedRounds - completedRounds).toBeLessThanOrEqual(1)
          expect(run.state.completedRounds).toBeLessThanOrEqual(config.rounds)
          const now = run.stage
          if (now.kind === 'training') {
            expect(
              now.arrived.map((arrived) => arrived.device).filter((key) => now.awaited.includes(key)),
            ).toEqual([])
            expect(now.awaited.every((key) => now.cohort.includes(key))).toBe(true)
          }
        }
        expect(replay(config, run.log).state).toEqual(run.state)
      }),
      { numRuns: 300 },
    )
  })
})
