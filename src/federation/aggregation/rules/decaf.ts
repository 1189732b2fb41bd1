/**
 * DeCAF (arXiv 2505.21382): gossip of LoRA without a coordinator. A peer mixes the *products* of its neighbours with its
 * own, M = Σ πⱼ s Bⱼ Aⱼ, and keeps the best approximation at its rank, where gossip of the factors (DLoRA, here FedIT with
 * neighbours' ends) disturbs the consensus. The updates are the neighbours and oneself, with rows of the mixing matrix as
 * weights; a weight that is missing, because a neighbour was not heard, stays on oneself. Exact up to the truncation.
 */
import { endOf, modelOf, sumOf, times } from '../algebra/models'
import type { ModelSum } from '../algebra/products'
import { noFactors } from '../global/fold'
import { refactor } from '../global/refactor'
import type { AggregationRule, GlobalAdapter, LoraUpdate } from '../types'
import { both } from './fedit'
import { flexlora } from './flexlora'

export const decaf: AggregationRule = {
  ...flexlora,
  name: 'decaf',
  wanted: mixture,
  merge(current, updates, { seed }) {
    const { tensors, config } = current.adapter
    const { adapter, error } = refactor(mixture(current, updates), tensors, config, seed)
    return {
      global: { ...current, adapter },
      memory: null,
      residual: noFactors,
      changed: both,
      truncationError: error,
    }
  },
}

/** Σ πⱼ s Bⱼ Aⱼ, whatever the neighbours started from. */
function mixture({ adapter }: GlobalAdapter, updates: readonly LoraUpdate[]): ModelSum {
  const missing = 1 - updates.reduce((sum, { weight }) => sum + weight, 0)
  const own = Math.abs(missing) > 1e-12 ? [times(modelOf(adapter), missing)] : []
  return sumOf([...own, ...updates.map((update) => times(endOf(update), update.weight))])
}
