/**
 * What robust rules look at. A point is a mixture of the updates of one merge, kept as its shares of them: at first each update
 * by itself, after bucketing means of a few. An estimate is a mixture as well; the aggregation rule realises it afterwards, as
 * it does any weighted mean. Lengths and distances follow from a Gram matrix, so no matrix of a layer's full size is formed.
 *
 * They are those of the *models*, in product space: whoever writes the same change in another basis, (B G, G⁻¹ A), is as
 * far from everybody as before. Where the factors themselves are averaged, though, that other basis is an attack of its own: the
 * model does not move, the mean of the factors does. There the factors count as well, each length in units of its median.
 */
import { dot } from '../algebra/matrix'
import { changeOf, gramOf } from '../algebra/models'
import type { Delta, LoraUpdate } from '../types'

/** A mixture of the updates: one share each. */
export type Shares = readonly number[]

export interface Point {
  readonly shares: Shares
  /** How much of the merge it stands for; over all points they sum to 1. */
  readonly weight: number
}

/** ⟨xᵢ, xⱼ⟩ of the updates of a merge. */
export type Gram = readonly (readonly number[])[]

/** Every update by itself. */
export function pointsOf(updates: readonly LoraUpdate[]): readonly Point[] {
  const total = updates.reduce((sum, { weight }) => sum + weight, 0)
  return updates.map(({ weight }, own) => ({
    shares: updates.map((_, at) => (at === own ? 1 : 0)),
    weight: weight / total,
  }))
}

/** ⟨ΔWᵢ, ΔWⱼ⟩ of what the updates change. @param averagesFactors the factors count as well */
export function gramOfUpdates(updates: readonly LoraUpdate[], averagesFactors: boolean): Gram {
  const ofModels = gramOf(updates.map(changeOf))
  if (!averagesFactors) return ofModels
  const ofFactors = updates.map(({ delta: x }) => updates.map(({ delta: y }) => productOf(x, y)))
  const [inModels, inFactors] = [ofModels, ofFactors].map(unitOf)
  return ofModels.map((row, i) =>
    row.map((product, j) => product / inModels ** 2 + ofFactors[i][j] / inFactors ** 2),
  )
}

/** The median length; 1 where at least half did not move. */
function unitOf(gram: Gram): number {
  const lengths = gram.map((row, at) => Math.sqrt(row[at])).sort((a, b) => a - b)
  return lengths[Math.ceil(lengths.length / 2) - 1] || 1
}

/** ⟨x, y⟩ over the numbers of all factors. */
export function productOf(x: Delta, y: Delta): number {
  let total = 0
  for (const [name, { data }] of x) {
    const other = y.get(name)
    if (other) total += dot(data, other.data)
  }
  return total
}

/** Σ factorᵢ pointᵢ */
export const mixtureOf = (points: readonly Point[], factors: readonly number[]): Shares =>
  points[0].shares.map((_, at) =>
    points.reduce((sum, { shares }, index) => sum + factors[index] * shares[at], 0),
  )

/** Their weighted mean. */
export function meanOf(points: readonly Point[]): Point {
  const weight = points.reduce((sum, point) => sum + point.weight, 0)
  return {
    shares: mixtureOf(
      points,
      points.map((point) => point.weight / weight),
    ),
    weight,
  }
}

/**
 * ‖x - y‖ of two mixtures: of their difference, because what both have of somebody who is very far away must not drown
 * what they differ in.
 */
export function distanceBetween(gram: Gram, x: Shares, y: Shares): number {
  const differing = x.flatMap((share, at) => (share === y[at] ? [] : [{ at, share: share - y[at] }]))
  let square = 0
  for (const one of differing)
    for (const other of differing) square += one.share * other.share * gram[one.at][other.at]
  return Math.sqrt(Math.max(0, square))
}

/** ‖xᵢ - xⱼ‖ of all pairs. */
export function distancesOf(gram: Gram, points: readonly Point[]): number[][] {
  const distances = points.map(() => new Array<number>(points.length).fill(0))
  for (const [i, one] of points.entries())
    for (let j = 0; j < i; j++)
      distances[i][j] = distances[j][i] = distanceBetween(gram, one.shares, points[j].shares)
  return distances
}
