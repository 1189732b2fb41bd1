/**
 * FLoRA (Wang et al., arXiv 2409.05976): factors are stacked instead of averaged, B = [B₁ … Bₘ] and A = [w₁A₁; …; wₘAₘ]
 * (the weights in one factor only), whose product is the exact average. Everybody adds the stack to the base and starts
 * afresh, so devices may have any ranks; the price is a downlink of the sum of all ranks. Fresh factors come from the
 * room's seed and need not travel. A device that comes late needs everything folded so far.
 */
import { exactModel } from '../global/exact'
import { factorsOf, fold, freshAdapter } from '../global/fold'
import type { AggregationRule } from '../types'
import { both } from './fedit'

export const flora: AggregationRule = {
  name: 'flora',
  exact: true,
  mixedRanks: true,
  keepsBasis: false,
  startsAfresh: true,
  mergesInTiers: false,
  takesWeights: true,
  mergesSums: false,
  wanted: exactModel,
  learns: () => both,
  sends: () => both,
  start: ({ adapter, folds }, config, seed) => freshAdapter(adapter.tensors, config, seed, folds),
  merge(current, updates, { serverRate, seed }) {
    const { adapter, folded, folds } = current
    const residual = factorsOf(exactModel(current, updates, serverRate))
    const fresh = freshAdapter(adapter.tensors, adapter.config, seed, folds + 1)
    return {
      global: { adapter: fresh, folded: fold(folded, residual), folds: folds + 1 },
      memory: null,
      residual,
      changed: both,
      truncationError: 0,
    }
  },
}
