/**
 * From logits to a token. Temperature 0 takes the largest logit. Otherwise Gumbel noise is added to logits / temperature
 * and the largest sum wins, which draws from the softmax (Gumbel-max). The noise is a function of seed, position and token
 * alone, so the same model gives the same text anywhere. Ties go to the lowest id. `topK` and `topP` leave out the unlikely
 * tokens first; since noise belongs to tokens, what they do not touch does not change.
 *
 * `Math.log` may differ between JavaScript engines in the last bit; `ln` below uses + - × ÷ only and does not.
 */
import { philox } from './philox'

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

export function chooseToken(logits: Float32Array, draw: Draw): number {
  const { temperature, seed, position } = draw
  if (temperature === 0) return argMax(logits)
  const least = threshold(logits, draw)
  const scores = new Float64Array(logits.length).fill(Number.NEGATIVE_INFINITY)
  for (let token = 0; token < logits.length; token += 4) {
    const words = philox([position, token >>> 2, 0, 0], [seed >>> 0, 0])
    for (let lane = 0; lane < 4 && token + lane < logits.length; lane++)
      if (logits[token + lane] >= least)
        scores[token + lane] = logits[token + lane] / temperature + gumbel(words[lane])
  }
  return argMax(scores)
}

/** The smallest logit that may be drawn. Tokens that tie with it may be drawn too. */
function threshold(logits: Float32Array, { temperature, topK = 0, topP = 1 }: Draw): number {
  if (topK <= 0 && topP >= 1) return Number.NEGATIVE_INFINITY
  const sorted = logits.slice().sort().reverse()
  const kept = topK > 0 ? Math.min(topK, sorted.length) : sorted.length
  if (topP >= 1) return sorted[kept - 1]
  const weights = Array.from(sorted.subarray(0, kept), (logit) => Math.exp((logit - sorted[0]) / temperature))
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

/** -ln(-ln u) with u = (word + 1/2) / 2^32, strictly between 0 and 1. */
export const gumbel = (word: number): number => -ln(-ln((word + 0.5) / 2 ** 32))

/** Natural logarithm of a positive, normal number. x = m 2^e with m near 1; ln m = 2 artanh((m - 1) / (m + 1)). */
export function ln(x: number): number {
  const exponent = exponentOf(x)
  let [mantissa, power] = [x / 2 ** exponent, exponent] // mantissa in [1, 2)
  if (mantissa > Math.SQRT2) {
    mantissa /= 2
    power += 1
  }
  const ratio = (mantissa - 1) / (mantissa + 1)
  const square = ratio * ratio
  let series = 0
  for (let odd = 25; odd >= 1; odd -= 2) series = series * square + 1 / odd
  return 2 * ratio * series + power * Math.LN2
}

const view = new DataView(new ArrayBuffer(8))

/** The binary exponent that a double stores. */
function exponentOf(x: number): number {
  view.setFloat64(0, x)
  return ((view.getUint32(0) >>> 20) & 0x7ff) - 1023
}
