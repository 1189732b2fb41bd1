/**
 * What an attacker makes of a trained model, beside what the accountant claims. The attack is the plainest one: a text whose loss is
 * low has probably been learned from (Yeom et al., arXiv 1709.01604). The area under its curve says how well it tells texts that were
 * trained on from others like them (0.5: not at all). From a threshold's hits and false alarms follows an epsilon that the
 * model cannot be better than, with 95 % confidence (Jagielski, Ullman, Oprea, arXiv 2006.07709; Clopper and Pearson's bounds for
 * both rates). That is a lower bound: a cleverer attack may find more, and no attack proves that there is nothing. It must stay below
 * what the accountant claims; else one of the two is wrong.
 */
import { membershipAuc } from '../analysis/membership'

export interface Audit {
  /** Probability that a member's loss is below a non-member's; ties count half. */
  readonly auc: number
  /** No private training with a smaller epsilon would have shown this; 0: nothing was shown. */
  readonly epsilonAtLeast: number
}

/**
 * @param trained losses of texts that were trained on, @param heldOut of texts like them that were not; neither empty
 * @param delta of the claim that this stands beside
 */
export function audit(trained: readonly number[], heldOut: readonly number[], delta: number): Audit {
  return { auc: membershipAuc(trained, heldOut), epsilonAtLeast: epsilonShown(trained, heldOut, delta) }
}

/** Wrong once in twenty audits. */
const doubt = 0.05

/** One half of the texts chooses the threshold, the other one is counted: a threshold that was found by luck shows nothing. */
function epsilonShown(trained: readonly number[], heldOut: readonly number[], delta: number): number {
  const [choosing, counting] = [0, 1].map((half) => {
    const ofHalf = (losses: readonly number[]) => losses.filter((_, at) => at % 2 === half)
    return { members: ofHalf(trained), others: ofHalf(heldOut) }
  })
  const guesses = [...choosing.members, ...choosing.others].flatMap((threshold): Guess[] => [
    { says: 'trained', isSaidOf: (loss) => loss <= threshold },
    { says: 'not trained', isSaidOf: (loss) => loss >= threshold },
  ])
  const [first, ...rest] = guesses
  if (!first) return 0
  const best = rest.reduce(
    (one, other) => (ratioOf(other, choosing) > ratioOf(one, choosing) ? other : one),
    first,
  )
  const { right, wrong } = countsOf(best, counting)
  return Math.max(0, epsilonOfRates(right, wrong, delta))
}

interface Texts {
  readonly members: readonly number[]
  readonly others: readonly number[]
}

/** What an attacker says of a text whose loss is so. */
interface Guess {
  readonly says: 'trained' | 'not trained'
  isSaidOf(loss: number): boolean
}

function countsOf({ says, isSaidOf }: Guess, { members, others }: Texts) {
  const [ofMembers, ofOthers] = [members, others].map((losses) => ({
    hits: losses.filter(isSaidOf).length,
    of: losses.length,
  }))
  return says === 'trained' ? { right: ofMembers, wrong: ofOthers } : { right: ofOthers, wrong: ofMembers }
}

/** Of hits to false alarms, each with one more of both kinds, so that small counts do not win. */
function ratioOf(guess: Guess, texts: Texts): number {
  const { right, wrong } = countsOf(guess, texts)
  const rate = ({ hits, of }: Count) => (hits + 1) / (of + 2)
  return rate(right) / rate(wrong)
}

interface Count {
  readonly hits: number
  readonly of: number
}

/** Privacy allows no more hits than e^epsilon times the false alarms, and delta. */
function epsilonOfRates(right: Count, wrong: Count, delta: number): number {
  const leastRight = leastRate(right, doubt / 2)
  const mostWrong = 1 - leastRate({ ...wrong, hits: wrong.of - wrong.hits }, doubt / 2)
  return leastRight > delta ? Math.log((leastRight - delta) / mostWrong) : 0
}

/** The smallest probability under which so many hits, or more, are not rarer than `chance` (Clopper and Pearson). */
function leastRate({ hits, of }: Count, chance: number): number {
  let [low, high] = [0, 1]
  for (let halving = 0; halving < 50; halving++) {
    const middle = (low + high) / 2
    if (atLeast(hits, of, middle) < chance) low = middle
    else high = middle
  }
  return low
}

/** Probability of at least so many hits. */
function atLeast(hits: number, of: number, rate: number): number {
  if (hits === 0) return 1
  let [sum, logTerm] = [0, of * Math.log1p(-rate)]
  for (let k = 0; k <= of; k++) {
    if (k >= hits) sum += Math.exp(logTerm)
    logTerm += Math.log((of - k) / (k + 1)) + Math.log(rate) - Math.log1p(-rate)
  }
  return sum
}
