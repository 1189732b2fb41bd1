import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultConfig } from '../../config'
import { drive, kinds, of, ordered } from '../../fixtures/drive'
import type { Effect } from '../../types'
import { assignSteps } from './compass'
import { balancedWeights } from './staleness'
import type { AsynchronousConfig, AsynchronousProgress } from './state'

function federation(settings: Partial<AsynchronousConfig> = {}, devices = ['a', 'b', 'c', 'd']) {
  const run = drive({
    scheme: 'asynchronous',
    rounds: 1000,
    localSteps: 5,
    asynchronous: { ...defaultConfig.asynchronous, ...settings },
  })
  run.join(...devices)
  const progress = () => run.state.progress as AsynchronousProgress
  return Object.assign(run, {
    progress,
    jobOf: (device: string) => progress().workers[devices.indexOf(device)].job!,
    /** The device answers its order; what is asked to be merged is merged. */
    answer(device: string, examples = 4): readonly Effect[] {
      const { round, version } = this.jobOf(device)
      const effects = run.happen({ type: 'update-arrived', device, round, version, examples })
      return [...effects, ...run.merged(effects)]
    },
  })
}

describe('FedBuff', () => {
  it('gives work to everybody at once, merges every K updates, and nobody waits for the slowest', () => {
    const run = federation({ bufferSize: 2 })
    expect(ordered(run.start())).toEqual(['a', 'b', 'c', 'd'])
    expect(ordered(run.answer('a')), 'goes on at once').toEqual(['a'])
    const effects = run.answer('b')
    expect(of(effects, 'merge')[0]).toMatchObject({ relativeTo: 'start', version: 1, adapter: 'global' })
    expect(run.state.completedRounds).toBe(1)
    for (let turn = 0; turn < 4; turn++) {
      run.answer('a')
      run.answer('b')
    }
    expect(run.state.adapters.global, 'c and d have never answered').toBe(5)
  })

  it('shrinks old updates by s(tau) / K and tells how stale they were', () => {
    const run = federation({ bufferSize: 2 })
    run.start()
    for (const device of ['a', 'b', 'a', 'b']) run.answer(device)
    run.answer('c')
    const [merge] = of(run.answer('a'), 'merge')
    expect(merge.updates.map(({ device, weight }) => [device, weight])).toEqual([
      // a went on while its last update waited in the buffer: it is one version old itself.
      ['a', 0.5 * (1 + 1) ** -0.5],
      ['c', 0.5 * (1 + 2) ** -0.5],
    ])
    expect(run.progress().staleness).toEqual({ mean: 1.5, largest: 2 })
  })

  it('drops what is too old, and its device begins anew from the newest version', () => {
    const run = federation({ bufferSize: 1, mostStale: 2 })
    run.start()
    for (let turn = 0; turn < 3; turn++) run.answer('a')
    const effects = run.answer('d')
    expect(kinds(effects)).toEqual(['update-dropped', 'announce', 'order'])
    expect(of(effects, 'order')[0]).toMatchObject({ to: ['d'], version: 3 })
  })

  it('counts an update once, whatever is sent twice, late or out of order', () => {
    const run = federation({ bufferSize: 4 })
    run.start()
    const { round, version } = run.jobOf('a')
    run.answer('a')
    const before = run.progress().buffer.length
    for (const replay of [
      { round, version },
      { round: round + 100, version },
      { round: run.jobOf('a').round, version: version + 1 },
    ])
      expect(run.happen({ type: 'update-arrived', device: 'a', examples: 4, ...replay })).toEqual([])
    expect(run.progress().buffer).toHaveLength(before)
  })

  it('lets no device own the average', () => {
    expect(balancedWeights(['a', 'a', 'a', 'b'], [1, 1, 1, 1])).toEqual([1 / 3, 1 / 3, 1 / 3, 1])
    expect(balancedWeights(['a', 'a'], [1, 1]), 'unless it is alone').toEqual([1, 1])
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.double({ min: 0.01, max: 9, noNaN: true }))),
        (entries) => {
          const devices = entries.map(([device]) => device)
          const shares = balancedWeights(
            devices,
            entries.map(([, weight]) => weight),
          )
          const total = shares.reduce((sum, share) => sum + share, 0)
          if (new Set(devices).size > 1)
            for (const device of devices.filter((name, at) => devices.indexOf(name) !== at)) {
              const own = shares.filter((_, at) => devices[at] === device).reduce((sum, x) => sum + x, 0)
              expect(own / total).toBeLessThanOrEqual(0.5 + 1e-9)
            }
        },
      ),
    )
  })

  it('merges two after the time budget, and one where there is but one device', () => {
    const run = federation({ bufferSize: 4 })
    run.start()
    const [timer] = of(run.answer('a'), 'start-timer')
    expect(of(run.happen({ type: 'timer-fired', timer: timer.timer }), 'start-timer')).toHaveLength(1)
    run.answer('b')
    expect(of(run.happen({ type: 'timer-fired', timer: timer.timer }), 'merge')[0].updates).toHaveLength(2)
    const alone = federation({ bufferSize: 4 }, ['a'])
    alone.start()
    expect(of(alone.answer('a'), 'merge')).toHaveLength(1)
  })

  it('lets only so many train at a time, and those first who have waited longest', () => {
    const run = federation({ bufferSize: 4, concurrency: 2 })
    expect(ordered(run.start())).toEqual(['a', 'b'])
    expect(ordered(run.answer('a'))).toEqual(['c'])
    expect(ordered(run.answer('b'))).toEqual(['d'])
    expect(ordered(run.answer('c'))).toEqual(['a'])
  })

  it('forgets who left, keeps what had arrived, and drops what comes from no examples', () => {
    const run = federation({ bufferSize: 3 })
    run.start()
    run.answer('a')
    run.happen({ type: 'device-left', device: 'a' })
    expect(run.progress().workers.map(({ job }) => job !== null)).toEqual([false, true, true, true])
    expect(of(run.answer('b', 0), 'update-dropped')).toHaveLength(1)
    run.answer('c')
    expect(of(run.answer('d'), 'merge')[0].updates.map(({ device }) => device)).toEqual(['a', 'c', 'd'])
  })

  it('merges nothing of who wants to be forgotten, not when the wish makes what is left enough either', () => {
    const run = federation({ bufferSize: null }, ['a', 'b', 'c'])
    run.start()
    expect(of(run.answer('c'), 'merge')).toEqual([])
    expect(of(run.happen({ type: 'forget-asked', device: 'c', of: 'everything' }), 'merge')).toEqual([])
    expect(of(run.answer('b'), 'merge')[0].updates.map(({ device }) => device)).toEqual(['b'])
  })

  it('merges what has arrived, whose ever it is, before somebody is forgotten: no buffer waits to fill meanwhile', () => {
    const run = federation({ bufferSize: 3 })
    const forget = (device: string) => run.happen({ type: 'forget-asked', device, of: 'everything' })
    run.start()
    run.answer('a')
    const merging = forget('b')
    expect([of(merging, 'merge').length, of(merging, 'forgotten')]).toEqual([1, []])
    const done = run.merged(merging)
    expect(of(done, 'forgotten')).toMatchObject([{ wish: { device: 'b' }, version: 1 }])
    expect(ordered(run.answer('c'))).toEqual(['c'])
  })

  it('names the version of a merge that was under way as the last with whoever is forgotten', () => {
    const run = federation({ bufferSize: 1 })
    run.start()
    const { round, version } = run.jobOf('a')
    const merging = run.happen({ type: 'update-arrived', device: 'a', round, version, examples: 4 })
    expect(of(run.happen({ type: 'forget-asked', device: 'a', of: 'everything' }), 'forgotten')).toEqual([])
    expect(of(run.merged(merging), 'forgotten')).toMatchObject([{ wish: { device: 'a' }, version: 1 }])
  })

  it('forgets also after its last merge, of which nothing is left over', () => {
    const run = federation({ bufferSize: 2 }, ['a', 'b', 'c'])
    run.happen({ type: 'configured', config: { ...run.config, rounds: 1 } })
    run.start()
    const sent = ['a', 'b', 'c'].map((device) => {
      const { round, version } = run.jobOf(device)
      return run.happen({ type: 'update-arrived', device, round, version, examples: 4 })
    })
    run.merged(sent.flat())
    expect(run.state.control.kind).toBe('finished')
    const told = run.happen({ type: 'forget-asked', device: 'a', of: 'everything' })
    expect(of(told, 'forgotten')).toMatchObject([{ version: 1 }])
  })

  it('goes on after a merge that failed', () => {
    const run = federation({ bufferSize: 1 })
    run.start()
    const { round, version } = run.jobOf('a')
    run.happen({ type: 'update-arrived', device: 'a', round, version, examples: 1 })
    const effects = run.happen({ type: 'merge-failed', adapter: 'global', round: 1, reason: 'Not finite.' })
    expect(kinds(effects)).toEqual(['round-void', 'order'])
    expect(run.state.adapters.global).toBe(0)
  })
})

describe('FedAsync', () => {
  it('mixes every update in at once with alpha s(tau), relative to the newest version', () => {
    const run = federation({ method: 'fedasync', mixing: 0.6 })
    run.start()
    const [first] = of(run.answer('a'), 'merge')
    const [second] = of(run.answer('b'), 'merge')
    expect(first).toMatchObject({ relativeTo: 'newest', updates: [{ device: 'a', weight: 0.6 }] })
    expect(second.updates[0].weight).toBeCloseTo(0.6 * 2 ** -0.5, 12)
  })
})

describe('FedCompass', () => {
  it('lets a group arrive together: steps follow from speed', () => {
    const run = federation({ method: 'fedcompass', leastSteps: 10, mostSteps: 50 }, ['slow', 'fast'])
    const progress = run.progress()
    const [slow, fast] = [4, 1]
    const first = assignSteps(progress, slow, run.config.asynchronous, 0)
    expect(first).toMatchObject({ steps: 50, opened: { expectedAtMs: 200_000, limitAtMs: 240_000 } })
    const later = { ...progress, groups: [first.opened!] }
    expect(assignSteps(later, fast, run.config.asynchronous, 160_000)).toMatchObject({
      steps: 40,
      group: first.group,
    })
    expect(assignSteps(later, fast, run.config.asynchronous, 100_000).opened, 'does not fit').not.toBeNull()
  })

  it('takes a device that answers at once for a fast one, not for an unknown one', () => {
    const { asynchronous } = federation({ method: 'fedcompass' }).config
    expect(assignSteps({ groups: [], ordered: 0 }, 0, asynchronous, 100)).toMatchObject({
      steps: 50,
      opened: { expectedAtMs: 100, limitAtMs: 100 },
    })
    expect(assignSteps({ groups: [], ordered: 0 }, null, asynchronous, 100)).toMatchObject({ group: null })
  })

  it('shows an unknown speed first, then merges a group when all of it has arrived', () => {
    const run = federation({ method: 'fedcompass', leastSteps: 10, mostSteps: 50 }, ['slow', 'fast'])
    expect(of(run.start(), 'order').map(({ steps }) => steps)).toEqual([10, 10])
    const answer = (device: string, atMs: number) => {
      const { round, version } = run.jobOf(device)
      const effects = run.happen({ type: 'update-arrived', device, round, version, examples: 4, atMs })
      return [...effects, ...run.merged(effects)]
    }
    expect(of(answer('fast', 10_000), 'order')[0].steps).toBe(50)
    const slow = answer('slow', 40_000)
    expect(of(slow, 'order')[0].steps, 'too slow to arrive with it').toBe(50)
    const [merge] = of(answer('fast', 61_000), 'merge')
    expect(merge.updates.map(({ device }) => device)).toEqual(['slow', 'fast', 'fast'])
  })
})
