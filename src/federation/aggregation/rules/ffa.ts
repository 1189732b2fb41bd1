/**
 * FFA-LoRA (Sun et al., arXiv 2403.12313): A keeps its random initial value, the same in every tab; devices train and send
 * B alone. The model is linear in B, so averaging is exact, traffic halves, and noise for privacy enters once instead of
 * as a product. It learns less than two factors do.
 */
import type { AggregationRule } from '../types'
import { fedit } from './fedit'

const onlyB = { a: false, b: true }

export const ffa: AggregationRule = {
  ...fedit,
  name: 'ffa',
  exact: true,
  learns: () => onlyB,
  sends: () => onlyB,
}
