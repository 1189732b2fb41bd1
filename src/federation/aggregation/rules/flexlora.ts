/**
 * FlexLoRA (Bai et al., arXiv 2402.11505): the average of the devices' models is decomposed, and each device gets as many
 * of its largest directions as its rank allows. Exact up to what the rank cuts off, which is reported: it grows with the
 * number of devices. The decomposition works on the stacked factors, never on a matrix of the layer's size.
 *
 * Where ranks differ, the average is taken of what the devices changed, not of what they hold: the paper's Σ wᵢ sᵢ Bᵢ Aᵢ
 * would also average away the directions that a device of low rank was never given. With equal ranks both are the same.
 */
import { modelOf } from '../algebra/models'
import { exactModel } from '../global/exact'
import { noFactors } from '../global/fold'
import { refactor } from '../global/refactor'
import type { AggregationRule } from '../types'
import { both } from './fedit'

export const flexlora: AggregationRule = {
  name: 'flexlora',
  exact: false,
  mixedRanks: true,
  keepsBasis: false,
  startsAfresh: false,
  mergesInTiers: false,
  takesWeights: true,
  mergesSums: false,
  wanted: exactModel,
  learns: () => both,
  sends: () => both,
  start: ({ adapter }, config, seed) =>
    config.rank === adapter.config.rank
      ? adapter
      : refactor(modelOf(adapter), adapter.tensors, config, seed).adapter,
  merge(current, updates, { serverRate, seed }) {
    const { tensors, config } = current.adapter
    const { adapter, error } = refactor(exactModel(current, updates, serverRate), tensors, config, seed)
    return {
      global: { ...current, adapter },
      memory: null,
      residual: noFactors,
      changed: both,
      truncationError: error,
    }
  },
}
