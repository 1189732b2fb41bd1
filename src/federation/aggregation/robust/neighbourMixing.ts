/**
 * Nearest-neighbour mixing (Allouah et al., "Fixing by Mixing", AISTATS 2023, arXiv 2302.01772): each update is replaced by the mean of
 * the n - f updates nearest to it, itself among them, and the rule that follows sees those means. A rule like the geometric
 * median bounds how far liars draw it, by what honest updates differ among themselves; averaging n - f of them first leaves little
 * of that, so that near a half of liars draws it hardly further. It bears what the rule bears: unlike buckets (bucketing.ts), of which one
 * liar spoils one, a liar spoils no mean but those that it is nearest to. It knows f, as Krum does, and is worth as much as that supposition.
 */
import { distancesOf, type Gram, meanOf, type Point } from './points'

/** @param liars f, fewer than half of the points */
export const mixedWithNeighbours = (gram: Gram, points: readonly Point[], liars: number): readonly Point[] =>
  distancesOf(gram, points).map((away, own) => {
    const nearest = [...points.keys()].sort((i, j) => away[i] - away[j] || i - j)
    const { shares } = meanOf(nearest.slice(0, points.length - liars).map((at) => points[at]))
    return { shares, weight: points[own].weight }
  })
