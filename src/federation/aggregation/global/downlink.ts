/**
 * From the new version to a device and into it. What travels is only what the device cannot know: the factors that
 * changed and the residual that was folded. What the device keeps is its own: under FedSA its B, under FFA the common A.
 */
import type { AdapterConfig } from '../../../model/adapter'
import { isA } from '../algebra/models'
import type { AggregationRule, Delta, Downlink, Factors, GlobalAdapter, Merged } from '../types'
import { fold, freshAdapter, noFactors } from './fold'

/** Those tensors that are among the factors. */
export const only = <Value>(
  tensors: ReadonlyMap<string, Value>,
  { a, b }: Factors,
): ReadonlyMap<string, Value> => new Map([...tensors].filter(([name]) => (isA(name) ? a : b)))

/** What a device with this configuration must receive, if it holds the version before. */
export function downlinkOf(
  rule: AggregationRule,
  merged: Merged,
  config: AdapterConfig,
  seed: number,
): Downlink {
  const { global, changed, residual } = merged
  const factors = rule.startsAfresh ? noFactors : only(rule.start(global, config, seed).tensors, changed)
  return { factors, residual, afresh: rule.startsAfresh }
}

/** The device's side: what it holds after that. */
export function receive(
  held: GlobalAdapter,
  { factors, residual, afresh }: Downlink,
  seed: number,
): GlobalAdapter {
  const folds = held.folds + (afresh || residual.size > 0 ? 1 : 0)
  const { config, tensors } = held.adapter
  const adapter = afresh
    ? freshAdapter(tensors, config, seed, folds)
    : { config, tensors: new Map([...tensors, ...factors]) }
  return { adapter, folded: fold(held.folded, residual), folds }
}

/** Numbers in some tensors, as bytes of F32. */
export const bytesOf = (tensors: Delta): number =>
  [...tensors.values()].reduce((sum, { data }) => sum + 4 * data.length, 0)
