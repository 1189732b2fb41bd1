/**
 * FedIT (Zhang et al., arXiv 2305.05644): A and B are averaged separately, Ā = Σ wᵢ Aᵢ and B̄ = Σ wᵢ Bᵢ, like any other
 * weights under FedAvg. The product B̄ Ā is not the average of the products Bᵢ Aᵢ: what is missing, Σ wᵢ (Bᵢ - B̄)(Aᵢ - Ā),
 * is called distortion and grows with the differences between devices. The baseline of the exact rules; its factors keep
 * their basis, so that every server optimizer works on it.
 */
import { exactModel } from '../global/exact'
import { averageFactors, sharedStart } from '../global/factors'
import type { AggregationRule } from '../types'

export const both = { a: true, b: true }

export const fedit: AggregationRule = {
  name: 'fedit',
  exact: false,
  mixedRanks: false,
  keepsBasis: true,
  startsAfresh: false,
  mergesInTiers: true,
  takesWeights: true,
  mergesSums: true,
  wanted: exactModel,
  learns: () => both,
  sends: () => both,
  start: sharedStart,
  merge: averageFactors,
}
