/**
 * What one device may count for. How many examples it trained on is its own claim, and how far it moved the model is its
 * own doing; neither may decide a merge. A claim counts at most the median of all claims, so that one liar among four
 * equals weighs a quarter, and a change longer than twice the median change is shortened to that (norm bounding, Sun et
 * al., arXiv 1911.07963). Nobody is excluded for a length: a short change stays as it is, and a pair of tiny updates cannot
 * expel an honest one. A change is as long as it moves the model; where factors are averaged, the same model in another basis
 * (B G, G⁻¹ A) would still spoil their mean, so there the factors' own length is bounded as well. Robust rules (robust/), which
 * doubt directions too, are another matter.
 */
import { changeOf, normOf } from './algebra/models'
import { productOf } from './robust/points'
import type { LoraUpdate } from './types'

const mostTimesMedianNorm = 2
const largestFloat32 = (2 - 2 ** -23) * 2 ** 127

/** What a claim counts for, with those for whom it speaks: an edge claims for the devices behind it. */
export interface Claim {
  readonly examples: number
  /** What each device behind it has said itself; empty: it speaks for itself. */
  readonly behind: readonly number[]
}

/**
 * Each claim as it counts. The median is the lower one of an even number, because the upper one could be the liar's; an
 * edge counts at most what its devices count for.
 */
export function countedExamples(claims: readonly Claim[]): number[] {
  const single = claims.flatMap(({ examples, behind }) => (behind.length > 0 ? behind : [examples]))
  const most = lowerMedian(single.filter((examples) => examples > 0))
  const counted = (examples: number) => Math.min(examples, most)
  return claims.map(({ examples, behind }) =>
    behind.length > 0
      ? Math.min(
          examples,
          behind.reduce((sum, own) => sum + counted(own), 0),
        )
      : counted(examples),
  )
}

/** Whether a change of this length can be written down at all: factors travel as float32. */
export const isWritable = (norm: number): boolean => norm <= largestFloat32

/** How long a change may be, given all of a merge; infinite where at least half of them did not move at all. */
export function longestChange(norms: readonly number[]): number {
  const usual = median(norms)
  return usual > 0 ? mostTimesMedianNorm * usual : Number.POSITIVE_INFINITY
}

/**
 * The same update where it changes the model by `most` at most, else shortened to that.
 * @param norm of its whole change, finite
 */
export const shortened = (update: LoraUpdate, norm: number, most: number): LoraUpdate =>
  norm <= most ? update : ofLength(update, norm, most)

/**
 * The same update, made shorter or longer until the model changes by `wanted` (‖W(end) - W(start)‖ over all layers). The change
 * is no multiple of the factors' difference d: B A becomes (B + s dB)(A + s dA), whose square is a polynomial
 * a s² + 2 b s³ + c s⁴ that three values determine. One that changes nothing has no direction and stays.
 * @param norm of its whole change, finite
 */
export function ofLength(update: LoraUpdate, norm: number, wanted: number): LoraUpdate {
  if (norm === wanted || norm === 0) return update
  const squareAt = (s: number) => normOf(changeOf(scaled(update, s))) ** 2
  const [one, minusOne, two] = [norm ** 2, squareAt(-1), squareAt(2)]
  const b = (one - minusOne) / 4
  const sum = (one + minusOne) / 2 // a + c
  const c = (two - 16 * b - 4 * sum) / 12
  const a = sum - c
  const isShort = (s: number) => a * s ** 2 + 2 * b * s ** 3 + c * s ** 4 <= wanted ** 2
  let [low, high] = [0, 1]
  for (let doubling = 0; doubling < mostDoublings && isShort(high); doubling++) high *= 2
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2
    if (isShort(middle)) low = middle
    else high = middle
  }
  return scaled(update, low)
}

/** A thousand times as far as the device itself went, what comes out says nothing of where it wanted to go. */
const mostDoublings = 10

/**
 * The norm bound of a merge: every update as it counts.
 * @param averagesFactors their length is bounded, too
 */
export function bounded(
  measured: readonly { readonly update: LoraUpdate; readonly norm: number }[],
  averagesFactors: boolean,
): readonly LoraUpdate[] {
  const most = longestChange(measured.map(({ norm }) => norm))
  const short = measured.map(({ update, norm }) => shortened(update, norm, most))
  if (!averagesFactors) return short
  const lengths = short.map(({ delta }) => Math.sqrt(productOf(delta, delta)))
  const longest = longestChange(lengths)
  return short.map((update, at) => (lengths[at] > longest ? scaled(update, longest / lengths[at]) : update))
}

const scaled = (update: LoraUpdate, s: number): LoraUpdate => ({
  ...update,
  delta: new Map(
    [...update.delta].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value) => s * value) },
    ]),
  ),
})

/** 0 of an empty list. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return 0
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

const lowerMedian = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0
