/** The adapter that a room trains, and how a model is opened for it. */
import type { AdapterConfig } from '../../model/adapter'
import type { Settings } from '../table'

export const adapterConfigOf = ({ rank, alpha, targets }: Settings): AdapterConfig => ({
  rank,
  alpha: alpha ?? 2 * rank,
  targets,
})
