/**
 * Bucketing (Karimireddy et al., arXiv 2006.09365): updates are put into buckets of two at random, and the rule that follows sees
 * their means. Where text differs from device to device, that makes honest points more alike, so that a rule that doubts
 * what is unlike throws less of it away. The price: a liar spoils its whole bucket, so of half as many points as many may lie.
 * Whose bucket is whose follows from seed, round and device, in whatever order updates stand.
 */
import { random } from '../../../lib/rng'
import type { DeviceKey } from '../../names'
import { meanOf, type Point } from './points'

const size = 2

/**
 * The means of buckets of two, the last one perhaps of one alone.
 * @param devices of the points
 */
export function bucketsOf(
  points: readonly Point[],
  devices: readonly DeviceKey[],
  seed: number,
  round: number,
): readonly Point[] {
  const drawn = points
    .map((point, at) => ({ point, draw: random(seed, 'bucket', round, devices[at]).next() }))
    .sort((one, other) => one.draw - other.draw)
    .map(({ point }) => point)
  return Array.from({ length: bucketsFor(points.length) }, (_, bucket) =>
    meanOf(drawn.slice(bucket * size, (bucket + 1) * size)),
  )
}

export const bucketsFor = (points: number): number => Math.ceil(points / size)
