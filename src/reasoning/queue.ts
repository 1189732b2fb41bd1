/**
 * How long a further question to this tab would wait because of others': the share of the last two seconds in which it worked for
 * them, times how long each of theirs took, waiting included. Somebody who thinks of asking is told that without its own
 * questions, since those are no reason to ask elsewhere.
 */
const windowMs = 2000
const mostKept = 1000

export interface Queue {
  /** A question of that tab has come. What is returned is to be called when it is answered. */
  arrived(from: string): () => void
  /** @param besides whose questions do not count */
  waitMs(besides: string): number
}

interface Question {
  readonly from: string
  readonly beganAtMs: number
  /** Null while it is worked on. */
  endedAtMs: number | null
}

export function openQueue(nowMs: () => number): Queue {
  let kept: Question[] = []

  return {
    arrived(from) {
      const now = nowMs()
      kept = kept.filter(({ endedAtMs }) => endedAtMs === null || endedAtMs > now - windowMs).slice(-mostKept)
      const question: Question = { from, beganAtMs: now, endedAtMs: null }
      kept.push(question)
      return () => {
        question.endedAtMs = nowMs()
      }
    },
    waitMs(besides) {
      const now = nowMs()
      const since = now - windowMs
      const spans = kept
        .filter(({ from, endedAtMs }) => from !== besides && (endedAtMs === null || endedAtMs > since))
        .map(({ beganAtMs, endedAtMs }) => ({ from: beganAtMs, to: endedAtMs ?? now }))
        .toSorted((one, other) => one.from - other.from)
      if (spans.length === 0) return 0
      const meanMs = spans.reduce((sum, { from, to }) => sum + to - from, 0) / spans.length
      let [busyMs, reached] = [0, since]
      for (const { from, to } of spans) {
        busyMs += Math.max(0, to - Math.max(from, reached))
        reached = Math.max(reached, to)
      }
      return Math.round((meanMs * busyMs) / windowMs)
    },
  }
}
