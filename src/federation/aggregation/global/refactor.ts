/**
 * A model written as an adapter of a given rank: the truncated SVD U S Vᵀ of each layer, split evenly, B = U S^½ / s and
 * A = S^½ Vᵀ. Directions that the model does not use would leave both factors zero, and zero factors have no gradient and
 * never learn; there A begins afresh and B at zero, as in a new adapter.
 */
import type { Adapter, AdapterConfig } from '../../../model/adapter'
import type { Tensor, TensorMap } from '../../../model/safetensors'
import { columnsTimes, matrixOf, tensorOf, transpose, withColumns } from '../algebra/matrix'
import { nameOfA, nameOfB, scaleOf } from '../algebra/models'
import { type ModelSum, truncate } from '../algebra/products'
import { freshAdapter } from './fold'

export interface Refactored {
  readonly adapter: Adapter
  /** Frobenius norm of what was cut off, over all layers. */
  readonly error: number
}

/** @param like an adapter of the same layers, for their sizes */
export function refactor(model: ModelSum, like: TensorMap, config: AdapterConfig, seed: number): Refactored {
  const tensors = new Map<string, Tensor>(freshAdapter(like, config, seed, 0).tensors)
  let squaredError = 0
  for (const [layer, sum] of model) {
    if (sum.length === 0) continue
    const { u, sigma, v, error } = truncate(sum, config.rank)
    squaredError += error * error
    const root = sigma.map(Math.sqrt)
    const a = matrixOf(tensors.get(nameOfA(layer))!)
    a.data.set(transpose(columnsTimes(v, root)).data)
    const left = columnsTimes(
      u,
      root.map((value) => value / scaleOf({ config })),
    )
    tensors.set(nameOfA(layer), tensorOf(a))
    tensors.set(nameOfB(layer), tensorOf(withColumns(left, config.rank)))
  }
  return { adapter: { config, tensors }, error: Math.sqrt(squaredError) }
}
