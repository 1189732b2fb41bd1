/** The reducer's timers on the page's clock. */
import type { AdapterId, Timer } from '../../federation/types'

/** `setTimeout` takes no more; a deadline of weeks fires early, and the reducer starts another. */
const longestTimeoutMs = 2 ** 31 - 1

export interface Timers {
  start(timer: Timer, afterMs: number): void
  /** Those of one adapter's cycle; null: all. */
  stop(adapter: AdapterId | null): void
}

export function timersOf(fire: (timer: Timer) => void): Timers {
  const running = new Map<ReturnType<typeof setTimeout>, Timer>()
  return {
    start(timer, afterMs) {
      const handle = setTimeout(
        () => {
          running.delete(handle)
          fire(timer)
        },
        Math.min(afterMs, longestTimeoutMs),
      )
      running.set(handle, timer)
    },
    stop(adapter) {
      for (const [handle, timer] of running) {
        if (adapter !== null && timer.adapter !== adapter) continue
        clearTimeout(handle)
        running.delete(handle)
      }
    },
  }
}
