/**
 * Centred clipping (Karimireddy et al., arXiv 2012.10333): v ← v + Σ wᵢ (xᵢ - v) min(1, τ / ‖xᵢ - v‖), three times. Nobody can
 * pull the centre further than its weight times τ, and nobody is left out. In the paper v starts where the last round ended,
 * and clients send momentum, so that rounds resemble each other; here a device sends eight steps of training from another
 * start each time. So v starts at the update whose median distance to the others is least, and τ is the median distance to v:
 * both follow from this round alone, nothing need be remembered through a reload, and fewer than half cannot choose either.
 */
import { distanceBetween, distancesOf, mixtureOf, type Shares } from './points'
import { minorityOf, type Question, type RobustRule } from './rule'

const turns = 3

export const centredClipping: RobustRule = {
  perCoordinate: false,
  bears: minorityOf,
  estimate(question) {
    let centre = middleOf(question)
    for (let turn = 0; turn < turns; turn++) centre = clippedAround(question, centre)
    return { kind: 'mixture', shares: centre }
  },
}

/** The point from which half of the others are least far; of equals the first. */
function middleOf({ gram, points }: Question): Shares {
  const reach = distancesOf(gram, points).map(lowerMedian)
  return points[reach.indexOf(Math.min(...reach))].shares
}

function clippedAround({ gram, points }: Question, centre: Shares): Shares {
  const away = points.map(({ shares }) => distanceBetween(gram, centre, shares))
  const radius = lowerMedian(away)
  const pulls = points.map(({ weight }, at) => (away[at] > radius ? (weight * radius) / away[at] : weight))
  const kept = 1 - pulls.reduce((sum, pull) => sum + pull, 0)
  const drawn = mixtureOf(points, pulls)
  return centre.map((share, at) => kept * share + drawn[at])
}

/** The lower one of an even number: the upper one could be a liar's. */
const lowerMedian = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1]
