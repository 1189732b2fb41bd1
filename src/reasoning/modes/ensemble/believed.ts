/**
 * What each member of an ensemble has made of the text so far, and how much it is believed for that. A member tells what it
 * thinks comes next, and of tokens that were said without asking it, how likely it had found them; so the weights take in every
 * token, whenever the news of it comes. Pure: a run can be repeated from what was answered.
 */

import { ln } from '../../../lib/portable'
import { logProbabilityIn, type Masses } from '../../../model/masses'
import {
  afterToken,
  evenWeights,
  type LogWeights,
  mixtureLog,
  normalised,
  overResponders,
  shared,
  usualShare,
} from '../../core/laws/posterior'

/** Nobody is out for good. */
const least = 1e-6

export interface Belief {
  /**
   * A member thinks this of the token at `at`; and found the tokens before it, back to where it had read, so likely. What it says
   * of tokens that the weights have taken in without it is made up for.
   */
  heard(member: number, at: number, masses: Masses, likelihoods: readonly number[]): void
  /** The weights for the token that follows a text, over those that said something about it. */
  weights(text: readonly number[]): LogWeights
  /** So much of what a text has taught is doubted: that share of all weight is handed out evenly, once. */
  doubt(text: readonly number[], share: number): void
  /** What members think of the token that follows a text of this length; null of those that have said nothing. */
  opinions(length: number): readonly (Masses | null)[]
  /** A text's tokens from `length` on were never said. */
  trim(length: number): void
}

/** @param prior how much each counts at the beginning: a weight each, none below 0; even where it is null, or not one for each */
export function beliefIn(
  members: number,
  vocabulary: number,
  prior: readonly number[] | null = null,
  share = usualShare,
): Belief {
  const atFirst =
    prior?.length === members
      ? normalised(prior.map((weight) => ln(Math.max(weight, least))))
      : evenWeights(members)
  /** By member and place in the text: ln p of the token there, as it was told. */
  const told = Array.from({ length: members }, () => new Map<number, number>())
  /** By member and place: what it thought would come there. */
  const thought = Array.from({ length: members }, () => new Map<number, Masses>())
  /** By member and place: what it was taken to have said of a token on which it had not been heard, what the mixture said. */
  const credited = Array.from({ length: members }, () => new Map<number, number>())
  let weights = atFirst
  /** Tokens that the weights have taken in. */
  let taken = 0

  const likelihood = (member: number, at: number, token: number): number | undefined => {
    const masses = thought[member].get(at)
    return told[member].get(at) ?? (masses && logProbabilityIn(masses, vocabulary, token))
  }
  const forgetTaken = (): void => {
    for (const places of [...told, ...thought])
      for (const at of places.keys()) if (at < taken) places.delete(at)
  }
  /** A member says late how likely it had found a token. */
  const makeUpFor = (member: number, at: number, log: number): void => {
    const credit = credited[member].get(at)
    credited[member].delete(at)
    if (credit === undefined) return
    weights = normalised(weights.map((weight, index) => (index === member ? weight + log - credit : weight)))
  }

  /** Up to the end of a text. */
  function takeIn(text: readonly number[]): LogWeights {
    for (; taken < text.length; taken++) {
      const logs = weights.map((_, member) => likelihood(member, taken, text[taken]))
      const answered = logs.map((log) => log !== undefined)
      if (!answered.includes(true)) continue
      const heard = logs.map((log) => log ?? Number.NEGATIVE_INFINITY)
      const mixed = mixtureLog(overResponders(weights, answered), heard)
      for (const [member, isHeard] of answered.entries()) if (!isHeard) credited[member].set(taken, mixed)
      weights = afterToken(
        weights,
        logs.map((log) => log ?? mixed),
        share,
      )
    }
    forgetTaken()
    return weights
  }

  return {
    heard(member, at, masses, likelihoods) {
      for (const [index, log] of likelihoods.entries()) {
        const place = at - likelihoods.length + index
        if (place < taken) makeUpFor(member, place, log)
        else told[member].set(place, log)
      }
      thought[member].set(at, masses)
    },
    weights: takeIn,
    doubt(text, share) {
      weights = shared(takeIn(text), share)
    },
    opinions: (length) => thought.map((places) => places.get(length) ?? null),
    trim(length) {
      if (length >= taken) return
      weights = atFirst
      taken = 0
      for (const places of [...told, ...thought, ...credited]) places.clear()
    },
  }
}
