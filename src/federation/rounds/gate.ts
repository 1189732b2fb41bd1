/**
 * The held-out gate: the devices of a merge try it on text of their own that they did not train on, and vote. What more than half of
 * those who answer find worse than the version before is not taken up; that version goes on. It protects what has been reached
 * and finds no liar, so it stands last in a chain, behind rules that do. Liars may vote as they like: fewer than half of them
 * can neither bring a merge down nor carry one. Votes cost each device the whole adapter once more and two measurements.
 */

/** A device's loss on its own text, nats per token, with the version before and with the merge. */
export interface Vote {
  readonly before: number
  readonly after: number
}

/** Losses go up and down a little from round to round where all are honest. */
const tolerance = 0.01

const findsWorse = ({ before, after }: Vote): boolean => after > (1 + tolerance) * before

/**
 * Why a merge is not taken up, as a whole sentence; null: it is. Where fewer than half of those who were asked have answered
 * nobody has decided anything: silence must not hold a room up.
 * @param asked how many were
 */
export function rejection(votes: readonly Vote[], asked: number): string | null {
  const worse = votes.filter(findsWorse).length
  if (2 * votes.length < asked || 2 * worse <= votes.length) return null
  return `${worse} of ${votes.length} devices found the merge worse than the version before, on text of their own. It was not taken up.`
}
