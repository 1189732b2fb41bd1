/** The reducer's timers on the node's clock. */
import { firstDeadlineMs } from '../../federation/rounds/cycle'
import type { AdapterId, Timer } from '../../federation/types'
import type { Cancel, Clock } from '../../network/time/clock'

/** A browser's timer takes no more; a deadline of weeks fires early, and the reducer starts another. */
const longestTimeoutMs = 2 ** 31 - 1

export interface Timers {
  start(timer: Timer, afterMs: number): void
  /** Those of one adapter's cycle; null: all. */
  stop(adapter: AdapterId | null): void
  /**
   * Epoch milliseconds at which the rounds under way close whatever is missing: a round at its deadline or at the end of
   * its grace time, whichever comes first, and of several clusters' rounds the last. Null: none is under way, or its limit
   * is only the one that a round without precedent gets so as not to hang for ever: nobody should count that down.
   */
  closesAtMs(): number | null
}

interface Running {
  readonly timer: Timer
  readonly afterMs: number
  readonly dueAtMs: number
}

export function timersOf(clock: Clock, fire: (timer: Timer) => void): Timers {
  const running = new Map<Cancel, Running>()
  return {
    start(timer, afterMs) {
      const cancel = clock.after(Math.min(afterMs, longestTimeoutMs), () => {
        running.delete(cancel)
        fire(timer)
      })
      running.set(cancel, { timer, afterMs, dueAtMs: clock.now() + afterMs })
    },
    stop(adapter) {
      for (const [cancel, { timer }] of running) {
        if (adapter !== null && timer.adapter !== adapter) continue
        cancel()
        running.delete(cancel)
      }
    },
    closesAtMs() {
      const closing = new Map<AdapterId, number>()
      for (const { timer, afterMs, dueAtMs } of running.values())
        if (timer.name === 'grace' || (timer.name === 'deadline' && afterMs !== firstDeadlineMs))
          closing.set(timer.adapter, Math.min(dueAtMs, closing.get(timer.adapter) ?? dueAtMs))
      return closing.size > 0 ? Math.max(...closing.values()) : null
    },
  }
}
