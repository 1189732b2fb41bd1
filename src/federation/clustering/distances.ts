/**
 * How far updates lie apart, from their inner products alone: 1 - cos of the products B A, summed over layers before
 * anything is divided. It does not change when a device writes the same update in other factors (B G, G⁻¹ A), as a
 * distance between factors would. What devices can do may count too: each of log tokens/s and log round trip, standardised,
 * adds half its squared difference times a weight.
 */
import type { Capability } from '../resources/allocation'

/** [device, landmark]; all are squared distances up to a common factor, so means and centroids are exact. */
export type Distances = readonly (readonly number[])[]

/** @param at where each landmark stands among the devices */
export function distancesOf(
  gram: readonly (readonly number[])[],
  norms: readonly number[],
  at: readonly number[],
): number[][] {
  return gram.map((row, i) =>
    row.map((product, j) => {
      if (at[j] === i) return 0
      const size = Math.sqrt(norms[i] * norms[at[j]])
      return size > 0 ? Math.max(0, 1 - product / size) : 1
    }),
  )
}

/** Adds how unlike the devices themselves are. Unknown values count as the mean. */
export function withCapabilities(
  distances: Distances,
  capabilities: readonly Pick<Capability, 'tokensPerSecond' | 'roundTripMs'>[],
  at: readonly number[],
  weight: number,
): number[][] {
  const features = [
    standardised(capabilities.map(({ tokensPerSecond }) => logOf(tokensPerSecond))),
    standardised(capabilities.map(({ roundTripMs }) => logOf(roundTripMs))),
  ]
  return distances.map((row, i) =>
    row.map((distance, j) => {
      const apart = features.reduce((sum, feature) => sum + (feature[i] - feature[at[j]]) ** 2, 0)
      return distance + (weight * apart) / 2
    }),
  )
}

const logOf = (value: number | null): number | null => (value !== null && value > 0 ? Math.log(value) : null)

function standardised(values: readonly (number | null)[]): number[] {
  const known = values.filter((value) => value !== null)
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length)
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, known.length)
  const deviation = Math.sqrt(variance)
  return values.map((value) => (value === null || deviation < 1e-9 ? 0 : (value - mean) / deviation))
}
