import { describe, expect, it } from 'vitest'
import { philox } from './philox'
import { argMax, chooseToken, gumbel, ln } from './sampling'

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

describe('the logarithm', () => {
  it('is Math.log up to rounding, and exact at 1', () => {
    for (let exponent = -40; exponent <= 40; exponent++)
      for (const mantissa of [1, 1.1, Math.SQRT2, 1.5, 1.999999]) {
        const x = mantissa * 2 ** exponent
        expect(Math.abs(ln(x) - Math.log(x))).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(Math.log(x))))
      }
    expect(ln(1)).toBe(0)
  })

  it('keeps Gumbel noise finite at both ends', () => {
    expect(gumbel(0)).toBeCloseTo(-3.13, 3)
    expect(gumbel(ones)).toBeCloseTo(22.874, 3)
  })
})

describe('choosing a token', () => {
  it('takes the largest logit at temperature 0, the lowest id of equals', () => {
    expect(chooseToken(new Float32Array([0, 3, 3, 1]), { temperature: 0, seed: 1, position: 0 })).toBe(1)
    expect(argMax([2, 2])).toBe(0)
  })

  it('depends on seed, position and token alone', () => {
    const logits = new Float32Array(50)
    const draw = (seed: number, position: number) => chooseToken(logits, { temperature: 1, seed, position })
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
      counts[chooseToken(logits, { temperature, seed: 3, position })]++
    probabilities.forEach((p, token) => {
      const deviation = Math.sqrt((p * (1 - p)) / draws)
      expect(Math.abs(counts[token] / draws - p)).toBeLessThan(4 * deviation)
    })
  })
})
