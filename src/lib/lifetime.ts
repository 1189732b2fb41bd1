/**
 * Answers of something that may end before it answers: a worker that dies, a graphics card that is taken away. It is not
 * `Promise.race([answer, end])`: an end that never comes would keep every answer that was ever raced against it, and with
 * each answer its bytes, for as long as the page is open.
 */
export interface Lifetime {
  /** The answer, or a rejection with why it ended, whichever comes first. */
  within<Answer>(answer: Promise<Answer>): Promise<Answer>
  /** Whoever waits, now or later, is told so. Only the first reason counts. */
  end(reason: Error): void
}

export function lifetime(): Lifetime {
  const waiting = new Set<(reason: Error) => void>()
  let ended: Error | null = null
  return {
    within: (answer) =>
      new Promise((resolve, reject) => {
        if (ended) reject(ended)
        else waiting.add(reject)
        answer.then(resolve, reject).finally(() => waiting.delete(reject))
      }),
    end(reason) {
      if (ended) return
      ended = reason
      for (const reject of waiting) reject(reason)
      waiting.clear()
    },
  }
}
