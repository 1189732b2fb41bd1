import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeNode } from './fixtures/fakeNode'
import { calmStore } from './node'

describe('the calm store', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  const node = () =>
    fakeNode({
      role: 'coordinator',
      devices: 2,
      rounds: 3,
      ticks: 1,
      phase: null,
      live: false,
      trouble: false,
    })

  it('publishes the first change at once and a burst as one', () => {
    const busy = node()
    const calm = calmStore(busy.store, 100)
    const seen = vi.fn()
    calm.subscribe(seen)
    busy.advance(1)
    expect(seen).toHaveBeenCalledTimes(1)
    busy.advance(20)
    expect(seen).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(100)
    expect(seen).toHaveBeenCalledTimes(2)
    expect(calm.getState()).toBe(busy.store.getState())
  })

  it('never shows a state that it has not announced', () => {
    const busy = node()
    const calm = calmStore(busy.store, 100)
    busy.advance(1)
    const published = calm.getState()
    busy.advance(1)
    expect(calm.getState()).toBe(published)
  })
})
