/**
 * The angles of rotary positions, as a table. Dimension pair k of a head turns by position · θ^(-2k / headWidth); a file
 * may stretch that to contexts longer than the model was first trained for, evenly (`linear`) or the slow turns only
 * (`llama3`). Computed in float64, since angles reach thousands of turns.
 * Sources: Su et al., RoFormer, arXiv 2104.09864; the llama3 rule as in Meta's llama-models and transformers.
 */
import type { ModelConfig, RopeScaling } from './config'

/** Per position the cosines of all pairs, then their sines [context, headWidth]. */
export function ropeTable({
  contextLength,
  headWidth,
  rope,
}: Pick<ModelConfig, 'contextLength' | 'headWidth' | 'rope'>): Float32Array {
  if (!rope) throw new RangeError('This model has no rotary positions.')
  const pairs = headWidth / 2
  const frequencies = Float64Array.from({ length: pairs }, (_, pair) =>
    scaled(rope.theta ** (-pair / pairs), rope.scaling),
  )
  const table = new Float32Array(contextLength * headWidth)
  for (let position = 0; position < contextLength; position++) {
    for (let pair = 0; pair < pairs; pair++) {
      const angle = position * frequencies[pair]
      table[position * headWidth + pair] = Math.cos(angle)
      table[position * headWidth + pairs + pair] = Math.sin(angle)
    }
  }
  return table
}

/** A pair's turn per position in radians, after scaling. */
function scaled(frequency: number, scaling: RopeScaling): number {
  switch (scaling.kind) {
    case 'none':
      return frequency
    case 'linear':
      return frequency / scaling.factor
    case 'llama3': {
      const { factor, lowFrequencyFactor, highFrequencyFactor, originalContextLength } = scaling
      const turns = (originalContextLength * frequency) / (2 * Math.PI) // in the original context
      if (turns < lowFrequencyFactor) return frequency / factor
      if (turns > highFrequencyFactor) return frequency
      const kept = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
      return (1 - kept) * (frequency / factor) + kept * frequency
    }
  }
}
