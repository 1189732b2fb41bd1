/**
 * Who has the machine: training, which takes it step by step for minutes, or a text that somebody waits for. While a text is
 * being made training pauses, also between two tokens that come over a network; a while after the last of them it goes on. Texts
 * that follow each other without end, for whoever asks for them, do not keep it from training: then the two take turns.
 */
import { sleep } from '../lib/async'

/** A stage of a pipeline waits about so long for its next token on a slow link. */
const restMs = 250
/** No answer takes much longer. */
const longestPauseMs = 5000
const lookEveryMs = 10

export interface Turns {
  /** Work that goes before training. */
  during<Result>(work: () => Promise<Result>): Promise<Result>
  /** Resolves when no text is being made, or when texts have been made for long. */
  free(): Promise<void>
}

export function turnsOf(): Turns {
  let working = 0
  let lastAtMs = Number.NEGATIVE_INFINITY
  /** Since then texts have followed each other without a pause. */
  let sinceMs = 0
  const isBusy = () => working > 0 || performance.now() - lastAtMs < restMs
  return {
    async during(work) {
      if (!isBusy()) sinceMs = performance.now()
      working++
      try {
        return await work()
      } finally {
        working--
        lastAtMs = performance.now()
      }
    },
    async free() {
      const askedAtMs = performance.now()
      const isOwed = () => {
        const nowMs = performance.now()
        return nowMs - sinceMs > longestPauseMs && nowMs - askedAtMs >= restMs
      }
      while (isBusy() && !isOwed()) await sleep(lookEveryMs)
    },
  }
}
