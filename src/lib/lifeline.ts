/**
 * Calls to a worker that always come to an end. A worker that dies answers nothing any more, and one that is caught in an
 * endless loop cannot say so: here its calls reject when it fails, when it is ended, or when it gives no sign of life for too
 * long. Silence is counted in turns of this thread's own clock, so that a tab that was frozen does not blame its worker.
 */

import { lifetime } from './lifetime'
import { sentence } from './sentence'

export interface Silence {
  /** So long without an answer or a sign of life. */
  readonly forMs: number
  readonly problem: () => Error
}

export interface Lifeline {
  /** `alive` is to be called with every sign of life. After too much silence the worker is ended. */
  call<Result>(work: (alive: () => void) => Promise<Result>, silence?: Silence): Promise<Result>
  /** Ends the worker; calls that are under way reject with `why`. */
  end(why: Error): void
}

/** The part of a `Worker` that is needed here. */
export interface Mortal {
  addEventListener(type: 'error', listener: (event: { readonly message?: string }) => void): void
  terminate(): void
}

const turnMs = 1000

/** `failed` begins the sentence about a worker that died: "The compute worker failed". */
export function lifeline(worker: Mortal, failed: string): Lifeline {
  const life = lifetime()
  worker.addEventListener('error', ({ message }) =>
    life.end(new Error(`${sentence(`${failed}: ${message || 'its script did not load'}`)} Reload the page.`)),
  )
  const end = (why: Error): void => {
    life.end(why)
    worker.terminate()
  }

  return {
    end,
    async call(work, silence) {
      let silentTurns = 0
      const alive = () => {
        silentTurns = 0
      }
      const turn =
        silence &&
        setInterval(() => {
          silentTurns++
          if (silentTurns * turnMs >= silence.forMs) end(silence.problem())
        }, turnMs)
      try {
        return await life.within(work(alive))
      } finally {
        clearInterval(turn)
      }
    },
  }
}
