/**
 * The model that every rule aims at: W⁺ = W + rate · Σ wᵢ (Wᵢ(end) - Wᵢ(start)), as a sum of products. Terms that are
 * the same pair of factors are joined, so that a round in which all started from `current` with weights that sum to 1
 * is just Σ wᵢ s Bᵢ Aᵢ, of rank m r and no more.
 */
import type { Adapter } from '../../../model/adapter'
import { difference, endOf, modelOf, normOf, sumOf, times } from '../algebra/models'
import type { ModelSum } from '../algebra/products'
import type { Gap, GlobalAdapter, LoraUpdate } from '../types'

/** Without what is folded, which no update changes. */
export function exactModel(
  { adapter: current }: GlobalAdapter,
  updates: readonly LoraUpdate[],
  rate: number,
): ModelSum {
  const starts = new Map<Adapter, number>([[current, 1]])
  for (const { start, weight } of updates) {
    const same = isSame(start, current) ? current : start
    starts.set(same, (starts.get(same) ?? 0) - rate * weight)
  }
  return sumOf([
    ...[...starts]
      .filter(([, share]) => Math.abs(share) > negligibleShare)
      .map(([start, share]) => times(modelOf(start), share)),
    ...updates.map((update) => times(endOf(update), rate * update.weight)),
  ])
}

/** Weights that should sum to 1 miss it by rounding. */
const negligibleShare = 1e-12

const isSame = (one: Adapter, other: Adapter): boolean =>
  one === other ||
  (one.config.alpha === other.config.alpha &&
    [...one.tensors].every(([name, tensor]) => other.tensors.get(name)?.data === tensor.data))

/** How far `got` is from the model that it should be. */
export function gapBetween(wanted: ModelSum, got: ModelSum): Gap {
  const absolute = normOf(difference(wanted, got))
  const whole = normOf(wanted)
  return { absolute, relative: whole > 0 ? absolute / whole : 0 }
}
