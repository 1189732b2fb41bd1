import { describe, expect, it } from 'vitest'
import { gumbel } from '../lib/gumbel'
import { philox } from '../lib/philox'
import { random } from '../lib/rng'
import { argMax, type Choice, choose, type Draw } from './sampling'

const hex = (words: readonly number[]): string =>
  words.map((word) => word.toString(16).padStart(8, '0')).join(' ')
const ones = 0xffffffff

describe('Philox4x32-10', () => {
  it('gives the known answers of its authors', () => {
    expect(hex(philox([0, 0, 0, 0], [0, 0]))).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8')
    expect(hex(philox([ones, ones, ones, ones], [ones, ones]))).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd')
    const counter = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] as const
    expect(hex(philox(counter, [0xa4093822, 0x299f31d0]))).toBe('d16cfe09 94fdcceb 5001e420 24126ea1')
  })
})

describe('Gumbel noise', () => {
  it('is finite at both ends', () => {
    expect(gumbel(0)).toBeCloseTo(-3.13, 3)
    expect(gumbel(ones)).toBeCloseTo(22.874, 3)
  })

  it('is a function of seed, position and token, the same everywhere', () => {
    const wordOf = (seed: number, position: number, token: number) =>
      philox([position, token >>> 2, 0, 0], [seed, 0])[token % 4]
    const words = [wordOf(7, 0, 0), wordOf(7, 0, 1), wordOf(7, 0, 4), wordOf(7, 10, 50256), wordOf(8, 10, 0)]
    expect(hex(words)).toBe('f4607a2d c009f9dc 2ec4f55d bed9bb1b c1130a6a')
    const noise = [3.069037, 1.246605, -0.530598, 1.225241, 1.265487]
    for (const [index, word] of words.entries()) expect(gumbel(word)).toBeCloseTo(noise[index], 6)
  })
})

/** The definition, without what `choose` spares. */
function everyScore(logits: Float32Array, draw: Draw): Choice {
  const { temperature, topK, topP } = draw
  const order = [...logits.keys()].sort((a, b) => logits[b] - logits[a])
  const top = topK ? order.slice(0, topK) : order
  const weight = (token: number) => Math.exp((logits[token] - logits[order[0]]) / temperature)
  const all = top.reduce((sum, token) => sum + weight(token), 0)
  let sum = 0
  const kept = top.filter((token) => {
    const isWanted = sum < Math.min(1, topP ?? 1) * all
    sum += weight(token)
    return isWanted
  })
  const scores = kept
    .map((token) => {
      const word = philox([draw.position, token >>> 2, 0, 0], [draw.seed, 0])[token % 4]
      return { token, score: logits[token] / temperature + gumbel(word) }
    })
    .sort((a, b) => b.score - a.score)
  return { id: scores[0].token, gap: scores[0].score - (scores[1]?.score ?? Number.NEGATIVE_INFINITY) }
}

describe('choosing a token', () => {
  it('takes the largest logit at temperature 0, the lowest id of equals', () => {
    expect(choose(new Float32Array([0, 3, 3, 1]), { temperature: 0, seed: 1, position: 0 })).toEqual({
      id: 1,
      gap: 0,
    })
    expect(argMax([2, 2])).toBe(0)
  })

  it('makes the known choices', () => {
    const logits = Float32Array.from({ length: 8 }, (_, token) => Math.log(token + 1))
    const drawn = (temperature: number) =>
      Array.from({ length: 16 }, (_, position) => choose(logits, { temperature, seed: 7, position }).id)
    expect(drawn(1)).toEqual([6, 3, 6, 6, 1, 2, 4, 7, 6, 3, 1, 4, 4, 1, 2, 5])
    expect(drawn(0.7)).toEqual([6, 3, 6, 6, 1, 7, 4, 7, 6, 3, 1, 4, 4, 1, 2, 5])
  })

  it('spares the noise of tokens that cannot win, and chooses as if it did not', () => {
    const { next } = random(9)
    for (let position = 0; position < 300; position++) {
      const size = 1 + Math.floor(400 * next())
      const logits = Float32Array.from({ length: size }, () => 12 * next())
      const draw = {
        temperature: 0.2 + next(),
        seed: 5,
        position,
        topK: position % 3,
        topP: 0.6 + 0.5 * next(),
      }
      expect(choose(logits, draw)).toEqual(everyScore(logits, draw))
    }
  })

  it('depends on seed, position and token alone', () => {
    const logits = new Float32Array(50)
    const draw = (seed: number, position: number) => choose(logits, { temperature: 1, seed, position }).id
    expect(draw(1, 7)).toBe(draw(1, 7))
    const draws = new Set(Array.from({ length: 20 }, (_, position) => draw(1, position)))
    expect(draws.size).toBeGreaterThan(10)
    expect(Array.from({ length: 20 }, (_, position) => draw(2, position))).not.toEqual(
      Array.from({ length: 20 }, (_, position) => draw(1, position)),
    )
  })

  it('draws from the softmax', () => {
    const probabilities = [0.5, 0.3, 0.15, 0.05]
    const temperature = 0.7
    const logits = Float32Array.from(probabilities, (p) => temperature * Math.log(p))
    const counts = [0, 0, 0, 0]
    const draws = 4000
    for (let position = 0; position < draws; position++)
      counts[choose(logits, { temperature, seed: 3, position }).id]++
    probabilities.forEach((p, token) => {
      const deviation = Math.sqrt((p * (1 - p)) / draws)
      expect(Math.abs(counts[token] / draws - p)).toBeLessThan(4 * deviation)
    })
  })
})
