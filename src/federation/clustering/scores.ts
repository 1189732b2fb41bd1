/**
 * How good a clustering is. The silhouette (Rousseeuw, 1987) looks at distances alone: (b - a) / max(a, b) with a the mean
 * distance to one's own cluster and b to the next one; a point alone in its cluster scores 0. The adjusted Rand index
 * (Hubert and Arabie, 1985) compares with labels that are known: 1 is the same division, 0 is what chance would give.
 */
import type { Distances } from './distances'

/** Mean over all points of a square matrix. 0 where there is one cluster only. */
export function silhouette(distances: Distances, labels: readonly number[]): number {
  const names = [...new Set(labels)]
  if (names.length < 2) return 0
  const scores = labels.map((label, point) => {
    const meanTo = (other: number) => {
      const members = labels.flatMap((name, at) => (name === other && at !== point ? [at] : []))
      return members.reduce((sum, at) => sum + distances[point][at], 0) / members.length
    }
    const own = meanTo(label)
    if (Number.isNaN(own)) return 0
    const next = Math.min(...names.filter((name) => name !== label).map(meanTo))
    const larger = Math.max(own, next)
    return larger > 0 ? (next - own) / larger : 0
  })
  return scores.reduce((sum, score) => sum + score, 0) / scores.length
}

/** Between two divisions of the same points, whatever their labels are called. */
export function adjustedRandIndex<Label>(
  first: readonly Label[],
  second: readonly (Label | number)[],
): number {
  const pairs = (count: number) => (count * (count - 1)) / 2
  const sumOf = (keys: readonly string[]) => {
    const counts = new Map<string, number>()
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
    return [...counts.values()].reduce((sum, count) => sum + pairs(count), 0)
  }
  const both = sumOf(first.map((label, at) => JSON.stringify([label, second[at]])))
  const ofFirst = sumOf(first.map((label) => JSON.stringify(label)))
  const ofSecond = sumOf(second.map((label) => JSON.stringify(label)))
  const expected = (ofFirst * ofSecond) / Math.max(1, pairs(first.length))
  const largest = (ofFirst + ofSecond) / 2
  return largest === expected ? 1 : (both - expected) / (largest - expected)
}
