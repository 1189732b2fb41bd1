/**
 * The Gaussian mechanism on what a device sends: its change is shortened to the clip, and noise is added to each number, before anything
 * leaves the tab (DP-FedAvg, McMahan et al., arXiv 1710.06963, with the noise on the device instead of the server). Bytes that nobody
 * can guess are handed in: noise that follows from an experiment's seed could be taken off again by everybody who knows it.
 *
 * Where only a sum of many is ever seen (secure aggregation), nobody need add all of it: of n devices each adds a share, and the shares
 * together are the noise of one (Kairouz, Liu, Steinke, arXiv 2102.06387, section 1). n is then the fewest devices whose
 * change the sum can hold, not those that were asked; a device that does not trust so many others counts fewer. Where each change is seen by
 * itself n is 1.
 *
 * Not covered: numbers are floating point, whose last bits depend on what the noise was added to (Mironov, CCS 2012). What is sent
 * is rounded to float32 at least, and coarser where updates are coded or summed in whole numbers.
 */
import { gaussians, type RandomBytes } from '../../lib/unguessable'
import type { Delta } from '../aggregation/types'
import { lengthOf, shorteningTo } from './clipping'

/** Standard deviation of what each of n devices adds, so that the sum has `noise` clips. */
export const shareOfNoise = (noise: number, clip: number, devices: number): number =>
  (noise * clip) / Math.sqrt(devices)

export interface Noised {
  readonly delta: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>
  /** Whether it stayed within the clip: known to this tab only. */
  readonly isWithin: boolean
}

/**
 * A change as it may leave: no longer than `clip`, under noise.
 * @param deviation of the noise on each number, see `shareOfNoise`
 */
export function noised(delta: Delta, clip: number, deviation: number, randomBytes: RandomBytes): Noised {
  const length = lengthOf(delta)
  const shortening = shorteningTo(clip, length)
  const chance = gaussians(randomBytes)
  const hidden = new Map(
    [...delta].map(([name, { shape, data }]) => [
      name,
      {
        shape,
        data: Float32Array.from(data, (value) => shortening * value + deviation * chance.next().value),
      },
    ]),
  )
  return { delta: hidden, isWithin: length <= clip }
}

/** A device's word whether its change stayed within the clip, under noise (clipping.ts). */
export const noisedWord = (isWithin: boolean, wordNoise: number, randomBytes: RandomBytes): number =>
  (isWithin ? 1 : 0) + wordNoise * gaussians(randomBytes).next().value
