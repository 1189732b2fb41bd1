/**
 * From logits to a token. Temperature 0 takes the largest logit. Otherwise Gumbel noise is added to logits / temperature
 * and the largest sum wins, which draws from the softmax (Gumbel-max). The noise is a function of seed, position and token
 * alone, so the same model gives the same text anywhere. Ties go to the lowest id.
 *
 * `Math.log` may differ between JavaScript engines in the last bit; `ln` below uses + - × ÷ only and does not.
 */
import { philox } from './philox'

export interface Draw {
  readonly temperature: number
  readonly seed: number
  /** Of the token being chosen, counted from the start of the text. */
  readonly position: number
}

export function chooseToken(logits: Float32Array, { temperature, seed, position }: Draw): number {
  if (temperature === 0) return argMax(logits)
  const scores = new Float64Array(logits.length)
  for (let token = 0; token < logits.length; token += 4) {
    const words = philox([position, token >>> 2, 0, 0], [seed >>> 0, 0])
    for (let lane = 0; lane < 4 && token + lane < logits.length; lane++)
      scores[token + lane] = logits[token + lane] / temperature + gumbel(words[lane])
  }
  return argMax(scores)
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
