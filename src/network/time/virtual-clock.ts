/**
 * A clock for simulations and tests, on which nothing waits: an hour passes as fast as what happens in it is decided. Timers
 * ring in the order of their time, and of their booking where times are equal. After each, everything settles that does not
 * need time: the engine's queue of promises runs empty, and promises of other threads that the clock `holds` are awaited.
 * What comes from outside without being held (a file, a socket) is not waited for.
 */
import type { Clock } from './clock'

export interface VirtualClock extends Clock {
  /** Lets time stand still until this promise is settled: work in another thread, or cryptography. Gives it back. */
  holds<T>(promise: Promise<T>): Promise<T>
  /**
   * Lets everything happen until no timer is left, `untilMs` has come or `isOver` says so after a timer. Time then stands at
   * `untilMs` where that is finite and nothing ended the run before. A run that is asked for meanwhile follows.
   */
  run(untilMs?: number, isOver?: () => boolean): Promise<void>
  /** Runs for so long from when this run begins. */
  advance(milliseconds: number): Promise<void>
}

interface Booked {
  readonly atMs: number
  readonly order: number
  /** Null: cancelled. */
  action: (() => void) | null
}

/** Timers between two breaths in which the engine may look at what comes from outside. */
const breathEvery = 1024

export function virtualClock(): VirtualClock {
  const booked = heap()
  const open = new Set<Promise<unknown>>()
  let nowMs = 0
  let order = 0
  let rung = 0
  let lastRun: Promise<void> = Promise.resolve()

  const settled = (): Promise<void> => (rung % breathEvery === 0 ? breath() : promisesRun())
  async function runUntil(untilMs: number, isOver: () => boolean): Promise<void> {
    for (;;) {
      await settled()
      while (open.size > 0) {
        await Promise.allSettled(open)
        await promisesRun()
      }
      if (isOver()) return
      const next = booked.first()
      if (!next || next.atMs > untilMs) break
      booked.removeFirst()
      rung++
      nowMs = next.atMs
      const { action } = next
      next.action = null // from here on there is nothing to cancel
      action?.()
    }
    if (untilMs < Number.POSITIVE_INFINITY) nowMs = Math.max(nowMs, untilMs)
  }
  const inTurn = (run: () => Promise<void>): Promise<void> => {
    const turn = lastRun.then(run)
    lastRun = turn.catch(() => {})
    return turn
  }

  return {
    now: () => nowMs,
    after(delayMs, action) {
      const timer: Booked = { atMs: nowMs + Math.max(0, delayMs), order: order++, action }
      booked.add(timer)
      return () => {
        if (timer.action) booked.cancel(timer)
      }
    },
    holds(promise) {
      const held: Promise<boolean> = promise.then(
        () => open.delete(held),
        () => open.delete(held),
      )
      open.add(held)
      return promise.finally(() => {}) // one of its own: a failure that nobody sees to must not pass for seen to
    },
    run: (untilMs = Number.POSITIVE_INFINITY, isOver = () => false) =>
      inTurn(() => runUntil(untilMs, isOver)),
    advance: (milliseconds) => inTurn(() => runUntil(nowMs + milliseconds, () => false)),
  }
}

/** What is booked, the next at the root of a binary heap. Cancelled timers leave it when they come up or outnumber the others. */
function heap() {
  let entries: Booked[] = []
  let cancelled = 0
  const isBefore = (a: Booked, b: Booked) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)

  function add(entry: Booked): void {
    let at = entries.push(entry) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!isBefore(entry, entries[above])) break
      entries[at] = entries[above]
      at = above
    }
    entries[at] = entry
  }

  function removeFirst(): void {
    const last = entries.pop()!
    if (entries.length === 0) return
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      if (left >= entries.length) break
      const right = left + 1
      const below = right < entries.length && isBefore(entries[right], entries[left]) ? right : left
      if (!isBefore(entries[below], last)) break
      entries[at] = entries[below]
      at = below
    }
    entries[at] = last
  }

  return {
    add,
    removeFirst,
    /** The next one that was not cancelled. */
    first(): Booked | null {
      while (entries.length > 0 && !entries[0].action) {
        removeFirst()
        cancelled--
      }
      return entries[0] ?? null
    },
    cancel(entry: Booked): void {
      entry.action = null
      if (++cancelled < 64 || cancelled * 2 < entries.length) return
      entries = entries.filter(({ action }) => action).sort((a, b) => (isBefore(a, b) ? -1 : 1)) // sorted is a heap
      cancelled = 0
    },
  }
}

const inNode = typeof process !== 'undefined' && typeof process.nextTick === 'function'

/** Resolves when no chain of promises goes on by itself: Node's `nextTick` comes only after all of them. */
const promisesRun: () => Promise<void> = inNode
  ? () => new Promise((resolve) => process.nextTick(resolve))
  : turnsOfTheLoop()

/** The same, and what waits at the door of this thread is let in. */
const breath: () => Promise<void> = inNode
  ? () => new Promise((resolve) => setImmediate(resolve))
  : promisesRun

/** In a browser each message is a task of its own, and between two tasks no promise is left to run. */
function turnsOfTheLoop(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port1.onmessage = () => waiting.shift()?.()
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      port2.postMessage(null)
    })
}
