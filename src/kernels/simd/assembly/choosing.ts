/** A token chosen where its logits are: the words of lib/philox.ts, their noise in 32 bits, and the best of all sums. */
import { at } from './vector'

/** As in kernels/choosing/doubt.ts. */
const oddBits: u32 = 0x5f800000
const odd: f32 = 1.2676506002282294e30 // 2^100
const lowest: f32 = -3e38

/** ln 2, a little more: the noise of a word is at most so many times the leading zeros of its complement, and once more. */
const octave: f32 = 0.69315

/**
 * Of each row of logits the largest of logits · factor + noise, of equals the first. draws[r]: seed, position, the bits of the
 * factor (0: the largest logit alone), the row's place in the trail. ids[r] is the token; trail[place]: the token, its lead over the
 * second, and the size of the largest product (2^100 where a logit is 2^64, larger, or no number).
 */
export function chooseToken(
  logits: usize, stride: i32, draws: usize, trail: usize, ids: usize, rows: i32, vocabulary: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const draw = at(draws, 4 * row)
    const isGreedy = load<i32>(at(draw, 2)) == 0
    const factor: f32 = isGreedy ? <f32>1 : load<f32>(at(draw, 2))
    let token = 0
    let best = lowest
    let second = lowest
    let largest: f32 = 0
    for (let first = 0; first < vocabulary; first += 4) {
      if (!isGreedy) philox(load<u32>(at(draw, 1)), first >> 2, load<u32>(draw))
      const end = min(first + 4, vocabulary)
      for (let id = first; id < end; id++) {
        const logit = at(logits, row * stride + id)
        const isOdd = (load<u32>(logit) & 0x7fffffff) >= oddBits
        let score: f32 = isOdd ? <f32>0 : factor * load<f32>(logit)
        largest = max(largest, isOdd ? odd : abs(score))
        if (!isGreedy) {
          const word = id == first ? word0 : id == first + 1 ? word1 : id == first + 2 ? word2 : word3
          if (score + octave * <f32>(<i32>clz(~word) + 1) < second) continue
          score += gumbel(word)
        }
        if (score > best) {
          second = best
          best = score
          token = id
        } else if (score > second) second = score
      }
    }
    const place = at(trail, 3 * load<i32>(at(draw, 3)))
    store<f32>(place, <f32>token)
    store<f32>(at(place, 1), best - second)
    store<f32>(at(place, 2), largest)
    store<i32>(at(ids, row), token)
  }
}

let word0: u32 = 0
let word1: u32 = 0
let word2: u32 = 0
let word3: u32 = 0

/** Leaves the four words of (position, block) under a seed. */
function philox(position: u32, block: u32, seed: u32): void {
  let a = position, b = block, c: u32 = 0, d: u32 = 0
  let key0 = seed, key1: u32 = 0
  for (let round = 0; round < 10; round++) {
    const one = <u64>0xd2511f53 * <u64>a
    const two = <u64>0xcd9e8d57 * <u64>c
    a = <u32>(two >> 32) ^ b ^ key0
    b = <u32>two
    c = <u32>(one >> 32) ^ d ^ key1
    d = <u32>one
    key0 += 0x9e3779b9
    key1 += 0xbb67ae85
  }
  word0 = a
  word1 = b
  word2 = c
  word3 = d
}

/** As in kernels/choosing/noise.ts. */
function gumbel(word: u32): f32 {
  const scale: f32 = 2.3283064365386963e-10 // 2^-32
  if (word < 0xc0000000) return -logarithm(-logarithm((<f32>word + 0.5) * scale))
  const rest: f32 = -(<f32>(~word) + 0.5) * scale
  return -logarithm(-(rest + bend(rest)))
}

/** ln x of a normal number. Source: Cephes, logf.c (Moshier). */
function logarithm(x: f32): f32 {
  const bits = reinterpret<u32>(x)
  let power = <f32>(<i32>(bits >> 23) - 126)
  let mantissa = reinterpret<f32>((bits & 0x7fffff) | 0x3f000000)
  if (mantissa < 0.70710678) {
    power -= 1
    mantissa *= 2
  }
  const f = mantissa - 1
  return power * 0.693359375 + (f + (bend(f) - power * 2.12194440e-4))
}

/** ln(1 + f) - f, near 0. */
function bend(f: f32): f32 {
  let series: f32 = 7.0376836292e-2
  series = series * f - 1.151461031e-1
  series = series * f + 1.167699874e-1
  series = series * f - 1.2420140846e-1
  series = series * f + 1.4249322787e-1
  series = series * f - 1.6668057665e-1
  series = series * f + 2.0000714765e-1
  series = series * f - 2.4999993993e-1
  series = series * f + 3.3333331174e-1
  return series * f * f * f - <f32>0.5 * f * f
}
