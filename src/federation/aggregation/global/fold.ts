/**
 * What exact rules add to the frozen base stays beside it as factors: W0 + folded + s B A. Folding a residual appends
 * its factors, until there are as many ranks as the layer's smaller side has numbers; from then on the shorter factor is
 * an identity and the other one holds the sum, at most twice the size of the dense matrix. The coordinator and every
 * device fold with this same function and so hold the same bits.
 */
import { random } from '../../../lib/rng'
import type { Adapter, AdapterConfig } from '../../../model/adapter'
import type { Tensor, TensorMap } from '../../../model/safetensors'
import { tensorOf } from '../algebra/matrix'
import { isA, nameOfA, nameOfB, productsOf, sumOf } from '../algebra/models'
import { type ModelSum, stacked } from '../algebra/products'
import type { GlobalAdapter } from '../types'

export const noFactors: TensorMap = new Map()

/** Where a federation begins: nothing folded. */
export const globalOf = (adapter: Adapter): GlobalAdapter => ({ adapter, folded: noFactors, folds: 0 })

/** A sum of products as factors of scale 1, stacked without loss; terms and layers that are zero are left out. */
export function factorsOf(model: ModelSum): TensorMap {
  const factors = new Map<string, Tensor>()
  for (const [layer, sum] of model) {
    const terms = sum.filter(({ c, b }) => c !== 0 && b.data.some((value) => value !== 0))
    if (terms.length === 0) continue
    const { b, a } = stacked(terms)
    factors.set(nameOfA(layer), tensorOf(a))
    factors.set(nameOfB(layer), tensorOf(b))
  }
  return factors
}

/** Folded factors and one more residual. */
export const fold = (folded: TensorMap, residual: TensorMap): TensorMap =>
  residual.size === 0 ? folded : factorsOf(sumOf([productsOf(folded, 1), productsOf(residual, 1)]))

/**
 * Factors that begin anew at any rank: A uniform in ±1/sqrt(in) from the seed, the tensor's name and the count of folds,
 * so that no two stretches of training share their subspace; B zero, so that the model does not change.
 * @param like an adapter of the same layers
 */
export function freshAdapter(like: TensorMap, config: AdapterConfig, seed: number, folds: number): Adapter {
  const tensors = new Map<string, Tensor>()
  for (const [name, { shape }] of like) {
    const [rows, columns] = isA(name) ? [config.rank, shape[1]] : [shape[0], config.rank]
    const data = new Float32Array(rows * columns)
    const { next } = random(seed, name, 'fold', folds)
    const bound = 1 / Math.sqrt(columns)
    tensors.set(name, {
      shape: [rows, columns],
      data: isA(name) ? data.map(() => bound * (2 * next() - 1)) : data,
    })
  }
  return { config, tensors }
}
