/**
 * What a tab has learned about another's answers: how long one takes, and how much that varies, as moving averages. From them
 * follows how long to wait before the other counts as lost: as TCP sets its timer for a packet (Jacobson 1988), a mean and four
 * deviations. Too short a wait costs a replay and no more, since whoever answers late is not listened to.
 */

export interface Rate {
  /** Milliseconds for one row; null before the first answer. */
  readonly meanMs: number | null
  readonly deviationMs: number
}

export const unknownRate: Rate = { meanMs: null, deviationMs: 0 }

const [meanShare, deviationShare] = [1 / 8, 1 / 4]

/** After one more answer that took so long. */
export function heardAfter({ meanMs, deviationMs }: Rate, milliseconds: number): Rate {
  if (meanMs === null) return { meanMs: milliseconds, deviationMs: milliseconds / 2 }
  const error = Math.abs(milliseconds - meanMs)
  return {
    meanMs: meanMs + meanShare * (milliseconds - meanMs),
    deviationMs: deviationMs + deviationShare * (error - deviationMs),
  }
}

/** Whoever hangs is missed after so long at the latest, when it was asked for one token. */
const [shortestMs, longestMs] = [250, 3000]
/** Nobody knows yet how fast an answer is; it may also have to load a part of the model first. */
const firstMs = 3000
/** A further row of a prompt is cheaper than the first. */
const perFurtherRowMs = 60

/** How long to wait for an answer to so many rows. */
export function patienceMs({ meanMs, deviationMs }: Rate, rows: number): number {
  const one = meanMs === null ? firstMs : 4 * meanMs + 4 * deviationMs
  return Math.min(longestMs, Math.max(shortestMs, one)) + (rows - 1) * perFurtherRowMs
}
