/**
 * The debiased exponential moving average, as TensorBoard draws it: `weight` 0 leaves the line as it is, 0.99 irons it
 * almost flat. Points that are not finite stay as they are and do not enter the mean.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  let mean = 0
  let seen = 0
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null
    mean = mean * weight + (1 - weight) * value
    seen++
    return mean / (1 - weight ** seen)
  })
}
