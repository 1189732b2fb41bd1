/**
 * Whether a figure that was taken again and again has stayed where it was. The line of least squares through its samples says how
 * much it rises; the first quarter does not count, because caches fill and compilers warm up in it. Scatter is no growth: a rise counts
 * only where it is larger than what the samples scatter by themselves (twice the standard error of the slope).
 */
export interface Sample {
  /** Rounds or seconds: whatever the figure might grow with. */
  readonly at: number
  readonly value: number
}

export interface Slope {
  /** Of the figure, for each unit of `at`. */
  readonly perUnit: number
  /** From the first counted sample to the last, by the line; of the mean. */
  readonly share: number
  /** Whether the rise is more than scatter. */
  readonly isSure: boolean
}

const warmUpShare = 0.25
const fewestSamples = 4

/** @throws RangeError where too few samples are left to say anything */
export function slopeOf(samples: readonly Sample[]): Slope {
  const counted = samples.slice(Math.floor(samples.length * warmUpShare))
  if (counted.length < fewestSamples)
    throw new RangeError(`${samples.length} samples are too few to say whether anything grows.`)
  const count = counted.length
  const meanAt = counted.reduce((sum, { at }) => sum + at, 0) / count
  const mean = counted.reduce((sum, { value }) => sum + value, 0) / count
  const spread = counted.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0)
  const perUnit = counted.reduce((sum, { at, value }) => sum + (at - meanAt) * (value - mean), 0) / spread
  const residual = counted.reduce(
    (sum, { at, value }) => sum + (value - mean - perUnit * (at - meanAt)) ** 2,
    0,
  )
  const standardError = Math.sqrt(residual / (count - 2) / spread)
  const share = mean === 0 ? 0 : (perUnit * (counted.at(-1)!.at - counted[0].at)) / mean
  return { perUnit, share, isSure: perUnit > 2 * standardError }
}

/** Whether it has grown by more than this share of itself, surely. */
export const hasGrown = ({ share, isSure }: Slope, most: number): boolean => isSure && share > most
