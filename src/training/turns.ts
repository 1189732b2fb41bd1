/**
 * Who has the machine: training, which takes it step by step for minutes, or a text that somebody waits for. While a text is
 * being made training pauses, also between two tokens that come over a network; a while after the last of them it goes on.
 */
import { sleep } from '../lib/async'

/** A stage of a pipeline waits about so long for its next token on a slow link. */
const restMs = 250
const lookEveryMs = 10

export interface Turns {
  /** Work that goes before training. */
  during<Result>(work: () => Promise<Result>): Promise<Result>
  /** Resolves when no text is being made. */
  free(): Promise<void>
}

export function turnsOf(): Turns {
  let working = 0
  let lastAtMs = Number.NEGATIVE_INFINITY
  return {
    async during(work) {
      working++
      try {
        return await work()
      } finally {
        working--
        lastAtMs = performance.now()
      }
    },
    async free() {
      while (working > 0 || performance.now() - lastAtMs < restMs) await sleep(lookEveryMs)
    },
  }
}
