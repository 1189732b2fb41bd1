/**
 * The accountant: what a run of noisy releases has told about whoever is protected, as (epsilon, delta). It adds up Rényi
 * divergences, one number per order, because those simply add where epsilons do not, and turns the sum into an epsilon at
 * the end. It knows the noise and how it was drawn, and nothing of models or texts; that what was clipped was clipped, and that the
 * noise was there, is for others to see to.
 *
 * A release is a sum in which whoever is protected moves a vector of length 1 at most (in units of the clip), under Gaussian
 * noise of the standard deviation `noise`. With `rate` below 1 whoever is protected takes part with that probability, by a coin of
 * its own that nobody else sees (Poisson sampling). A cohort of a fixed size is no such thing, nor is one that somebody can watch:
 * those count with rate 1. Where another would stand in the place of whoever is left out, the sum moves by 2: half the noise.
 *
 * Sources: Mironov, arXiv 1702.07476; Mironov, Talwar, Zhang, arXiv 1908.10530 (integer orders under sampling); Canonne, Kamath,
 * Steinke, arXiv 2004.00010 (from orders to epsilon). Fractional orders could only lower epsilon, so what is said here is an
 * upper bound.
 */

/** Orders of the Rényi divergence. */
const orders: readonly number[] = Array.from({ length: 62 }, (_, at) => at + 2)

/** Rényi divergence at each of the orders, so far. */
export type Spent = readonly number[] // [orders]

export interface Release {
  /** Standard deviation of the noise, in clips; 0: none, and epsilon is infinite. */
  readonly noise: number
  /** Probability of taking part; 1: always, or somebody can see who does. */
  readonly rate: number
}

export const nothingSpent: Spent = orders.map(() => 0)
export const orderCount = orders.length

/** What one release tells. */
export function spentBy({ noise, rate }: Release): Spent {
  if (rate === 0) return nothingSpent
  if (noise === 0) return orders.map(() => Number.POSITIVE_INFINITY)
  if (rate === 1) return orders.map((order) => order / (2 * noise ** 2))
  return orders.map((order) => sampledDivergence(order, noise, rate))
}

/** Both, one after the other: each may depend on what the one before has told. */
export const together = (one: Spent, other: Spent): Spent =>
  one.map((divergence, at) => divergence + other[at])

/** The same release so many times. */
export const repeated = (spent: Spent, count: number): Spent =>
  count === 0 ? nothingSpent : spent.map((divergence) => count * divergence)

/**
 * The same Gaussian releases, always taken part in, where another stands in the place of whoever is left out: the sum moves twice as
 * far, and a divergence grows with the square. It does not hold of sampled ones.
 */
export const ifReplaced = (spent: Spent): Spent => spent.map((divergence) => 4 * divergence)

/** The smallest epsilon that holds at this delta; 0 where nothing was released, infinite where there was no noise. */
export const epsilonOf = (spent: Spent, delta: number): number => {
  if (spent.every((divergence) => divergence === 0)) return 0
  return Math.max(0, Math.min(...spent.map((divergence, at) => divergence + surcharge(orders[at], delta))))
}

/** How many more such releases a budget allows; infinite where they tell nothing. */
export function releasesWithin(budget: number, delta: number, before: Spent, each: Spent): number {
  if (each.every((divergence) => divergence === 0)) return Number.POSITIVE_INFINITY
  const allowed = orders.map((order, at) => {
    const left = budget - surcharge(order, delta) - before[at]
    // A hair of the budget may be lost to rounding, never won.
    return left < 0 ? 0 : Math.floor((left / each[at]) * (1 - 1e-12))
  })
  return Math.max(...allowed)
}

const mostNoise = 1e4

/** The least noise with which so many releases stay within a budget, and rounding with them; null: no noise would do. */
export function noiseWithin(budget: number, delta: number, rate: number, releases: number): number | null {
  const isWithin = (noise: number) =>
    epsilonOf(repeated(spentBy({ noise, rate }), releases), delta) <= budget * (1 - 1e-9)
  if (!isWithin(mostNoise)) return null
  let [low, high] = [0, mostNoise]
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2
    if (isWithin(middle)) high = middle
    else low = middle
  }
  return high
}

/** What turning a divergence of this order into an epsilon costs. */
const surcharge = (order: number, delta: number): number =>
  Math.log((order - 1) / order) - (Math.log(delta) + Math.log(order)) / (order - 1)

/** log Σⱼ C(a, j) (1 - q)^(a - j) q^j exp((j² - j) / 2z²), over a - 1. */
function sampledDivergence(order: number, noise: number, rate: number): number {
  const terms = Array.from(
    { length: order + 1 },
    (_, j) =>
      logBinomial(order, j) +
      (order - j) * Math.log1p(-rate) +
      j * Math.log(rate) +
      (j * j - j) / (2 * noise ** 2),
  )
  const largest = Math.max(...terms)
  const sum = terms.reduce((total, term) => total + Math.exp(term - largest), 0)
  return (largest + Math.log(sum)) / (order - 1)
}

const logFactorials = [0]
for (let n = 1; n <= orders[orders.length - 1]; n++) logFactorials.push(logFactorials[n - 1] + Math.log(n))
const logBinomial = (n: number, k: number): number =>
  logFactorials[n] - logFactorials[k] - logFactorials[n - k]
