import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lifeline } from './lifeline'

/** A worker's outside: what it is told, and its death. */
function mortal() {
  let fail: (event: { message?: string }) => void = () => {}
  const worker = {
    ended: false,
    addEventListener: (_: 'error', listener: typeof fail) => {
      fail = listener
    },
    terminate() {
      worker.ended = true
    },
  }
  return { worker, fail: (message?: string) => fail({ message }) }
}
const never = () => new Promise<never>(() => {})
const silence = { forMs: 5000, problem: () => new Error('It took too long.') }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a call to a worker', () => {
  it('answers', async () => {
    expect(await lifeline(mortal().worker, 'It failed').call(async () => 7, silence)).toBe(7)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('rejects when the worker dies, now and later', async () => {
    const { worker, fail } = mortal()
    const { call } = lifeline(worker, 'It failed')
    const calling = call(never)
    fail('out of memory')
    await expect(calling).rejects.toThrow('It failed: out of memory. Reload the page.')
    await expect(call(never)).rejects.toThrow('It failed')
  })

  it('rejects when the worker is ended', async () => {
    const { worker } = mortal()
    const { call, end } = lifeline(worker, 'It failed')
    const calling = call(never, silence)
    end(new Error('It was closed.'))
    await expect(calling).rejects.toThrow('It was closed.')
    expect([worker.ended, vi.getTimerCount()]).toEqual([true, 0])
  })

  it('ends a worker that is silent for too long, and one that gives signs of life not', async () => {
    const { worker } = mortal()
    let alive = () => {}
    const calling = lifeline(worker, 'It failed').call((sign) => {
      alive = sign
      return never()
    }, silence)
    calling.catch(() => {})
    for (let second = 0; second < 20; second++) {
      await vi.advanceTimersByTimeAsync(1000)
      alive()
    }
    expect(worker.ended).toBe(false)
    await vi.advanceTimersByTimeAsync(4900)
    expect(worker.ended).toBe(false)
    await vi.advanceTimersByTimeAsync(1000)
    expect(worker.ended).toBe(true)
    await expect(calling).rejects.toThrow('It took too long.')
  })

  it('does not take a frozen tab for a silent worker', async () => {
    const { worker } = mortal()
    const calling = lifeline(worker, 'It failed').call(never, silence)
    calling.catch(() => {})
    vi.setSystemTime(Date.now() + 3_600_000) // an hour passes, and not one turn of the clock
    await vi.advanceTimersByTimeAsync(1000)
    expect(worker.ended).toBe(false)
  })
})
