/**
 * FedEx-LoRA (Singhal et al., arXiv 2410.09432): factors as under FedIT, and what averaging them misses is added to the
 * frozen base, so that the model is the exact average of the devices' models. The residual has rank (m - 1) r at most; it
 * travels as factors, made orthogonal. A device that comes late needs every residual since the base: they are in
 * `global.folded`.
 */
import type { Tensor } from '../../../model/safetensors'
import { columnsTimes, tensorOf, transpose } from '../algebra/matrix'
import { nameOfA, nameOfB } from '../algebra/models'
import { type ModelSum, truncate } from '../algebra/products'
import { averageFactors, missedByAveraging } from '../global/factors'
import { fold } from '../global/fold'
import type { AggregationRule, Merged } from '../types'
import { fedit } from './fedit'

export const fedex: AggregationRule = {
  ...fedit,
  name: 'fedex',
  exact: true,
  mergesInTiers: false,
  mergesSums: false,
  merge(current, updates, settings, memory) {
    const averaged = averageFactors(current, updates, settings, memory)
    return withResidual(averaged, missedByAveraging(current, updates, settings))
  },
}

/** The same result with a residual folded into the base. */
export function withResidual(merged: Merged, residual: ModelSum): Merged {
  const factors = new Map<string, Tensor>()
  let squaredError = 0
  for (const [layer, sum] of residual) {
    const { u, sigma, v, error } = truncate(sum)
    squaredError += error * error
    if (sigma.length === 0) continue
    factors.set(nameOfB(layer), tensorOf(u)) // [out, directions], orthonormal
    factors.set(nameOfA(layer), tensorOf(transpose(columnsTimes(v, sigma)))) // [directions, in]
  }
  const { global } = merged
  return {
    ...merged,
    global: {
      ...global,
      folded: fold(global.folded, factors),
      folds: global.folds + (factors.size > 0 ? 1 : 0),
    },
    residual: factors,
    truncationError: Math.sqrt(squaredError),
  }
}
