import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { virtualClock } from './clock'

describe('the virtual clock', () => {
  it('lets things happen in the order of their time, and of their booking where times are equal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 60 }), async (delays) => {
        const clock = virtualClock()
        const seen: { atMs: number; at: number }[] = []
        for (const [at, delay] of delays.entries())
          clock.after(delay, () => void seen.push({ atMs: clock.nowMs, at }))
        await clock.run(() => false)
        const sorted = delays
          .map((atMs, at) => ({ atMs, at }))
          .toSorted((a, b) => a.atMs - b.atMs || a.at - b.at)
        expect(seen).toEqual(sorted)
      }),
    )
  })

  it('leaves out what was cancelled, waits for promises, and stops at its end', async () => {
    const clock = virtualClock()
    const seen: string[] = []
    clock.after(5, () => void seen.push('cancelled')).cancel()
    clock.after(10, async () => {
      await Promise.resolve()
      seen.push('first')
      clock.after(5, () => void seen.push('second'))
    })
    clock.after(100, () => void seen.push('too late'))
    await clock.run(() => false, 50)
    expect(seen).toEqual(['first', 'second'])
  })
})
