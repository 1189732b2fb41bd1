/**
 * One life of a tab: from when it is opened until it is closed, reloaded or killed. Whatever would run in it, a timer, a
 * message, an answer of its disk, runs through its life: now while it is awake, later while it is frozen, never once it is
 * over. That is all a browser does to a page.
 */
import type { Clock } from '../../src/network/time/clock'

export interface Life {
  /** The room's, as far as this life reaches. */
  readonly clock: Clock
  readonly isOver: boolean
  readonly isFrozen: boolean
  does(action: () => void): void
  freeze(): void
  /** What waited follows, in its order, each piece by itself. */
  thaw(): void
  /** Without a word: nothing runs in it any more. */
  end(): void
}

/** @param aheadMs of the room's time, as this computer's clock is set */
export function beginLife(clock: Clock, aheadMs: number): Life {
  let state: 'awake' | 'frozen' | 'over' = 'awake'
  const waiting: (() => void)[] = []
  /** What waits is dealt with first, so that nothing overtakes. */
  const does = (action: () => void) => {
    if (state === 'over') return
    if (state === 'frozen' || waiting.length > 0) waiting.push(action)
    else action()
  }
  const catchUp = () => {
    if (state !== 'awake') return
    waiting.shift()?.()
    if (waiting.length > 0) clock.after(0, catchUp)
  }
  return {
    clock: {
      now: () => clock.now() + aheadMs,
      after: (delayMs, action) => {
        let isCancelled = false
        const cancel = clock.after(delayMs, () => does(() => !isCancelled && action()))
        return () => {
          isCancelled = true
          cancel()
        }
      },
    },
    get isOver() {
      return state === 'over'
    },
    get isFrozen() {
      return state === 'frozen'
    },
    does,
    freeze() {
      if (state === 'awake') state = 'frozen'
    },
    thaw() {
      if (state !== 'frozen') return
      state = 'awake'
      clock.after(0, catchUp)
    },
    end() {
      state = 'over'
      waiting.length = 0
    },
  }
}
