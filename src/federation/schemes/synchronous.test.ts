import { describe, expect, it } from 'vitest'
import { drive, kinds, of, ordered } from '../fixtures/drive'
import { deadlineMs, quorumOf } from '../rounds/cycle'
import type { FederationConfig } from '../types'

const versionOf = (run: ReturnType<typeof drive>) => run.state.adapters.global

function federation(settings: Partial<FederationConfig> = {}) {
  const run = drive(settings)
  const update = (device: string, examples = 4) =>
    run.happen({
      type: 'update-arrived',
      device,
      examples,
      round: run.state.completedRounds + 1,
      version: versionOf(run),
    })
  return Object.assign(run, {
    update,
    finishRound(...devices: string[]) {
      const effects = devices.flatMap((device) => [...update(device)])
      effects.push(...run.merged(effects))
      const version = versionOf(run)
      for (const device of devices)
        effects.push(...run.happen({ type: 'loaded', device, adapter: 'global', version }))
      return effects
    },
  })
}

describe('the synchronous scheme', () => {
  it('asks every device with text, merges weighted by examples in index order, and goes on when all have loaded', () => {
    const run = federation()
    run.join('a', 'b', 'c')
    expect(ordered(run.start())).toEqual(['a', 'b', 'c'])
    run.update('c', 4)
    run.update('a', 2)
    const effects = run.update('b', 4)
    expect(of(effects, 'merge')[0].updates).toEqual([
      { device: 'a', round: 1, weight: 0.2 },
      { device: 'b', round: 1, weight: 0.4 },
      { device: 'c', round: 1, weight: 0.4 },
    ])
    run.merged(effects)
    expect(run.state.completedRounds).toBe(0)
    run.happen({ type: 'loaded', device: 'a', adapter: 'global', version: 1 })
    run.happen({ type: 'loaded', device: 'b', adapter: 'global', version: 1 })
    const last = run.happen({ type: 'loaded', device: 'c', adapter: 'global', version: 1 })
    expect(kinds(last)).toEqual(['stop-timers', 'round-completed', 'order', 'start-timer'])
    expect(run.state.completedRounds).toBe(1)
  })

  it('does not run a round again that was merged before a reload, though nobody had loaded it yet', () => {
    const run = federation({ rounds: 2 })
    run.join('a', 'b')
    run.start()
    run.merged([...run.update('a'), ...run.update('b')])
    const effects = run.happen({ type: 'coordinator-resumed' })
    expect(of(effects, 'round-completed')).toMatchObject([{ round: 1, version: 1, contributors: ['a', 'b'] }])
    run.join('a', 'b')
    expect(run.state.completedRounds).toBe(1)
    run.finishRound('a', 'b')
    expect([versionOf(run), run.state.control.kind]).toEqual([2, 'finished'])
  })

  it('ends after the last round', () => {
    const run = federation({ rounds: 2 })
    run.join('a', 'b')
    run.start()
    run.finishRound('a', 'b')
    expect(kinds(run.finishRound('a', 'b'))).toContain('finished')
    expect(run.state.control).toMatchObject({ kind: 'finished' })
    expect(run.start()).toEqual([])
  })

  it('starts by itself once enough devices hold text', () => {
    const run = federation({ autostart: 2 })
    expect(ordered(run.join('a'))).toEqual([])
    run.happen({ type: 'device-joined', device: 'empty' })
    expect(run.stage.kind).toBe('between')
    expect(ordered(run.join('b'))).toEqual(['a', 'b'])
  })

  it('does not wait for a device that died mid-round', () => {
    const run = federation()
    run.join('a', 'b', 'c')
    run.start()
    run.update('a')
    run.update('b')
    const effects = run.happen({ type: 'device-left', device: 'c' })
    expect(kinds(effects)).toEqual(['stop-timers', 'merge'])
  })

  it('lets a late joiner train from the next round on, with the newest adapter', () => {
    const run = federation()
    run.join('a', 'b')
    run.start()
    expect(run.join('late')).toEqual([{ type: 'announce', to: ['late'], adapter: 'global', version: 0 }])
    expect(
      ordered([
        ...run.finishRound('a', 'b'),
        ...run.happen({ type: 'loaded', device: 'late', adapter: 'global', version: 1 }),
      ]),
    ).toEqual(['a', 'b', 'late'])
  })

  it('gives stragglers a grace time after the quorum, then closes without them', () => {
    const run = federation()
    run.join('a', 'b', 'slow')
    run.start()
    run.update('a')
    expect(run.update('b')).toMatchObject([
      { type: 'start-timer', timer: { name: 'grace' }, afterMs: 10_000 },
    ])
    const closing = run.happen({ type: 'timer-fired', timer: { name: 'grace', adapter: 'global', round: 1 } })
    expect(of(closing, 'merge')[0].updates).toHaveLength(2)
    expect(run.update('slow'), 'a late reply is dropped').toEqual([])
  })

  it('voids a round below the quorum, and pauses with a reason after three', () => {
    const run = federation()
    run.join('a', 'b', 'c', 'd')
    run.start()
    for (const attempt of [1, 2, 3]) {
      expect(run.cycle.voidsInARow).toBe(attempt - 1)
      const effects = run.happen({
        type: 'timer-fired',
        timer: { name: 'deadline', adapter: 'global', round: 1 },
      })
      expect(kinds(effects)).toContain('round-void')
    }
    expect(run.state.control).toMatchObject({ kind: 'stuck', why: expect.stringContaining('0 of 4') })
    expect(versionOf(run)).toBe(0)
    expect(ordered(run.happen({ type: 'command', command: 'resume' }))).toHaveLength(4)
  })

  it('goes on by itself with more devices than those whose rounds came to nothing, unless a person has paused it', () => {
    const stuck = () => {
      const run = federation()
      run.join('a', 'b', 'c', 'd')
      run.start()
      run.happen({ type: 'device-left', device: 'd' })
      for (let attempt = 0; attempt < 3; attempt++)
        run.happen({ type: 'timer-fired', timer: { name: 'deadline', adapter: 'global', round: 1 } })
      return run
    }
    const run = stuck()
    run.happen({ type: 'device-left', device: 'c' })
    run.join('c')
    expect(run.state.control, 'as many as before').toMatchObject({ kind: 'stuck', able: 3 })
    run.join('d')
    expect(run.state.control).toEqual({ kind: 'running' })
    expect(run.cycle.stage).toMatchObject({ kind: 'training', cohort: ['a', 'b', 'c', 'd'] })
    const paused = stuck()
    paused.happen({ type: 'command', command: 'pause' })
    paused.join('d')
    expect(paused.state.control).toEqual({ kind: 'paused', why: null })
  })

  it('goes on without a refused update', () => {
    const run = federation()
    run.join('a', 'b')
    run.start()
    run.happen({ type: 'update-refused', device: 'a', round: 1, reason: 'NaN' })
    expect(of(run.update('b'), 'merge')[0].updates).toEqual([{ device: 'b', round: 1, weight: 1 }])
  })

  it('pauses after the round under way, steps one round, and abandons the round on stop', () => {
    const run = federation()
    run.join('a')
    run.start()
    run.happen({ type: 'command', command: 'pause' })
    expect(ordered(run.finishRound('a'))).toEqual([])
    expect(ordered(run.happen({ type: 'command', command: 'step' }))).toEqual(['a'])
    expect(ordered(run.finishRound('a'))).toEqual([])
    expect(run.state.control.kind).toBe('paused')
    run.happen({ type: 'command', command: 'resume' })
    expect(kinds(run.happen({ type: 'command', command: 'stop' }))).toEqual(['stop-timers', 'finished'])
    expect(run.update('a')).toEqual([])
  })

  it('starts the round again when the coordinator comes back from a reload', () => {
    const run = federation()
    run.join('a', 'b')
    run.start()
    run.finishRound('a', 'b')
    run.update('a')
    run.happen({ type: 'coordinator-resumed' })
    expect(run.state).toMatchObject({ completedRounds: 1, adapters: { global: 1 } })
    expect(run.stage.kind).toBe('between')
    expect(ordered(run.join('b'))).toEqual([])
    expect(ordered(run.join('a'))).toEqual(['a', 'b'])
    expect(run.state.members.map(({ key, index }) => `${key}${index}`)).toEqual(['a0', 'b1'])
  })

  it('asks a drawn share of the devices, some more than it waits for, and closes on the first', () => {
    const run = federation({ fractionTrain: 0.5, overSelection: 0.3 })
    const devices = Array.from({ length: 20 }, (_, at) => `d${at}`)
    run.join(...devices)
    const cohort = ordered(run.start())
    expect(cohort).toHaveLength(13)
    expect(cohort, 'index order').toEqual(devices.filter((device) => cohort.includes(device)))
    const effects = cohort.slice(0, 10).flatMap((device) => [...run.update(device)])
    expect(of(effects, 'merge')[0].updates).toHaveLength(10)
    expect(run.update(cohort[12]), 'the eleventh is late').toEqual([])
    run.merged(effects)
    const next = devices.flatMap((device) => [
      ...run.happen({ type: 'loaded', device, adapter: 'global', version: 1 }),
    ])
    expect(ordered(next), 'another draw').not.toEqual(cohort)
  })

  it('believes a claim of examples up to the median of the cohort, whoever wants to be an edge', () => {
    const run = federation()
    run.join('a', 'b', 'c', 'd')
    run.happen({ type: 'edge-appointed', device: 'd', isEdge: true })
    run.start()
    for (const device of ['a', 'b', 'c']) run.update(device, 60)
    const [merge] = of(run.update('d', 1_000_000), 'merge')
    expect(merge.updates.map(({ weight }) => weight)).toEqual([0.25, 0.25, 0.25, 0.25])
  })

  it('gives no weight to no examples, and voids a round of nothing else', () => {
    const run = federation()
    run.join('a', 'b')
    run.start()
    run.update('a', 0)
    expect(of(run.update('b', 3), 'merge')[0].updates).toEqual([{ device: 'b', round: 1, weight: 1 }])
    const empty = federation()
    empty.join('a', 'b')
    empty.start()
    empty.update('a', 0)
    expect(kinds(empty.update('b', 0))).toContain('round-void')
    expect(versionOf(empty)).toBe(0)
  })

  it('works with one device', () => {
    const run = federation({ rounds: 1 })
    run.join('a')
    run.start()
    expect(kinds(run.finishRound('a'))).toContain('finished')
  })

  it('has the quorum and the deadline of the plan', () => {
    expect([1, 2, 3, 4, 5, 8].map(quorumOf)).toEqual([1, 2, 2, 2, 3, 4])
    expect(deadlineMs([])).toBe(3_600_000)
    expect(deadlineMs([1000])).toBe(30_000)
    expect(deadlineMs([20_000, 40_000, 30_000])).toBe(90_000)
  })
})
