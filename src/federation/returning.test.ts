import { describe, expect, it } from 'vitest'
import { replay } from './federation'
import { drive, of, ordered } from './fixtures/drive'
import { returnMs } from './returning'
import { type CoordinatedName, coordinated } from './schemes/registry'

const cohort = ['a', 'b', 'c']
/** Those that ask everybody at once: where one device works at a time, nobody is waited for together. */
const schemes = (Object.keys(coordinated) as CoordinatedName[]).filter((scheme) => {
  const run = drive({ scheme })
  run.join(...cohort)
  return ordered(run.start()).length === cohort.length
})

function running(scheme: (typeof schemes)[number]) {
  const run = drive({ scheme, rounds: 9 })
  run.join(...cohort)
  run.start()
  return Object.assign(run, {
    timeIsUp: (atMs: number) =>
      run.happen({ type: 'timer-fired', atMs, timer: { name: 'return', adapter: 'room', round: 0 } }),
  })
}

describe.each(schemes)('after a break a %s federation', (scheme) => {
  it('waits for everybody who was there when the coordinator was reloaded', () => {
    const run = running(scheme)
    run.happen({ type: 'coordinator-resumed' })
    const first = run.join('b')
    expect(ordered(first)).toEqual([])
    expect(of(first, 'start-timer')).toMatchObject([{ timer: { name: 'return' }, afterMs: returnMs }])
    expect(ordered(run.join('a'))).toEqual([])
    expect(ordered(run.join('c')).sort()).toEqual(cohort)
  })

  it('waits in the same way when all links were cut together', () => {
    const run = running(scheme)
    for (const device of cohort) run.happen({ type: 'device-left', device })
    expect(ordered([...run.join('c'), ...run.join('a')])).toEqual([])
    expect(ordered(run.join('b')).sort()).toEqual(cohort)
  })

  it('is not over where those who are back first have spent their budgets, until the others had time to come', () => {
    const run = running(scheme)
    run.happen({ type: 'coordinator-resumed' })
    const spent = (device: string) => {
      run.happen({ type: 'device-joined', device })
      return run.happen({ type: 'text-held', device, examples: 1, isSpent: true })
    }
    const [start] = of(spent('a'), 'start-timer')
    expect(run.state.control.kind).toBe('running')
    expect(ordered(run.timeIsUp(100_000 + start.afterMs))).toEqual([])
    expect(run.state.control.kind).toBe('finished')
  })

  it('goes on without those who do not come back', () => {
    const run = running(scheme)
    run.happen({ type: 'coordinator-resumed' })
    const [start] = of(run.join('a'), 'start-timer')
    const atMs = 100_000 + start.afterMs
    expect(ordered(run.timeIsUp(atMs))).toEqual(['a'])
    expect(replay(run.config, run.log).state).toEqual(run.state)
  })

  it('waits anew where the coordinator is reloaded while it waits: a timer of the life before rings no more', () => {
    const run = running(scheme)
    run.happen({ type: 'coordinator-resumed' })
    expect(of(run.join('a'), 'start-timer')).toHaveLength(1)
    run.happen({ type: 'coordinator-resumed' })
    const [start] = of(run.join('a'), 'start-timer')
    expect(start).toMatchObject({ timer: { name: 'return' }, afterMs: returnMs })
    expect(ordered(run.timeIsUp(100_000 + start.afterMs))).toEqual(['a'])
  })

  it('does not wait for one that wanted to be forgotten', () => {
    const run = running(scheme)
    run.happen({ type: 'forget-asked', device: 'a', of: 'everything' })
    run.happen({ type: 'coordinator-resumed' })
    run.join('b')
    expect(ordered(run.join('c')).sort()).toEqual(['b', 'c'])
  })

  it('does not wait for one that is back and cannot train: it sleeps, or holds no text any more', () => {
    const run = running(scheme)
    run.happen({ type: 'coordinator-resumed' })
    run.happen({ type: 'device-joined', device: 'a' })
    run.happen({ type: 'device-paused', device: 'a' })
    run.happen({ type: 'device-joined', device: 'b' })
    run.happen({ type: 'text-held', device: 'b', examples: 0 })
    expect(ordered(run.join('c'))).toEqual(['c'])
  })

  it('does not wait for one that had left before', () => {
    const run = running(scheme)
    run.happen({ type: 'device-left', device: 'a' })
    run.happen({ type: 'coordinator-resumed' })
    run.join('b')
    expect(ordered(run.join('c')).sort()).toEqual(['b', 'c'])
  })

  it('is stopped by no round’s end: a change of scheme leaves the timer running', () => {
    const run = running(scheme)
    run.happen({ type: 'coordinator-resumed' })
    run.join('a')
    const other = scheme === 'clustered' ? 'synchronous' : 'clustered'
    const effects = run.happen({ type: 'switched', config: { ...run.config, scheme: other } })
    expect(effects.at(-1)).toMatchObject({ type: 'start-timer', timer: { name: 'return' } })
    expect(ordered(run.timeIsUp(200_000))).toEqual(['a'])
  })
})

it('an edge that holds no text is waited for as well', () => {
  const run = drive({ scheme: 'hierarchical', rounds: 9 })
  run.happen({ type: 'device-joined', device: 'e' })
  run.happen({ type: 'edge-appointed', device: 'e', isEdge: true })
  run.join('a')
  run.start()
  run.happen({ type: 'coordinator-resumed' })
  expect(of(run.join('a'), 'order')).toEqual([])
  expect(of(run.happen({ type: 'device-joined', device: 'e' }), 'order-edge')).toMatchObject([{ to: 'e' }])
})

it('a device that leaves alone is not waited for', () => {
  const run = running('synchronous')
  run.happen({ type: 'device-left', device: 'a' })
  expect(run.state.returning).toBeNull()
})

it('a timer of an earlier wait ends no later one', () => {
  const run = running('synchronous')
  run.happen({ type: 'coordinator-resumed' })
  run.join('a')
  expect(ordered(run.timeIsUp(0))).toEqual([])
  expect(run.state.returning).not.toBeNull()
})

it('in the lobby nobody is waited for', () => {
  const run = drive()
  run.join('a', 'b')
  run.happen({ type: 'coordinator-resumed' })
  run.join('a')
  expect(ordered(run.start())).toEqual(['a'])
})
