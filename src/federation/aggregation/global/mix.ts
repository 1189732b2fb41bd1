/**
 * A weighted mean of whole versions: clusters that share between themselves, a split that is joined again, a gossip step.
 * What each has folded is averaged exactly; the adapters are averaged by the rule of the room, as if everybody had
 * trained from `own` and ended at their version.
 */
import type { DeviceKey } from '../../names'
import { productsOf, sumOf, times } from '../algebra/models'
import type { AggregationRule, AggregationSettings, GlobalAdapter } from '../types'
import { factorsOf } from './fold'
import { updateFromEnd } from './mean'

export interface Part {
  /** Whose version it is, for messages. */
  readonly of: DeviceKey
  readonly global: GlobalAdapter
  /** All weights sum to 1. */
  readonly weight: number
}

export function mixGlobals(
  rule: AggregationRule,
  own: GlobalAdapter,
  parts: readonly Part[],
  settings: AggregationSettings,
): GlobalAdapter {
  const folded = factorsOf(
    sumOf(parts.map(({ global, weight }) => times(productsOf(global.folded, 1), weight))),
  )
  const folds = Math.max(own.folds, ...parts.map(({ global }) => global.folds)) + 1
  const updates = parts.map(({ of, global, weight }) =>
    updateFromEnd(of, own.adapter, global.adapter.tensors, weight),
  )
  const plain = { ...settings, serverOptimizer: 'fedavg', serverRate: 1 } as const
  return rule.merge({ ...own, folded, folds }, updates, plain, null).global
}
