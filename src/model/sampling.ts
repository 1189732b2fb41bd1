/**
 * From logits to a token. Temperature 0 takes the largest logit. Otherwise Gumbel noise is added to logits / temperature
 * and the largest sum wins, which draws from the softmax (Gumbel-max). The noise is a function of seed, position and token
 * alone, so the same model gives the same text anywhere, and two tabs that share a seed make the same choice without talking
 * about it. Ties go to the lowest id. `topK` and `topP` leave out the unlikely tokens first; since noise belongs to tokens,
 * what they do not touch does not change.
 *
 * Source: coupled Gumbel noise as in Daliri et al., drafter-invariant speculative decoding, arXiv 2408.07978.
 */
import { gumbel } from '../lib/gumbel'
import { philox, type Words } from '../lib/philox'
import { exp } from '../lib/portable'

export interface Draw {
  readonly temperature: number
  readonly seed: number
  /** Of the token being chosen, counted from the start of the text. */
  readonly position: number
  /** Only the so many most likely tokens; absent or 0: all. */
  readonly topK?: number
  /** Only the most likely tokens that together reach this probability (nucleus sampling); absent or 1: all. */
  readonly topP?: number
}

/** The draw of one token of a text, and nothing else of what is known of the text: it is handed on for each token. */
export const drawAt = (
  { temperature, seed, topK, topP }: Omit<Draw, 'position'>,
  position: number,
): Draw => ({ temperature, seed, topK, topP, position })

export interface Choice {
  readonly id: number
  /**
   * By how much its score beat the second: what another machine's arithmetic would have to be off by to choose otherwise.
   * In units of logits / temperature (of logits where that is 0).
   */
  readonly gap: number
}

/** Throws a RangeError where the logits are no numbers. */
export function choose(logits: ArrayLike<number>, draw: Draw): Choice {
  const race = raceOf()
  if (draw.temperature === 0) {
    for (let token = 0; token < logits.length; token++) race.enter(token, logits[token])
    return race.result()
  }
  const { temperature, seed, position } = draw
  const least = threshold(logits, draw)
  let words: Words = [0, 0, 0, 0]
  for (let token = 0; token < logits.length; token++) {
    if (token % 4 === 0) words = philox([position, token >>> 2, 0, 0], [seed >>> 0, 0])
    if (logits[token] < least) continue
    const word = words[token % 4]
    const score = logits[token] / temperature
    if (mayReach(word, race.second() - score)) race.enter(token, score + gumbel(word))
  }
  return race.result()
}

/**
 * Whether the noise of a word can be as large as `need`: true where it is, and seldom where it is not. It is if and only if
 * u >= exp(-exp(-need)), which is at least 1 - exp(-need); so two logarithms are spared for nearly all tokens.
 */
const mayReach = (word: number, need: number): boolean =>
  1 - (word + 0.5) / 2 ** 32 <= Math.exp(-need) * (1 + 1e-6)

/** The two best of those that enter. */
function raceOf() {
  let id = -1
  let best = Number.NEGATIVE_INFINITY
  let second = Number.NEGATIVE_INFINITY
  return {
    second: () => second,
    enter(token: number, score: number): void {
      if (score > best || id === -1) [id, best, second] = [token, score, best]
      else if (score > second) second = score
    },
    result(): Choice {
      if (id === -1 || Number.isNaN(best))
        throw new RangeError(
          'The model gave numbers that are none. Ask again; reload this tab if it goes on.',
        )
      return { id, gap: best - second }
    },
  }
}

/** The smallest logit that may be drawn. Tokens that tie with it may be drawn too. */
function threshold(logits: ArrayLike<number>, { temperature, topK = 0, topP = 1 }: Draw): number {
  if (topK <= 0 && topP >= 1) return Number.NEGATIVE_INFINITY
  const sorted = Float64Array.from(logits).sort().reverse()
  const kept = topK > 0 ? Math.min(topK, sorted.length) : sorted.length
  if (topP >= 1) return sorted[kept - 1]
  const weights = Array.from(sorted.subarray(0, kept), (logit) => exp((logit - sorted[0]) / temperature))
  let missing = topP * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [place, weight] of weights.entries()) {
    missing -= weight
    if (missing <= 0) return sorted[place]
  }
  return sorted[kept - 1]
}

/** The place of the largest value; of equal ones the first. */
export function argMax(values: ArrayLike<number>): number {
  let best = 0
  for (let index = 1; index < values.length; index++) if (values[index] > values[best]) best = index
  return best
}
