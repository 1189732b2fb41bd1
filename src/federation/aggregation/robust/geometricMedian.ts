/**
 * The geometric median, called RFA in federations (Pillutla et al., arXiv 1912.13445): the point from which the weighted sum of
 * distances to all others is least. Fewer than half of the weight cannot draw it away, however far they go. It is found by
 * Weiszfeld's iteration, v ← Σ βᵢ xᵢ / Σ βᵢ with βᵢ = wᵢ / max(ν, ‖v - xᵢ‖), which needs distances only and so runs in
 * the shares. From the mean of points of which some are at 1e30 it takes some hundred turns to come home, each of them cheap;
 * the three that the paper asks for would not do.
 */
import { distanceBetween, distancesOf, meanOf, mixtureOf, type Point, type Shares } from './points'
import { minorityOf, type RobustRule } from './rule'

const mostTurns = 1000
/** Of the least distance between any two: ν, which keeps a point that sits on v from outweighing all. */
const closeness = 1e-3
/** Of the distance to the nearest point: it rests once a turn moves it less. */
const restless = 1e-7

export const geometricMedian: RobustRule = {
  perCoordinate: false,
  bears: minorityOf,
  estimate({ gram, points }) {
    const distances = distancesOf(gram, points)
    const apart = Math.min(...distances.flat().filter((distance) => distance > 0))
    const nearest = Number.isFinite(apart) ? closeness * apart : 1
    let median = meanOf(points).shares
    for (let turn = 0; turn < mostTurns; turn++) {
      const away = points.map(({ shares }) => Math.max(nearest, distanceBetween(gram, median, shares)))
      const next = weighed(points, away)
      const moved = distanceBetween(gram, median, next)
      median = next
      if (moved <= restless * Math.min(...away)) break
    }
    return { kind: 'mixture', shares: median }
  },
}

/** Σ (wᵢ / awayᵢ) xᵢ, as a mean. */
function weighed(points: readonly Point[], away: readonly number[]): Shares {
  const pulls = points.map(({ weight }, at) => weight / away[at])
  const total = pulls.reduce((sum, pull) => sum + pull, 0)
  return mixtureOf(
    points,
    pulls.map((pull) => pull / total),
  )
}
