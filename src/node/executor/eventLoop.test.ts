import { describe, expect, it } from 'vitest'
import { deferred } from '../../lib/async'
import { virtualClock } from '../../network/time/virtual-clock'
import { EventLoop } from './eventLoop'

interface Counted {
  readonly atMs: number
  readonly type: 'counted'
}

describe('an event that must be kept', () => {
  it('is told to nobody before it is, and what happens meanwhile follows it', async () => {
    const kept = deferred<void>()
    const told: number[] = []
    const loop = new EventLoop<number, Counted, number>(0, {
      clock: virtualClock(),
      step: (count) => [count + 1, [count + 1]],
      counted: () => (told.length === 0 ? kept.promise : null),
      perform: (count) => void told.push(count),
      failed: () => {},
    })
    loop.happen({ type: 'counted' })
    loop.happen({ type: 'counted' })
    await Promise.resolve()
    expect(told).toEqual([])
    kept.resolve()
    await kept.promise
    await Promise.resolve()
    expect(told).toEqual([1, 2])
  })

  it('is told to nobody where the tab was closed meanwhile', async () => {
    const told: number[] = []
    const kept = deferred<void>()
    const loop = new EventLoop<number, Counted, number>(0, {
      clock: virtualClock(),
      step: (count) => [count + 1, [count + 1]],
      counted: () => kept.promise,
      perform: (count) => void told.push(count),
      failed: () => {},
    })
    loop.happen({ type: 'counted' })
    loop.close()
    kept.resolve()
    await kept.promise
    await Promise.resolve()
    expect(told).toEqual([])
  })
})
