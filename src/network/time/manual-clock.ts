/** A clock whose hands a test turns. Between two timers it lets everything settle that does not need time to pass. */
import type { Clock } from './clock'

export interface ManualClock extends Clock {
  /** Runs every timer that is due within this time, in order. */
  advance(milliseconds: number): Promise<void>
}

/** `settle` resolves when nothing is under way any more that is not waiting for the clock. */
export function manualClock(settle: () => Promise<void>): ManualClock {
  let nowMs = 0
  let lastTimer = 0
  const timers = new Map<number, { readonly dueMs: number; readonly action: () => void }>()
  const next = () =>
    [...timers].reduce<[number, { dueMs: number; action: () => void }] | null>(
      (first, timer) => (!first || timer[1].dueMs < first[1].dueMs ? timer : first),
      null,
    )
  return {
    now: () => nowMs,
    after(delayMs, action) {
      const timer = ++lastTimer
      timers.set(timer, { dueMs: nowMs + Math.max(0, delayMs), action })
      return () => timers.delete(timer)
    },
    async advance(milliseconds) {
      const endMs = nowMs + milliseconds
      await settle()
      for (let due = next(); due && due[1].dueMs <= endMs; due = next()) {
        timers.delete(due[0])
        nowMs = due[1].dueMs
        due[1].action()
        await settle()
      }
      nowMs = endMs
    },
  }
}
