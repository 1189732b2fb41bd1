/**
 * Trimmed mean and median, number by number (Yin et al., arXiv 1803.01498): of every number of the factor that all trained, the
 * f smallest and the f largest values are dropped and the rest averaged, or the middle one is taken. Claims count for nothing.
 * A single number of a factor means something only beside the other factor: (B G, G⁻¹ A) is the same model with other numbers. So
 * these go with aggregations in which all devices share one factor and train the other (FFA-LoRA, RoLoRA), and with no other.
 */
import type { Delta } from '../types'
import { minorityOf, type Question, type RobustRule } from './rule'

export const trimmedMean: RobustRule = {
  perCoordinate: true,
  bears: minorityOf,
  estimate: (question) => ({
    kind: 'change',
    delta: eachNumber(question, (sorted) => middleMean(sorted, question.liars)),
  }),
}

export const median: RobustRule = {
  perCoordinate: true,
  bears: minorityOf,
  estimate: (question) => ({
    kind: 'change',
    delta: eachNumber(question, (sorted) => middleMean(sorted, minorityOf(sorted.length))),
  }),
}

/** The mean without so many at either end; without a minority at both it is the median. */
function middleMean(sorted: Float64Array, cut: number): number {
  let sum = 0
  for (let at = cut; at < sorted.length - cut; at++) sum += sorted[at]
  return sum / (sorted.length - 2 * cut)
}

/** @param centre of the points' values, smallest first */
function eachNumber({ points, updates }: Question, centre: (sorted: Float64Array) => number): Delta {
  const names = [...updates[0].delta.keys()]
  const values = new Float64Array(points.length)
  return new Map(
    names.map((name) => {
      const tensors = updates.map(({ delta }) => delta.get(name)!)
      const { shape, data: first } = tensors[0]
      const data = new Float64Array(first.length)
      for (let index = 0; index < data.length; index++) {
        for (const [at, { shares }] of points.entries())
          values[at] = shares.reduce((sum, share, own) => sum + share * tensors[own].data[index], 0)
        data[index] = centre(values.sort())
      }
      return [name, { shape, data }]
    }),
  )
}
