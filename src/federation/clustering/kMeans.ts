/**
 * Kernel k-means: Lloyd's algorithm where only distances are known. A centroid is the mean of its members, and
 * d(x, c) = mean_l d(x, l) - 1/2 mean_{l, l'} d(l, l') over the members l is exact for squared distances (Dhillon et al.,
 * 2004). First centroids are drawn as in k-means++ (Arthur and Vassilvitskii, 2007), some times over; the tightest wins.
 */
import type { Random } from '../../lib/rng'
import type { Distances } from './distances'

const restarts = 8
const mostTurns = 50

/** A label for every point of a square matrix of distances. */
export function kMeans(distances: Distances, count: number, draw: Random): number[] {
  let best: { labels: number[]; spread: number } | null = null
  for (let restart = 0; restart < restarts; restart++) {
    const found = lloyd(distances, firstLabels(distances, count, draw), count)
    if (!best || found.spread < best.spread - 1e-12) best = found
  }
  return best!.labels
}

/** [point, cluster]: how far every point (row) is from every cluster of the columns' labels; Infinity where it is empty. */
export function distancesToClusters(
  rows: Distances,
  columns: Distances,
  labels: readonly number[],
  count: number,
): number[][] {
  const members = Array.from({ length: count }, (_, cluster) =>
    labels.flatMap((label, at) => (label === cluster ? [at] : [])),
  )
  const within = members.map((own) => meanOf(own, (a) => meanOf(own, (b) => columns[a][b])) / 2)
  return rows.map((row) =>
    members.map((own, cluster) =>
      own.length === 0 ? Number.POSITIVE_INFINITY : meanOf(own, (at) => row[at]) - within[cluster],
    ),
  )
}

/** The place of the least value. */
export const nearest = (values: readonly number[]): number =>
  values.reduce((best, value, at) => (value < values[best] ? at : best), 0)

function firstLabels(distances: Distances, count: number, draw: Random): number[] {
  const seeds = [draw.int(distances.length)]
  while (seeds.length < count) {
    const gaps = distances.map((row) => Math.min(...seeds.map((seed) => row[seed])))
    let left = draw.next() * gaps.reduce((sum, gap) => sum + gap, 0)
    const next = gaps.findIndex((gap) => {
      left -= gap
      return left < 0
    })
    seeds.push(next >= 0 ? next : draw.int(distances.length))
  }
  return distances.map((row) => nearest(seeds.map((seed) => row[seed])))
}

function lloyd(distances: Distances, first: number[], count: number): { labels: number[]; spread: number } {
  let labels = first
  for (let turn = 0; turn < mostTurns; turn++) {
    const next = distancesToClusters(distances, distances, labels, count).map(nearest)
    if (next.every((label, at) => label === labels[at])) break
    labels = next
  }
  const far = distancesToClusters(distances, distances, labels, count)
  return { labels, spread: far.reduce((sum, row, at) => sum + row[labels[at]], 0) }
}

const meanOf = (items: readonly number[], value: (item: number) => number): number =>
  items.reduce((sum, item) => sum + value(item), 0) / Math.max(1, items.length)
