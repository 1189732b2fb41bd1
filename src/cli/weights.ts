/** `--weights 2,1`: how much each of several adapters counts. */
import { UsageError } from './flags'

/** Null where nothing is said. */
export function readWeights(
  given: readonly string[] | undefined,
  adapters: number,
): readonly number[] | null {
  if (!given) return null
  const weights = given.map(Number)
  if (weights.length !== adapters)
    throw new UsageError(
      `--weights names ${weights.length} weights for ${adapters} adapters. Give one for each.`,
    )
  if (!weights.every((weight) => Number.isFinite(weight)))
    throw new UsageError(`--weights ${given.join(',')} must be numbers.`)
  return weights
}
