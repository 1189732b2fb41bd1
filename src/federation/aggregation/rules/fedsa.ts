/**
 * FedSA-LoRA (Guo et al., arXiv 2410.01463): devices train both factors but share A only: A learns what is general, B
 * what is each device's own and never leaves it. There is no one model but one per device, so the server knows no
 * distortion; the common adapter (A with a B that is still zero) is what a newcomer starts from.
 */
import type { AggregationRule } from '../types'
import { both, fedit } from './fedit'

export const fedsa: AggregationRule = {
  ...fedit,
  name: 'fedsa',
  wanted: null,
  mergesInTiers: false,
  learns: () => both,
  sends: () => ({ a: true, b: false }),
}
