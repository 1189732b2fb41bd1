import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../lib/rng'
import { lengthOf, nextClip, noiseBeside, shorteningTo, wordNoiseFor } from './clipping'

const seed = 15

/** The clip after so many rounds of devices whose changes have lognormal lengths with median 1. */
function followed(first: number, rounds: number, next: (clip: number, lengths: readonly number[]) => number) {
  const { gaussian } = random(seed, 'lengths')
  let clip = first
  for (let round = 0; round < rounds; round++)
    clip = next(
      clip,
      Array.from({ length: 20 }, () => Math.exp(gaussian())),
    )
  return clip
}
const within = (clip: number, lengths: readonly number[]) =>
  lengths.filter((length) => length <= clip).length / lengths.length

describe('a clip', () => {
  it('leaves what is short as it is, and shortens the rest to itself', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 20 }),
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        (values, clip) => {
          const data = Float64Array.from(values)
          const length = lengthOf(new Map([['a', { shape: [data.length], data }]]))
          expect(length).toBeCloseTo(Math.hypot(...values), 8)
          const shortening = shorteningTo(clip, length)
          expect(shortening * length).toBeLessThanOrEqual(clip * (1 + 1e-12))
          if (length <= clip) expect(shortening).toBe(1)
        },
      ),
      { seed },
    )
  })

  it.each([0.1, 3])('that follows lengths finds their median from %d', (first) => {
    const clip = followed(first, 200, (clip, lengths) => nextClip(clip, within(clip, lengths)))
    expect(Math.abs(clip - 1)).toBeLessThan(0.2)
  })

  it.each([0.1, 3])('runs away from %d where what was clipped is counted instead', (first) => {
    const clip = followed(first, 200, (clip, lengths) => nextClip(clip, 1 - within(clip, lengths)))
    expect(Math.abs(Math.log(clip))).toBeGreaterThan(5)
  })

  it('stays a number whatever devices say', () => {
    expect(nextClip(1, 1e9)).toBeGreaterThan(0)
    expect(Number.isFinite(nextClip(1, -1e9))).toBe(true)
  })
})

describe('the noise beside a word about the length', () => {
  it.each([
    [1, 5, 1.005],
    [1, 1, 1.1547],
  ])('is, for z = %d and sigma_b = %d, as the paper has it: %d', (noise, wordNoise, beside) => {
    expect(noiseBeside(noise, wordNoise)).toBeCloseTo(beside, 4)
  })

  it('costs together what was promised for one: half a step under the one, a whole under the other', () => {
    for (const noise of [0.1, 1, 7]) {
      const word = wordNoiseFor(noise)
      expect(0.25 / word ** 2 + 1 / noiseBeside(noise, word) ** 2).toBeCloseTo(1 / noise ** 2, 8)
    }
  })

  it('cannot be had where the word tells more than was promised', () => {
    expect(() => noiseBeside(1, 0.5)).toThrow(RangeError)
    expect(noiseBeside(0, wordNoiseFor(0))).toBe(0)
  })
})
