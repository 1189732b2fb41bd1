/**
 * Averaging of factors, the step that most rules share, and what it misses. Where devices trained only one factor and
 * share the other, the model is linear in it and nothing is missed; where they trained both, the product of the averages
 * is not the average of the products.
 */
import type { Adapter, AdapterConfig } from '../../../model/adapter'
import { difference, endOf, isA } from '../algebra/models'
import type { ModelSum } from '../algebra/products'
import { serverStep } from '../serverOptimizers'
import type { AggregationSettings, Factors, GlobalAdapter, LoraUpdate, Merged, ServerMemory } from '../types'
import { exactModel } from './exact'
import { noFactors } from './fold'
import { meanDelta } from './mean'

/** Every device starts from the common adapter, at its one rank. */
export function sharedStart({ adapter }: GlobalAdapter, config: AdapterConfig): Adapter {
  if (config.rank !== adapter.config.rank)
    throw new RangeError(
      `This aggregation needs rank ${adapter.config.rank} on every device, not ${config.rank}. Choose FLoRA or FlexLoRA for mixed ranks.`,
    )
  return adapter
}

/** The server optimizer's step along Σ wᵢ Δᵢ, factor by factor. */
export function averageFactors(
  current: GlobalAdapter,
  updates: readonly LoraUpdate[],
  settings: AggregationSettings,
  memory: ServerMemory | null,
): Merged {
  const mean = meanDelta(updates)
  const { config, tensors: before } = current.adapter
  const step = serverStep(settings.serverOptimizer, before, mean, memory, settings)
  return {
    global: { ...current, adapter: { config, tensors: step.tensors } },
    memory: step.memory,
    residual: noFactors,
    changed: factorsIn(mean.keys()),
    truncationError: 0,
  }
}

/** Which factors these tensors' names speak of. */
export function factorsIn(names: Iterable<string>): Factors {
  const all = [...names]
  return { a: all.some(isA), b: all.some((name) => !isA(name)) }
}

/**
 * What averaging the factors misses of the average of the models: Σ wᵢ s (Bᵢ - B̄)(Aᵢ - Ā), of rank (m - 1) r, for a
 * common start, and what devices with another start add to it. A server optimizer other than FedAvg changes where the
 * factors go, not what averaging them misses: that is judged at rate 1.
 */
export function missedByAveraging(
  current: GlobalAdapter,
  updates: readonly LoraUpdate[],
  { serverOptimizer, serverRate }: AggregationSettings,
): ModelSum {
  const rate = serverOptimizer === 'fedavg' ? serverRate : 1
  const step = meanDelta(updates.map(({ delta, weight }) => ({ delta, weight: rate * weight })))
  return difference(exactModel(current, updates, rate), endOf({ start: current.adapter, delta: step }))
}
