/**
 * Taking a model home as one LoRA adapter. Where nothing was folded this is the adapter itself, bit for bit. Otherwise
 * folded + s B A is decomposed and its largest directions become the factors; what the chosen rank cannot hold is the
 * error, to be shown to whoever exports.
 */
import type { Adapter, AdapterConfig } from '../../model/adapter'
import { modelOf, normOf, productsOf, sumOf } from './algebra/models'
import { type ModelSum, truncate } from './algebra/products'
import { decodeGlobal } from './global/bytes'
import { refactor } from './global/refactor'
import type { Gap, GlobalAdapter } from './types'

/** Everything that is added to the base. */
export const wholeModel = ({ adapter, folded }: GlobalAdapter): ModelSum =>
  sumOf([modelOf(adapter), productsOf(folded, 1)])

/** At the same scale alpha / rank, so that further training sees the same learning rate. */
export function exportAdapter(
  global: GlobalAdapter,
  rank: number,
): { readonly adapter: Adapter; readonly error: Gap } {
  const { config, tensors } = global.adapter
  if (global.folded.size === 0 && rank === config.rank)
    return { adapter: global.adapter, error: { absolute: 0, relative: 0 } }
  const whole = wholeModel(global)
  const target = { ...config, rank, alpha: (config.alpha * rank) / config.rank }
  const { adapter, error } = refactor(whole, tensors, target, 0)
  const norm = normOf(whole)
  return { adapter, error: { absolute: error, relative: norm > 0 ? error / norm : 0 } }
}

/** A version's canonical bytes as one adapter, at the rank that loses nothing. */
export function exportWhole(bytes: Uint8Array, config: AdapterConfig): Adapter {
  const global = decodeGlobal(bytes, config, 0)
  return exportAdapter(global, global.folded.size > 0 ? fullRank(global) : config.rank).adapter
}

/** The smallest rank that exports without an error. */
export const fullRank = (global: GlobalAdapter): number =>
  Math.max(1, ...[...wholeModel(global).values()].map((sum) => truncate(sum).sigma.length))
