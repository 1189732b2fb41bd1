import { describe, expect, it } from 'vitest'
import { firstDeadlineMs } from '../../federation/rounds/cycle'
import type { Timer } from '../../federation/types'
import { virtualClock } from '../../network/time/virtual-clock'
import { timersOf } from './timers'

const timer = (name: Timer['name'], adapter = 'global'): Timer => ({ name, adapter, round: 1 })

describe('when a round closes', () => {
  it('is its deadline, or the end of its grace time where that comes first', async () => {
    const clock = virtualClock()
    const timers = timersOf(clock, () => {})
    timers.start(timer('deadline'), 30_000)
    expect(timers.closesAtMs()).toBe(30_000)
    timers.start(timer('grace'), 10_000)
    expect(timers.closesAtMs()).toBe(10_000)
    timers.stop('global')
    await clock.advance(25_000)
    timers.start(timer('deadline'), 4_000)
    timers.start(timer('grace'), 10_000)
    expect(timers.closesAtMs()).toBe(29_000)
  })

  it('is not said of a first round, which has an hour so as not to hang for ever, until its grace time runs', () => {
    const timers = timersOf(virtualClock(), () => {})
    timers.start(timer('deadline'), firstDeadlineMs)
    expect(timers.closesAtMs()).toBeNull()
    timers.start(timer('grace'), 10_000)
    expect(timers.closesAtMs()).toBe(10_000)
  })

  it('is with several clusters when the last of them closes; one that is done takes nothing from the others', () => {
    const timers = timersOf(virtualClock(), () => {})
    timers.start(timer('deadline', 'cluster-1'), 40_000)
    timers.start(timer('deadline', 'cluster-2'), 50_000)
    expect(timers.closesAtMs()).toBe(50_000)
    timers.stop('cluster-2')
    expect(timers.closesAtMs()).toBe(40_000)
  })

  it('is over when the timer has fired, and other timers do not close a round', async () => {
    const clock = virtualClock()
    const timers = timersOf(clock, () => {})
    timers.start(timer('deadline'), 30_000)
    timers.start(timer('acknowledgement'), 50_000)
    await clock.advance(31_000)
    expect(timers.closesAtMs()).toBeNull()
  })
})
