/**
 * What a model thinks comes next, in the few bytes that a peer can afford to be told: the probabilities of its likeliest
 * tokens, and what is left for all others together. Shared out evenly among those others, the rest makes it a distribution
 * again, so that every bound that holds for distributions holds for what was sent.
 *
 * Numbers are halves (binary16), because that is what travels: who computes with its own masses computes with the same
 * numbers as everybody else.
 */

import { halfOfBits, halfTable } from '../lib/halfFloat'
import { exp, ln } from '../lib/portable'

export interface Masses {
  /** The likeliest tokens, the likeliest first; of equal ones the lowest id first. */
  readonly ids: readonly number[]
  /** Theirs, at temperature 1, as bits of halves. */
  readonly halves: readonly number[]
  /** Of all others together, as bits of a half. */
  readonly tail: number
}

/** The `top` likeliest tokens of logits [vocabulary]. */
export function massesOf(logits: Float32Array, top: number): Masses {
  const ids = largest(logits, Math.min(top, logits.length))
  const highest = logits[ids[0]]
  let all = 0
  for (let token = 0; token < logits.length; token++) all += exp(logits[token] - highest)
  const shares = ids.map((id) => exp(logits[id] - highest) / all)
  const rest = 1 - shares.reduce((sum, share) => sum + share, 0)
  return {
    ids,
    halves: shares.map(halfOf),
    tail: halfOf(ids.length === logits.length ? 0 : Math.max(0, rest)),
  }
}

/**
 * The distribution [vocabulary] that masses stand for. No token is impossible: where the rest was rounded to nothing, each of
 * the others gets what a half cannot tell from 0.
 */
export function distributionOf({ ids, halves, tail }: Masses, vocabulary: number): Float64Array {
  const others = vocabulary - ids.length
  const each = others > 0 ? Math.max(floatOf(tail), smallestShare) / others : 0
  const distribution = new Float64Array(vocabulary).fill(each)
  for (const [place, id] of ids.entries()) distribution[id] = Math.max(floatOf(halves[place]), smallestShare)
  const sum = distribution.reduce((total, share) => total + share, 0)
  return distribution.map((share) => share / sum)
}

/** ln of one token's probability, without making the whole distribution. */
export function logProbabilityIn(masses: Masses, vocabulary: number, id: number): number {
  const { ids, halves, tail } = masses
  const others = vocabulary - ids.length
  const rest = others > 0 ? Math.max(floatOf(tail), smallestShare) : 0
  const listed = halves.map((half) => Math.max(floatOf(half), smallestShare))
  const sum = listed.reduce((total, share) => total + share, rest)
  const place = ids.indexOf(id)
  return ln((place === -1 ? rest / others : listed[place]) / sum)
}

/** ln p of tokens, each by the masses that stood before it: those of the token before, as a reader of them all gives them. */
export const logProbabilitiesOf = (
  ids: readonly number[],
  before: readonly Masses[],
  vocabulary: number,
): number[] => ids.map((id, index) => logProbabilityIn(before[index], vocabulary, id))

/** Half of the smallest half above 0. */
const smallestShare = 2 ** -25

const bits = new DataView(new ArrayBuffer(4))
function halfOf(share: number): number {
  bits.setFloat32(0, share)
  return halfOfBits(bits.getUint32(0))
}
const floatOf = (half: number): number => halfTable()[half]

/** The ids of the largest numbers, in order. */
function largest(logits: Float32Array, count: number): number[] {
  const isBefore = (a: number, b: number) => logits[a] > logits[b] || (logits[a] === logits[b] && a < b)
  const best: number[] = []
  for (let token = 0; token < logits.length; token++) {
    if (best.length === count && !isBefore(token, best[count - 1])) continue
    let place = best.length
    while (place > 0 && isBefore(token, best[place - 1])) place--
    best.splice(place, 0, token)
    if (best.length > count) best.pop()
  }
  return best
}
