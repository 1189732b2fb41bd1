/** Means over devices and their texts. */
import { countedExamples } from '../../federation/aggregation/limits'
import type { Evaluation } from '../../training/compute'

/**
 * Token-weighted mean of evaluations: the loss on all their texts together. How much text a device has measured is its own
 * claim, and counts as claims of examples do: up to the median.
 * @param claimed by devices, on text that nobody else can see
 */
export function pooled(
  measured: readonly (Evaluation | null)[],
  claimed: readonly Evaluation[],
): number | null {
  const all = [...measured.filter((part) => part !== null), ...claimed]
  const counted = countedExamples(all.map(({ tokens }) => ({ examples: tokens, behind: [] })))
  const isClaim = (at: number) => at >= all.length - claimed.length
  return weighted(
    all.map(({ loss, tokens }, at) => ({ value: loss, weight: isClaim(at) ? counted[at] : tokens })),
  )
}

/** Null where nothing has weight. */
export function weighted(
  parts: readonly { readonly value: number; readonly weight: number }[],
): number | null {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  return total > 0 ? parts.reduce((sum, { value, weight }) => sum + value * weight, 0) / total : null
}
