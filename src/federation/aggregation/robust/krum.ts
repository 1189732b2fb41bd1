/**
 * Krum and Multi-Krum (Blanchard et al., NeurIPS 2017). The score of an update is the sum of the squared distances to the
 * n - f - 2 updates nearest to it, so that liars, who are f at most, cannot vouch for each other. Krum takes the one with the
 * least score, and throws away what all others have learned; Multi-Krum takes the mean of the best n - f. Neither asks for claims:
 * a weight counts only among those who were taken. Where text differs from device to device, Krum's choice is one device's text.
 */
import type { Gram } from './points'
import { distancesOf, meanOf, type Point } from './points'
import type { Estimate, Question, RobustRule } from './rule'

/** n > 2 f + 2 */
const bears = (points: number): number => Math.ceil((points - 2) / 2) - 1

export const krum: RobustRule = {
  perCoordinate: false,
  bears,
  estimate: (question) => best(question, 1, 'another one was nearest to most, and krum takes one alone'),
}

export const multiKrum: RobustRule = {
  perCoordinate: false,
  bears,
  estimate: (question) =>
    best(
      question,
      question.points.length - question.liars,
      'it is among those that are furthest from the others (multi-krum)',
    ),
}

/** The mean of so many with the least scores; of equals the first. */
function best({ gram, points, liars }: Question, count: number, leftOut: string): Estimate {
  const scores = scoresOf(gram, points, liars)
  const chosen = [...points.keys()].sort((i, j) => scores[i] - scores[j] || i - j).slice(0, count)
  const kept = points.filter((_, at) => chosen.includes(at))
  return { kind: 'choice', shares: meanOf(kept).shares, leftOut }
}

/** Σ over the n - f - 2 nearest of ‖xᵢ - xⱼ‖² */
export const scoresOf = (gram: Gram, points: readonly Point[], liars: number): number[] =>
  distancesOf(gram, points).map((row, own) =>
    row
      .filter((_, other) => other !== own)
      .sort((a, b) => a - b)
      .slice(0, points.length - liars - 2)
      .reduce((sum, distance) => sum + distance ** 2, 0),
  )
