/**
 * One aggregation: a rule applied to a set of updates, and what there is to measure about it. The updates come in the
 * order of the devices' indices and have passed `check.ts`.
 */
import { modelOf, productsOf, sumOf } from './algebra/models'
import { bytesOf, only } from './global/downlink'
import { gapBetween } from './global/exact'
import type {
  Aggregated,
  AggregationRule,
  AggregationSettings,
  Gap,
  GlobalAdapter,
  LoraUpdate,
  Merged,
  ServerMemory,
} from './types'

/**
 * The next version. `memory` is the server optimizer's from the last aggregation by the same rule, null at first.
 * @throws RangeError where the rule cannot take these updates, or where the result is not finite: keep the last version
 */
export function aggregate(
  rule: AggregationRule,
  current: GlobalAdapter,
  updates: readonly LoraUpdate[],
  settings: AggregationSettings,
  memory: ServerMemory | null = null,
): Aggregated {
  if (updates.length === 0) throw new RangeError('There is no update to merge.')
  const complaint = settingsComplaint(rule, settings) ?? ranksComplaint(rule, current, updates)
  if (complaint) throw new RangeError(complaint)
  const merged = rule.merge(current, updates, settings, memory)
  return {
    ...merged,
    distortion: settings.measuresDistortion ? distortionOf(rule, current, updates, settings, merged) : null,
    bytes: new Map(updates.map((update) => [update.device, bytesFor(rule, merged, update)])),
  }
}

/** Why this rule cannot work with these settings, or null. */
export function settingsComplaint(
  rule: AggregationRule,
  { serverOptimizer }: Pick<AggregationSettings, 'serverOptimizer'>,
): string | null {
  if (rule.keepsBasis || serverOptimizer === 'fedavg') return null
  return `The aggregation "${rule.name}" writes the adapter in new factors each time, so the memory of the server optimizer "${serverOptimizer}" would mean nothing. Choose fedavg, or another aggregation.`
}

function ranksComplaint(
  rule: AggregationRule,
  { adapter }: GlobalAdapter,
  updates: readonly LoraUpdate[],
): string | null {
  const other = updates.find(({ start }) => start.config.rank !== adapter.config.rank)
  if (rule.mixedRanks || !other) return null
  return `The aggregation "${rule.name}" needs rank ${adapter.config.rank} on every device, but "${other.device}" trained rank ${other.start.config.rank}. Choose flora or flexlora for mixed ranks.`
}

/**
 * Between the model that the rule aims at and the one that came out. A server optimizer other than FedAvg moves the
 * factors elsewhere on purpose; what the rule itself misses is then judged by the plain step.
 */
function distortionOf(
  { wanted, merge }: AggregationRule,
  current: GlobalAdapter,
  updates: readonly LoraUpdate[],
  settings: AggregationSettings,
  merged: Merged,
): Gap | null {
  if (!wanted) return null
  const isPlain = settings.serverOptimizer === 'fedavg'
  const plain: AggregationSettings = isPlain
    ? settings
    : { ...settings, serverOptimizer: 'fedavg', serverRate: 1 }
  const { global, residual } = isPlain ? merged : merge(current, updates, plain, null)
  const got = sumOf([modelOf(global.adapter), productsOf(residual, 1)])
  return gapBetween(wanted(current, updates, plain.serverRate), got)
}

/** A whole adapter travels where there is no difference: a neighbour's message in gossip. */
function bytesFor(
  { startsAfresh }: AggregationRule,
  { changed, residual }: Merged,
  { start, delta }: LoraUpdate,
): { readonly up: number; readonly down: number } {
  return {
    up: delta.size > 0 ? bytesOf(delta) : bytesOf(start.tensors),
    down: (startsAfresh ? 0 : bytesOf(only(start.tensors, changed))) + bytesOf(residual),
  }
}
