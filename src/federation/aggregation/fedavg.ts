/**
 * Federated averaging of adapters with a server step, for a coordinator that knows one rule only: FedIT under FedAvg
 * (McMahan et al., arXiv 1602.05629) or, with momentum, FedAvgM (Hsu et al., arXiv 1909.06335). The same sums as
 * `aggregate` with the rule `fedit`, on any tensors.
 */
import type { TensorMap } from '../../model/safetensors'
import { meanDelta } from './global/mean'
import { serverStep } from './serverOptimizers'

export interface WeightedUpdate {
  /** Difference to the adapter that the device started from. */
  readonly delta: TensorMap
  /** Its share pᵢ; all shares of a round sum to 1. */
  readonly weight: number
}

export interface ServerStep {
  /** How far the server goes along the averaged update; 1 is plain averaging. */
  readonly rate: number
  /** Share of the last velocity that is kept, in [0, 1). */
  readonly momentum: number
}

export interface Merged {
  readonly tensors: TensorMap
  readonly velocity: TensorMap
}

/**
 * The next version of an adapter. Updates must have passed `updateComplaint`.
 * @param velocity of the last round; null before the first
 * @throws RangeError where the result is not finite: keep the last version then
 */
export function fedavg(
  current: TensorMap,
  updates: readonly WeightedUpdate[],
  velocity: TensorMap | null,
  { rate, momentum }: ServerStep,
): Merged {
  const memory = velocity && { momentum: velocity, variance: new Map() }
  const settings = { serverRate: rate, serverMomentum: momentum }
  const step = serverStep('fedavgm', current, meanDelta(updates), memory, settings)
  return { tensors: step.tensors, velocity: step.memory.momentum }
}
