/**
 * Federated averaging of adapters with a server step: w⁺ = w + rate · v, v = momentum · v + Σ pᵢ Δᵢ, where Δᵢ is what
 * device i's local training changed and pᵢ its share of the examples. Momentum 0 and rate 1 is FedAvg (McMahan et al.,
 * arXiv 1602.05629); momentum > 0 is FedAvgM (Hsu et al., arXiv 1909.06335). The factors A and B are averaged separately
 * (FedIT, arXiv 2305.05644), which is not the average of the products B A: the gap is called distortion. Sums run in
 * float64 in the given order, so the same updates give the same bits.
 */
import type { TensorMap } from '../../model/safetensors'

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
  const tensors = new Map<string, { shape: readonly number[]; data: Float32Array }>()
  const velocities = new Map<string, { shape: readonly number[]; data: Float32Array }>()
  for (const [name, { shape, data }] of current) {
    const next = new Float32Array(data.length)
    const speed = new Float32Array(data.length)
    const before = velocity?.get(name)?.data
    const deltas = updates.map(({ delta, weight }) => ({ weight, data: delta.get(name)!.data }))
    for (let index = 0; index < data.length; index++) {
      let sum = before ? momentum * before[index] : 0
      for (const delta of deltas) sum += delta.weight * delta.data[index]
      speed[index] = sum
      next[index] = data[index] + rate * sum
      if (!Number.isFinite(next[index])) throw new RangeError(`The merged ${name} is not finite.`)
    }
    tensors.set(name, { shape, data: next })
    velocities.set(name, { shape, data: speed })
  }
  return { tensors, velocity: velocities }
}
