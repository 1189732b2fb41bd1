/** Weights over the tokens as areas that lie upon each other: each begins where the one below it ends, and all fill the height. */
import type { Weights } from '../../../node/reasoning/view/view'

export interface Area {
  readonly id: string
  /** An SVG path in a square of 1 × 1, y downwards. */
  readonly path: string
}

/** In the order in which they first counted, from the bottom up. */
export function areasOf(past: readonly Weights[]): readonly Area[] {
  const ids = [...new Set(past.flatMap((members) => members.map(({ id }) => id)))]
  // A single vector is drawn over the whole width.
  const columns = past.length === 1 ? [past[0], past[0]] : past
  let below = columns.map(() => 0)
  return ids.map((id) => {
    const above = columns.map((members, at) => {
      const total = members.reduce((sum, { weight }) => sum + weight, 0) || 1
      return below[at] + (members.find((one) => one.id === id)?.weight ?? 0) / total
    })
    const point = (height: number, at: number) =>
      `${rounded(at / (columns.length - 1))},${rounded(1 - height)}`
    const outline = [...above.map(point), ...below.map(point).reverse()]
    below = above
    return { id, path: `M${outline.join('L')}Z` }
  })
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4
