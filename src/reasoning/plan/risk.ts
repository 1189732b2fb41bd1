/**
 * How sure a small model must be to be believed without asking the large one. Every choice comes with the gap by which it won;
 * its doubt is exp(-gap), from 0 to 1: at temperature 0 how likely the second token is, as a share of the first. On texts that
 * nobody learned from it is counted how often the large model would have chosen otherwise; the threshold is the largest at which
 * that share is at most a stated risk, with a confidence of 95 % (Clopper and Pearson 1934).
 *
 * Thresholds are tried from the smallest up, and the first that fails ends it, so trying many does not weaken the statement
 * (fixed-sequence testing, as in Angelopoulos et al., Learn then Test, arXiv 2110.01052). It holds for texts like those.
 */

/** One token that both models have chosen. */
export interface Compared {
  /** Of the small model's choice. */
  readonly doubt: number
  readonly isSame: boolean
}

/** Of a choice that won by this gap. */
export const doubtOf = (gap: number): number => Math.exp(-Math.max(0, gap))

export const confidence = 0.95

/** Thresholds are tried in steps: each adds this share of the tokens. */
const steps = 50

export interface Threshold {
  /** Below this doubt a choice is believed; 0: never. */
  readonly doubt: number
  /** Share of the compared tokens above it: what will have to be asked. */
  readonly offload: number
  /** Upper bound of how often a believed choice is not the large model's. */
  readonly risk: number
  readonly compared: number
}

export const neverBelieve: Threshold = { doubt: 0, offload: 1, risk: 0, compared: 0 }

/** The largest threshold whose risk is at most this; `neverBelieve`’s where there is none. */
export function thresholdFor(compared: readonly Compared[], risk: number): Threshold {
  const sorted = [...compared].sort((one, other) => one.doubt - other.doubt)
  let best: Threshold = { ...neverBelieve, compared: sorted.length }
  for (let step = 1; step <= steps; step++) {
    const count = Math.floor((step * sorted.length) / steps)
    // Where even no mistake would prove too little, nothing is tried: that depends on no answer.
    if (count === 0 || upperBound(0, count) > risk) continue
    const different = sorted.slice(0, count).filter(({ isSame }) => !isSame).length
    const bound = upperBound(different, count)
    if (bound > risk) break
    const doubt = count < sorted.length ? sorted[count].doubt : Number.POSITIVE_INFINITY
    best = { doubt, offload: 1 - count / sorted.length, risk: bound, compared: sorted.length }
  }
  return best
}

const bisections = 60

/** Of a share of which `count` of `total` were seen: the one-sided upper limit, exact. */
export function upperBound(count: number, total: number, level = confidence): number {
  if (count >= total) return 1
  let [low, high] = [count / total, 1]
  for (let turn = 0; turn < bisections; turn++) {
    const middle = (low + high) / 2
    if (atMost(count, total, middle) > 1 - level) low = middle
    else high = middle
  }
  return high
}

/** P(X <= count) of a binomial distribution. */
function atMost(count: number, total: number, share: number): number {
  let log = total * Math.log1p(-share)
  let sum = Math.exp(log)
  for (let successes = 1; successes <= count; successes++) {
    log += Math.log((total - successes + 1) / successes) + Math.log(share) - Math.log1p(-share)
    sum += Math.exp(log)
  }
  return sum
}
