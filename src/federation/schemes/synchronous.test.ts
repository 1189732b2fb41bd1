import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { initialState, replay, step } from '../federation'
import type { Effect, FederationConfig, FederationEvent, FederationState } from '../types'
import { deadlineMs, quorumOf } from './synchronous'

const config: FederationConfig = { scheme: 'synchronous', rounds: 3, localSteps: 5, autostart: null }

/** Drives the reducer by hand: tell it what happens, ask what it wants. */
function federation(settings: Partial<FederationConfig> = {}) {
  let state = initialState({ ...config, ...settings })
  let atMs = 0
  const log: FederationEvent[] = []
  const happen = (event: Record<string, unknown> & { type: FederationEvent['type'] }): readonly Effect[] => {
    atMs += 100
    const full = { atMs, ...event } as FederationEvent
    log.push(full)
    const [next, effects] = step(state, full)
    state = next
    return effects
  }
  return {
    log,
    happen,
    get state(): FederationState {
      return state
    },
    join: (...devices: string[]) =>
      devices.flatMap((device) => [
        ...happen({ type: 'device-joined', device }),
        ...happen({ type: 'text-held', device, examples: 4 }),
      ]),
    update: (device: string, examples = 4) =>
      happen({
        type: 'update-arrived',
        device,
        round: state.completedRounds + 1,
        version: state.version,
        examples,
      }),
    finishRound(...devices: string[]) {
      const effects = devices.flatMap((device) => [...this.update(device)])
      const round = state.completedRounds + 1
      const version = state.version + 1
      effects.push(...happen({ type: 'merged', round, version, adapterHash: 'h' }))
      for (const device of devices) effects.push(...happen({ type: 'loaded', device, version }))
      return effects
    },
  }
}

const kinds = (effects: readonly Effect[]) => effects.map(({ type }) => type)
const ordersTo = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.type === 'order' ? effect.to : []))

describe('the synchronous scheme', () => {
  it('asks every device with text, merges weighted by examples in index order, and goes on when all have loaded', () => {
    const run = federation()
    run.join('a', 'b', 'c')
    expect(ordersTo(run.happen({ type: 'command', command: 'start' }))).toEqual(['a', 'b', 'c'])
    run.update('c', 6)
    run.update('a', 2)
    const merge = run.update('b', 4).find((effect) => effect.type === 'merge')
    expect(merge?.updates).toEqual([
      { device: 'a', weight: 2 / 12 },
      { device: 'b', weight: 4 / 12 },
      { device: 'c', weight: 6 / 12 },
    ])
    run.happen({ type: 'merged', round: 1, version: 1, adapterHash: 'h' })
    expect(run.state.completedRounds).toBe(0)
    run.happen({ type: 'loaded', device: 'a', version: 1 })
    run.happen({ type: 'loaded', device: 'b', version: 1 })
    const last = run.happen({ type: 'loaded', device: 'c', version: 1 })
    expect(kinds(last)).toEqual(['stop-timers', 'round-completed', 'order', 'start-timer'])
    expect(run.state.completedRounds).toBe(1)
  })

  it('ends after the last round', () => {
    const run = federation({ rounds: 2 })
    run.join('a', 'b')
    run.happen({ type: 'command', command: 'start' })
    run.finishRound('a', 'b')
    expect(kinds(run.finishRound('a', 'b'))).toContain('finished')
    expect(run.state.control).toMatchObject({ kind: 'finished' })
    expect(run.happen({ type: 'command', command: 'start' })).toEqual([])
  })

  it('starts by itself once enough devices hold text', () => {
    const run = federation({ autostart: 2 })
    expect(ordersTo(run.join('a'))).toEqual([])
    run.happen({ type: 'device-joined', device: 'empty' })
    expect(run.state.stage.kind).toBe('between')
    expect(ordersTo(run.join('b'))).toEqual(['a', 'b'])
  })

  it('does not wait for a device that died mid-round', () => {
    const run = federation()
    run.join('a', 'b', 'c')
    run.happen({ type: 'command', command: 'start' })
    run.update('a')
    run.update('b')
    const effects = run.happen({ type: 'device-left', device: 'c' })
    expect(kinds(effects)).toEqual(['stop-timers', 'merge'])
  })

  it('lets a late joiner train from the next round on, with the newest adapter', () => {
    const run = federation()
    run.join('a', 'b')
    run.happen({ type: 'command', command: 'start' })
    expect(run.join('late')).toEqual([{ type: 'announce', to: ['late'], version: 0 }])
    expect(
      ordersTo([...run.finishRound('a', 'b'), ...run.happen({ type: 'loaded', device: 'late', version: 1 })]),
    ).toEqual(['a', 'b', 'late'])
  })

  it('gives stragglers a grace time after the quorum, then closes without them', () => {
    const run = federation()
    run.join('a', 'b', 'slow')
    run.happen({ type: 'command', command: 'start' })
    run.update('a')
    expect(run.update('b')).toMatchObject([{ type: 'start-timer', timer: 'grace', afterMs: 10_000 }])
    const closing = run.happen({ type: 'timer-fired', timer: 'grace', round: 1 })
    expect(closing.find((effect) => effect.type === 'merge')?.updates).toHaveLength(2)
    expect(run.update('slow'), 'a late reply is dropped').toEqual([])
  })

  it('voids a round below the quorum, and pauses with a reason after three', () => {
    const run = federation()
    run.join('a', 'b', 'c', 'd')
    run.happen({ type: 'command', command: 'start' })
    for (const attempt of [1, 2, 3]) {
      expect(run.state.voidsInARow).toBe(attempt - 1)
      const effects = run.happen({ type: 'timer-fired', timer: 'deadline', round: 1 })
      expect(kinds(effects)).toContain('round-void')
    }
    expect(run.state.control).toMatchObject({ kind: 'paused', why: expect.stringContaining('0 of 4') })
    expect(run.state.version).toBe(0)
    expect(ordersTo(run.happen({ type: 'command', command: 'resume' }))).toHaveLength(4)
  })

  it('goes on without a refused update', () => {
    const run = federation()
    run.join('a', 'b')
    run.happen({ type: 'command', command: 'start' })
    run.happen({ type: 'update-refused', device: 'a', round: 1, reason: 'NaN' })
    expect(run.update('b').find((effect) => effect.type === 'merge')?.updates).toEqual([
      { device: 'b', weight: 1 },
    ])
  })

  it('pauses after the round under way, steps one round, and abandons the round on stop', () => {
    const run = federation()
    run.join('a')
    run.happen({ type: 'command', command: 'start' })
    run.happen({ type: 'command', command: 'pause' })
    expect(ordersTo(run.finishRound('a'))).toEqual([])
    expect(ordersTo(run.happen({ type: 'command', command: 'step' }))).toEqual(['a'])
    expect(ordersTo(run.finishRound('a'))).toEqual([])
    expect(run.state.control.kind).toBe('paused')
    run.happen({ type: 'command', command: 'resume' })
    expect(kinds(run.happen({ type: 'command', command: 'stop' }))).toEqual(['stop-timers', 'finished'])
    expect(run.update('a')).toEqual([])
  })

  it('starts the round again when the coordinator comes back from a reload', () => {
    const run = federation()
    run.join('a', 'b')
    run.happen({ type: 'command', command: 'start' })
    run.finishRound('a', 'b')
    run.update('a')
    run.happen({ type: 'coordinator-resumed' })
    expect(run.state).toMatchObject({ completedRounds: 1, version: 1, stage: { kind: 'between' } })
    expect(ordersTo(run.join('b'))).toEqual(['b'])
    expect(run.state.members.map(({ key, index }) => `${key}${index}`)).toEqual(['a0', 'b1'])
  })

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
      fc.record({ type: fc.constant('loaded'), device, version: fc.nat(4) }),
      fc.record({
        type: fc.constant('timer-fired'),
        timer: fc.constantFrom('deadline', 'grace', 'acknowledgement'),
        round: fc.nat(4),
      }),
      fc.constant({ type: 'coordinator-resumed' }),
      fc.constant({ type: 'merge-now' }),
    )
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 60 }), (events) => {
        const run = federation()
        for (const event of events) {
          const { version, completedRounds, stage } = run.state
          if (event.type !== 'merge-now') run.happen(event as never)
          else if (stage.kind === 'merging')
            run.happen({ type: 'merged', round: stage.round, version: version + 1, adapterHash: 'h' })
          expect(run.state.version, 'versions never fall').toBeGreaterThanOrEqual(version)
          expect(run.state.completedRounds - completedRounds).toBeLessThanOrEqual(1)
          expect(run.state.completedRounds).toBeLessThanOrEqual(config.rounds)
          const now = run.state.stage
          if (now.kind === 'training') {
            expect(
              now.arrived.map((arrived) => arrived.device).filter((key) => now.awaited.includes(key)),
            ).toEqual([])
            expect(now.awaited.every((key) => now.cohort.includes(key))).toBe(true)
          }
        }
        expect(replay(config, run.log)).toEqual(run.state)
      }),
      { numRuns: 300 },
    )
  })

  it('has the quorum and the deadline of the plan', () => {
    expect([1, 2, 3, 4, 5, 8].map(quorumOf)).toEqual([1, 2, 2, 2, 3, 4])
    expect(deadlineMs([])).toBe(3_600_000)
    expect(deadlineMs([1000])).toBe(30_000)
    expect(deadlineMs([20_000, 40_000, 30_000])).toBe(90_000)
  })
})
