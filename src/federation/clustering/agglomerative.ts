/**
 * Average-linkage agglomerative clustering (UPGMA; Sokal and Michener, 1958): every point begins as its own cluster, and
 * the two clusters with the least mean distance between their points are joined until `count` are left.
 */
import type { Distances } from './distances'

/** A label for every point of a square matrix of distances, in order of first appearance. */
export function averageLinkage(distances: Distances, count: number): number[] {
  let clusters = distances.map((_, point) => [point])
  const between = distances.map((row) => [...row])
  while (clusters.length > count) {
    const [a, b] = closest(between)
    const [first, second] = [clusters[a].length, clusters[b].length]
    // Lance and Williams: the mean distance to a union is the weighted mean of the distances to its parts.
    for (const [c, row] of between.entries()) {
      const joined = (first * between[a][c] + second * between[b][c]) / (first + second)
      between[a][c] = joined
      row[a] = joined
    }
    between[a][a] = 0
    between.splice(b, 1)
    for (const row of between) row.splice(b, 1)
    clusters[a] = [...clusters[a], ...clusters[b]]
    clusters = clusters.filter((_, at) => at !== b)
  }
  const labels = distances.map(() => 0)
  for (const [label, points] of clusters.entries()) for (const point of points) labels[point] = label
  return labels
}

/** The closest two, the lower place first. */
function closest(between: Distances): readonly [number, number] {
  let best: readonly [number, number] = [0, 1]
  for (let a = 0; a < between.length; a++)
    for (let b = a + 1; b < between.length; b++) if (between[a][b] < between[best[0]][best[1]]) best = [a, b]
  return best
}
