/**
 * When to stop waiting for an ensemble. All are asked at once; once enough have answered, the others get a moment more and are
 * then left out of this token (hivemind's rule). A straggler's answer is not lost: it counts when it comes.
 */
import type { Clock } from '../../../network/time/clock'

export interface Collection {
  /** So many answers are enough. */
  readonly enough: number
  /** So long the others have from then on. */
  readonly graceMs: number
}

/** Resolves when all have settled, or a grace after enough have answered. Rejections count as settled, not as answers. */
export function collected(
  answers: readonly Promise<unknown>[],
  { enough, graceMs }: Collection,
  clock: Clock,
): Promise<void> {
  return new Promise((resolve) => {
    let settled = 0
    let answered = 0
    let cancel = () => {}
    const done = () => {
      cancel()
      resolve()
    }
    if (answers.length === 0) done()
    for (const answer of answers) {
      answer
        .then(
          () => {
            answered++
            if (answered === enough) cancel = clock.after(graceMs, resolve)
          },
          () => {},
        )
        .finally(() => {
          settled++
          if (settled === answers.length) done()
        })
    }
  })
}
