/** Medians and quartiles: what is said of timings on a machine that also does other things. */

export interface Spread {
  readonly median: number
  /** Interquartile range: the middle half of all values is this wide. */
  readonly iqr: number
  readonly least: number
}

/** A quantile by linear interpolation between the two nearest values. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('There is no quantile of no values.')
  const sorted = [...values].sort((one, other) => one - other)
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}

export const spreadOf = (values: readonly number[]): Spread => ({
  median: quantile(values, 0.5),
  iqr: quantile(values, 0.75) - quantile(values, 0.25),
  least: Math.min(...values),
})
