/**
 * A virtual clock: what is to happen, in the order of its time, and of its booking where times are equal. Nothing waits:
 * an hour of a federation passes as fast as its decisions are made. A binary heap keeps the next event at its root.
 */
export interface Booking {
  cancel(): void
}

export interface VirtualClock {
  readonly nowMs: number
  after(delayMs: number, happen: () => void | Promise<void>): Booking
  /** Lets everything happen until nothing is booked, `untilMs` has passed or `isOver` says so. */
  run(isOver: () => boolean, untilMs?: number): Promise<void>
}

interface Booked {
  readonly atMs: number
  readonly order: number
  happen: (() => void | Promise<void>) | null
}

export function virtualClock(): VirtualClock {
  const heap: Booked[] = []
  let nowMs = 0
  let booked = 0
  const isBefore = (a: Booked, b: Booked) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)

  function push(entry: Booked): void {
    let at = heap.push(entry) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!isBefore(entry, heap[above])) break
      heap[at] = heap[above]
      at = above
    }
    heap[at] = entry
  }

  function pop(): Booked {
    const first = heap[0]
    const last = heap.pop()!
    if (heap.length === 0) return first
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      if (left >= heap.length) break
      const right = left + 1
      const below = right < heap.length && isBefore(heap[right], heap[left]) ? right : left
      if (!isBefore(heap[below], last)) break
      heap[at] = heap[below]
      at = below
    }
    heap[at] = last
    return first
  }

  return {
    get nowMs() {
      return nowMs
    },
    after(delayMs, happen) {
      const entry: Booked = { atMs: nowMs + Math.max(0, delayMs), order: booked++, happen }
      push(entry)
      return {
        cancel() {
          entry.happen = null
        },
      }
    },
    async run(isOver, untilMs = Number.POSITIVE_INFINITY) {
      while (heap.length > 0 && !isOver()) {
        if (heap[0].atMs > untilMs) break
        const { atMs, happen } = pop()
        if (!happen) continue
        nowMs = atMs
        const pending = happen()
        if (pending) await pending
      }
      if (untilMs < Number.POSITIVE_INFINITY) nowMs = Math.max(nowMs, Math.min(untilMs, nowMs))
    },
  }
}
