import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { virtualClock } from './virtual-clock'

describe('the virtual clock', () => {
  it('rings in the order of time, and of booking where times are equal; what was cancelled never', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ delayMs: fc.nat(20), isCancelled: fc.boolean() }), { maxLength: 300 }),
        async (timers) => {
          const clock = virtualClock()
          const seen: { atMs: number; at: number }[] = []
          const cancels = timers.map(({ delayMs }, at) =>
            clock.after(delayMs, () => void seen.push({ atMs: clock.now(), at })),
          )
          for (const [at, { isCancelled }] of timers.entries()) if (isCancelled) cancels[at]()
          await clock.run()
          const kept = timers
            .map(({ delayMs, isCancelled }, at) => ({ atMs: delayMs, at, isCancelled }))
            .filter(({ isCancelled }) => !isCancelled)
            .map(({ atMs, at }) => ({ atMs, at }))
          expect(seen).toEqual(kept.toSorted((a, b) => a.atMs - b.atMs || a.at - b.at))
        },
      ),
    )
  })

  it('goes on only when every chain of promises has come to rest, however long it is', async () => {
    const clock = virtualClock()
    const seen: string[] = []
    clock.after(1, async () => {
      for (let link = 0; link < 1000; link++) await null
      seen.push(`rested at ${clock.now()}`)
      clock.after(0, () => void seen.push(`later, at ${clock.now()}`))
    })
    clock.after(2, () => void seen.push(`next, at ${clock.now()}`))
    await clock.run()
    expect(seen).toEqual(['rested at 1', 'later, at 1', 'next, at 2'])
  })

  it('stands still while a promise from outside is held, also one that fails, and one that follows it', async () => {
    const clock = virtualClock()
    const outside = (text: string) =>
      new Promise<void>((resolve) => setTimeout(resolve, 5)).then(
        () => void seen.push(`${text} at ${clock.now()}`),
      )
    const seen: string[] = []
    clock.after(1, () => {
      clock.holds(outside('trained')).then(() => clock.holds(outside('measured')))
      clock.holds(outside('failed').then(() => Promise.reject(new Error('no memory')))).catch(() => {})
    })
    clock.after(1000, () => void seen.push('next'))
    await clock.run()
    expect(seen).toEqual(['trained at 1', 'failed at 1', 'measured at 1', 'next'])
  })

  it('stops at its end, and stands there; what is due later is not lost', async () => {
    const clock = virtualClock()
    const seen: number[] = []
    clock.after(10, () => void seen.push(clock.now()))
    clock.after(100, () => void seen.push(clock.now()))
    await clock.run(50)
    expect([clock.now(), ...seen]).toEqual([50, 10])
    await clock.advance(50)
    expect([clock.now(), ...seen]).toEqual([100, 10, 100])
  })

  it('stops after the timer that ends what it was run for', async () => {
    const clock = virtualClock()
    const seen: number[] = []
    for (let at = 1; at <= 5; at++) clock.after(at, () => void seen.push(at))
    await clock.run(Number.POSITIVE_INFINITY, () => seen.length === 3)
    expect([clock.now(), ...seen]).toEqual([3, 1, 2, 3])
  })

  it('runs one after the other what is asked for at once', async () => {
    const clock = virtualClock()
    await Promise.all([clock.advance(10), clock.advance(10), clock.run(15)])
    expect(clock.now()).toBe(20)
  })
})
