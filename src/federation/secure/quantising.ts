/**
 * The common grid on which vectors are summed under masks: masks hide integers modulo 2^32, so every device must round its
 * numbers to the same integers before it hides them. A number between -range and range becomes one of `levels` steps, drawn
 * so that its mean is the number itself (stochastic rounding, as in QSGD, Alistarh et al., arXiv 1610.02132); what lies
 * outside is clipped. A device sends its integer weight w and then w times each step, so that the sum tells the weighted mean
 *
 *   mean = (Σ w q / Σ w) 2 range / (levels - 1) - range
 *
 * and nothing else. No sum may overflow: Σ w (levels - 1) < 2^32, where Σ w is over all that may send (Bonawitz et al., 2017,
 * with weights). It is no compression: a step takes as many bytes as the float32 in whose place it stands.
 */

/** The points that all devices of a round round to. */
export interface Grid {
  /** From -range to range. */
  readonly range: number
  readonly levels: number
}

/** Weights of a round as integers; the largest has this. Larger ones would leave fewer levels. */
export const largestWeight = 64
/** More are finer than a float32 between a half and one. */
const mostLevels = 2 ** 24
const modulus = 2 ** 32

/** Claims of examples as integers from 1, in proportion as far as integers go. Who has none has no weight. */
export function integerWeights(examples: readonly number[]): number[] {
  const most = examples.reduce((largest, count) => Math.max(largest, count), 0)
  return examples.map((count) => (count > 0 ? Math.max(1, Math.round((largestWeight * count) / most)) : 0))
}

/** As fine as it can be without a sum that overflows. @param totalWeight of all that may send, at least 1 */
export const gridOf = (range: number, totalWeight: number): Grid => ({
  range,
  levels: Math.min(mostLevels, Math.floor((modulus - 1) / totalWeight) + 1),
})

/**
 * What a device sends, before it is masked: [weight, weight times each step].
 * @param draws chance for the rounding: as many uniform 32-bit words as there are numbers
 * @throws RangeError where a number is not finite: no grid has a place for it
 */
export function quantised(
  vector: ArrayLike<number>,
  weight: number,
  { range, levels }: Grid,
  draws: Uint32Array,
): Uint32Array {
  const words = new Uint32Array(vector.length + 1) // [weight, ...steps]
  words[0] = weight
  const stepsPerUnit = (levels - 1) / (2 * range)
  for (let at = 0; at < vector.length; at++) {
    if (!Number.isFinite(vector[at])) throw new RangeError('A change holds numbers that are not finite.')
    const clipped = Math.min(range, Math.max(-range, vector[at]))
    const place = (clipped + range) * stepsPerUnit
    const below = Math.floor(place)
    const step = below + (draws[at] / modulus < place - below ? 1 : 0)
    words[at + 1] = weight * Math.min(step, levels - 1)
  }
  return words
}

/** The weighted mean that a sum of such vectors tells. @param sum at least one device's, so that its weight is not 0 */
export function meanOf(sum: Uint32Array, { range, levels }: Grid): Float64Array {
  const weight = sum[0]
  const unit = (2 * range) / (levels - 1)
  return Float64Array.from(sum.subarray(1), (steps) => (steps / weight) * unit - range)
}

/** a + b modulo 2^32, in place of a. */
export function add(a: Uint32Array, b: Uint32Array): void {
  for (let at = 0; at < a.length; at++) a[at] += b[at]
}

/** Usual range before anything is known of a run; changes of LoRA factors in a round are far smaller. */
const firstRange = 1
const leastRange = 2 ** -10
/** Single changes are larger than their mean; what is clipped nevertheless lets the range grow again. */
const timesMean = 16

/** The range of the next round: from the largest number of the last mean, null before the first. */
export const nextRange = (largestOfMean: number | null): number =>
  largestOfMean === null ? firstRange : Math.min(firstRange, Math.max(leastRange, timesMean * largestOfMean))
