/**
 * How far one device, or one row of text, may move what leaves a tab: never further than the clip, whatever it holds. Noise is
 * measured against that, so without a clip no noise protects anybody. The length is that of all numbers that leave, as one vector (of LoRA's
 * factors, not of their products: noise is added to the factors).
 *
 * The clip can follow the lengths themselves: devices say, under noise, whether they stayed within it, and it moves until a
 * given share does. Too few within: it grows. Where the fraction that was *clipped* takes the place of the fraction that
 * was not, it runs away. Source: Andrew, Thakkar, McMahan, Ramaswamy, Differentially private learning with adaptive clipping,
 * arXiv 1905.03871, algorithm 1 and theorem 1.
 */
import type { Delta } from '../aggregation/types'

/** Euclidean, over all numbers. */
export function lengthOf(delta: Delta): number {
  let square = 0
  for (const { data } of delta.values()) for (const value of data) square += value * value
  return Math.sqrt(square)
}

/** By which a vector of this length is multiplied to be no longer than `clip`. */
export const shorteningTo = (clip: number, length: number): number => Math.min(1, clip / length)

/** gamma: the share of devices whose change the clip shall leave as it is. */
const sought = 0.5
/** eta_C: how fast it moves. */
const pace = 0.2
/** What a clip that follows lengths begins at, and where it ends at the latest. */
export const firstClip = 1
const [leastClip, mostClip] = [1e-6, 1e6]

/** @param within the mean, over devices, of what each said: 1 where it stayed within the clip, 0 where not, and noise */
export const nextClip = (clip: number, within: number): number =>
  Math.min(mostClip, Math.max(leastClip, clip * Math.exp(-pace * (within - sought))))

/**
 * What a release of both costs as much as one alone under `noise`: the change, under the noise that is returned, and the word about its
 * length, under `wordNoise`. The word is written as plus or minus a half, so it moves by a half at most.
 * @param noise z, in clips @param wordNoise sigma_b, more than half of z
 * @throws RangeError where the word alone would cost more
 */
export function noiseBeside(noise: number, wordNoise: number): number {
  if (noise === 0) return 0
  if (wordNoise <= noise / 2) throw new RangeError('The word about the length has too little noise.')
  return (noise ** -2 - (2 * wordNoise) ** -2) ** -0.5
}

/** For a device that adds all noise itself: the word costs a thirtieth of its noise. */
export const wordNoiseFor = (noise: number): number => 2 * noise

/** A clip that follows lengths, and what was said since it last moved. */
export interface FollowedClip {
  readonly clip: number
  /** Within the clip or not, under noise. */
  readonly said: readonly number[]
}

export const unmovedClip: FollowedClip = { clip: firstClip, said: [] }

/** What no honest device need say: a single one must not move the clip far. */
const [leastWord, mostWord] = [-1, 2]

export const hearing = ({ clip, said }: FollowedClip, within: number): FollowedClip => ({
  clip,
  said: [...said, Math.min(mostWord, Math.max(leastWord, within))],
})

/** Once a merge is done. */
export const moved = ({ clip, said }: FollowedClip): FollowedClip =>
  said.length === 0
    ? { clip, said }
    : { clip: nextClip(clip, said.reduce((sum, word) => sum + word, 0) / said.length), said: [] }
