/**
 * HetLoRA (Cho et al., arXiv 2401.06432), without its pruning: a device of rank r trains the first r directions of the
 * common factors; its factors are filled up with zeros and averaged separately, weighted by examples and by the norm of
 * each device's model, so that those who learned more count more. Inexact, and zeros dilute the higher directions: the
 * baseline for mixed ranks.
 */
import type { Adapter, AdapterConfig } from '../../../model/adapter'
import type { TensorMap } from '../../../model/safetensors'
import { matrixOf, scaled, tensorOf, withColumns, withRows } from '../algebra/matrix'
import { endOf, isA, nameOfA, nameOfB, normOf, scaleOf } from '../algebra/models'
import { averageFactors } from '../global/factors'
import { updateFromEnd } from '../global/mean'
import type { AggregationRule, LoraUpdate } from '../types'
import { fedit } from './fedit'

export const hetlora: AggregationRule = {
  ...fedit,
  name: 'hetlora',
  mixedRanks: true,
  mergesInTiers: false,
  takesWeights: false,
  mergesSums: false,
  start: ({ adapter }, config) => resized(adapter, config),
  merge(current, updates, settings, memory) {
    const { adapter } = current
    const weights = weightsOf(updates)
    const padded = updates.map((update, index) => {
      const end = resized({ config: update.start.config, tensors: endTensors(update) }, adapter.config)
      return updateFromEnd(update.device, adapter, end.tensors, weights[index])
    })
    return averageFactors(current, padded, settings, memory)
  },
}

/** The first directions, or all and zeros. The scale alpha / rank of the new rank goes into B. */
function resized({ config: from, tensors }: Adapter, to: AdapterConfig): Adapter {
  if (from.rank === to.rank && from.alpha === to.alpha) return { config: to, tensors }
  const factor = scaleOf({ config: from }) / scaleOf({ config: to })
  return {
    config: to,
    tensors: new Map(
      [...tensors].map(([name, tensor]) => {
        const matrix = matrixOf(tensor)
        const size = isA(name) ? withRows(matrix, to.rank) : scaled(withColumns(matrix, to.rank), factor)
        return [name, tensorOf(size)]
      }),
    ),
  }
}

/** A device's factors after training. */
function endTensors(update: LoraUpdate): TensorMap {
  return new Map(
    [...endOf(update)].flatMap(([layer, [{ a, b }]]) => [
      [nameOfA(layer), tensorOf(a)],
      [nameOfB(layer), tensorOf(b)],
    ]),
  )
}

/** wᵢ ‖s Bᵢ Aᵢ‖, with the same sum as the wᵢ. Where nobody has learned anything the wᵢ themselves. */
function weightsOf(updates: readonly LoraUpdate[]): number[] {
  const given = updates.map(({ weight }) => weight)
  const weighed = updates.map((update) => update.weight * normOf(endOf(update)))
  const [before, after] = [given, weighed].map((list) => list.reduce((sum, value) => sum + value, 0))
  return after > 0 ? weighed.map((value) => (value * before) / after) : given
}
