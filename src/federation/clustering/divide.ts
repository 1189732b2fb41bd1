/**
 * Dividing devices into clusters: as many as the silhouette likes best or as many as were asked for; none at all (one
 * cluster) where the data shows none; and no cluster of one, which joins its nearest. With many devices the division is
 * found on some of them, the landmarks, and the others go to the nearest cluster, so that the cost grows linearly.
 */
import type { Random } from '../../lib/rng'
import { averageLinkage } from './agglomerative'
import type { Distances } from './distances'
import { distancesToClusters, kMeans, nearest } from './kMeans'
import { silhouette } from './scores'

export const clusterings = ['k-means', 'average-linkage'] as const

export interface DivisionConfig {
  readonly method: (typeof clusterings)[number]
  /** Null: as many as the silhouette likes best. */
  readonly count: number | null
  readonly mostClusters: number
  /** Below this mean silhouette the data shows no clusters and one is used. */
  readonly leastSilhouette: number
}

export interface Division {
  /** A label for every device, from 0. */
  readonly labels: readonly number[]
  /** Of the landmarks, mean. */
  readonly silhouette: number
}

/**
 * @param distances [device, landmark]
 * @param at where each landmark stands among the devices
 */
export function divide(
  distances: Distances,
  at: readonly number[],
  config: DivisionConfig,
  draw: Random,
): Division {
  const square = at.map((device) => distances[device])
  const one = { labels: distances.map(() => 0), silhouette: 0 }
  if (at.length < 4 && config.count === null) return one
  const most = Math.min(config.mostClusters, Math.floor(at.length / 2))
  const counts = config.count === null ? range(2, most) : [Math.max(1, Math.min(config.count, at.length))]
  let best: { labels: number[]; silhouette: number } | null = null
  for (const count of counts) {
    const labels = config.method === 'k-means' ? kMeans(square, count, draw) : averageLinkage(square, count)
    const score = silhouette(square, labels)
    if (!best || score > best.silhouette + 1e-9) best = { labels, silhouette: score }
  }
  const isPlain = !best || (config.count === null && best.silhouette < config.leastSilhouette)
  if (!best || isPlain) return { ...one, silhouette: best?.silhouette ?? 0 }
  const all = distancesToClusters(distances, square, best.labels, Math.max(...best.labels) + 1).map(nearest)
  return { labels: withoutLoners(all, distances, at), silhouette: best.silhouette }
}

/** A cluster of one joins the cluster whose members are nearest to it. */
function withoutLoners(labels: readonly number[], distances: Distances, at: readonly number[]): number[] {
  let next = [...labels]
  for (;;) {
    const sizes = new Map<number, number>()
    for (const label of next) sizes.set(label, (sizes.get(label) ?? 0) + 1)
    const loner = next.findIndex((label) => sizes.get(label) === 1)
    if (loner < 0 || sizes.size === 1) return renumbered(next)
    const others = [...sizes.keys()].filter((label) => label !== next[loner])
    const meanTo = (label: number) => {
      const columns = at.flatMap((device, column) => (next[device] === label ? [column] : []))
      const far = columns.reduce((sum, column) => sum + distances[loner][column], 0)
      return columns.length > 0 ? far / columns.length : Number.POSITIVE_INFINITY
    }
    const joined = others[nearest(others.map(meanTo))]
    next = next.map((label, device) => (device === loner ? joined : label))
  }
}

function renumbered(labels: readonly number[]): number[] {
  const names = [...new Set(labels)]
  return labels.map((label) => names.indexOf(label))
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, step) => from + step)
