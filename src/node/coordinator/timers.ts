/** The reducer's timers on the page's clock. */
import type { TimerName } from '../../federation/types'

/** `setTimeout` takes no more; a deadline of weeks fires early, and the reducer starts another. */
const longestTimeoutMs = 2 ** 31 - 1

export interface Timers {
  start(timer: TimerName, round: number, afterMs: number): void
  stopAll(): void
}

export function timersOf(fire: (timer: TimerName, round: number) => void): Timers {
  const running = new Set<ReturnType<typeof setTimeout>>()
  return {
    start(timer, round, afterMs) {
      const handle = setTimeout(
        () => {
          running.delete(handle)
          fire(timer, round)
        },
        Math.min(afterMs, longestTimeoutMs),
      )
      running.add(handle)
    },
    stopAll() {
      for (const handle of running) clearTimeout(handle)
      running.clear()
    },
  }
}
