/**
 * What the server does with the averaged difference Δ = Σ wᵢ Δᵢ of the factors: it treats it as a gradient. FedAvg walks
 * along it (McMahan et al., arXiv 1602.05629), FedAvgM with a heavy ball (Hsu et al., arXiv 1909.06335), FedAdagrad,
 * FedAdam and FedYogi scale each number by the size it usually has (Reddi et al., arXiv 2003.00295, Algorithm 2, without
 * bias correction). Their memory lives in the basis of the factors: a rule that refactors cannot use them. A factor that
 * is absent from Δ keeps its value and its memory, so alternating rules have separate moments for A and B.
 */
import type { Tensor, TensorMap } from '../../model/safetensors'
import type { AggregationSettings, Delta, ServerMemory, ServerOptimizerName } from './types'

export type ServerSettings = Pick<AggregationSettings, 'serverRate' | 'serverMomentum'>

export interface ServerOptimizer {
  /** A rate to begin with: adaptive steps are about as long as the rate itself, whatever the updates' size. */
  readonly usualRate: number
  /** One number's step: its difference and its two moments in, the change and the new moments out. */
  step(delta: number, momentum: number, variance: number, settings: ServerSettings): Moments
}

/** The step to take, then the moments to remember. */
type Moments = readonly [step: number, momentum: number, variance: number]

const firstDecay = 0.9
const secondDecay = 0.99
/** Called τ in the paper: below this size a number counts as still. */
const stillness = 1e-3

/** The step of the adaptive three, which differ only in how the second moment grows. */
const adaptive = (grow: (variance: number, square: number) => number): ServerOptimizer => ({
  usualRate: 1e-3,
  step(delta, momentum, variance, { serverRate }) {
    const first = firstDecay * momentum + (1 - firstDecay) * delta
    const second = grow(variance, delta * delta)
    return [(serverRate * first) / (Math.sqrt(second) + stillness), first, second]
  },
})

export const serverOptimizers: Readonly<Record<ServerOptimizerName, ServerOptimizer>> = {
  fedavg: { usualRate: 1, step: (delta, _m, _v, { serverRate }) => [serverRate * delta, 0, 0] },
  fedavgm: {
    usualRate: 1,
    step(delta, momentum, _variance, { serverRate, serverMomentum }) {
      const velocity = serverMomentum * momentum + delta
      return [serverRate * velocity, velocity, 0]
    },
  },
  fedadagrad: adaptive((variance, square) => variance + square),
  fedadam: adaptive((variance, square) => secondDecay * variance + (1 - secondDecay) * square),
  fedyogi: adaptive(
    (variance, square) => variance - (1 - secondDecay) * square * Math.sign(variance - square),
  ),
}

/**
 * The next factors. Numbers are computed in float64 and rounded once. A difference is the one to the factors that the plain mean
 * would be kept as: an average that was made in two tiers, and kept in between, moves everything to the same last bit.
 * @throws RangeError where a result is not finite
 */
export function serverStep(
  name: ServerOptimizerName,
  current: TensorMap,
  mean: Delta,
  memory: ServerMemory | null,
  settings: ServerSettings,
): { readonly tensors: TensorMap; readonly memory: ServerMemory } {
  const { step } = serverOptimizers[name]
  const tensors = new Map(current)
  const momentum = new Map(memory?.momentum)
  const variance = new Map(memory?.variance)
  for (const [tensorName, { data: delta }] of mean) {
    const { shape, data } = current.get(tensorName)!
    const blank = () => new Float32Array(data.length)
    const [next, first, second] = [blank(), blank(), blank()]
    const oldFirst = momentum.get(tensorName)?.data
    const oldSecond = variance.get(tensorName)?.data
    for (let index = 0; index < data.length; index++) {
      const [change, newFirst, newSecond] = step(
        Math.fround(data[index] + delta[index]) - data[index],
        oldFirst?.[index] ?? 0,
        oldSecond?.[index] ?? 0,
        settings,
      )
      next[index] = data[index] + change
      first[index] = newFirst
      second[index] = newSecond
      if (!Number.isFinite(next[index])) throw new RangeError(`The merged ${tensorName} is not finite.`)
    }
    tensors.set(tensorName, { shape, data: next })
    remember(momentum, tensorName, { shape, data: first })
    remember(variance, tensorName, { shape, data: second })
  }
  return { tensors, memory: { momentum, variance } }
}

/** Moments that an optimizer never uses are not kept: they would be stored and sent for nothing. */
function remember(moments: Map<string, Tensor>, name: string, tensor: Tensor): void {
  if (moments.has(name) || tensor.data.some((value) => value !== 0)) moments.set(name, tensor)
}
