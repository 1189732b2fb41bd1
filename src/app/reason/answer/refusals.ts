/** Guesses that were refused, by the place of the token that was said instead of them. */
import type { Judged } from '../../../node/reasoning/view/view'

export function refusalsIn(judged: readonly Judged[]): ReadonlyMap<number, string> {
  return new Map(
    judged.flatMap(({ after, accepted, refused }) =>
      refused === null ? [] : [[after + accepted, refused] as const],
    ),
  )
}
