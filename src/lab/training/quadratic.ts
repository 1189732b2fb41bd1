/**
 * A model of training that costs next to nothing: every device wants its own low-rank matrix W*, its loss is
 * 1/2 |B A - W*|² / n, a step is gradient descent on the factors with some noise. It has what schemes care about (LoRA
 * factors, drift between devices, groups, distortion) and nothing of language; for questions about speed and scale only.
 */
import { globalOf } from '../../federation/aggregation/global/fold'
import type { GlobalAdapter } from '../../federation/aggregation/types'
import { type Random, random } from '../../lib/rng'
import type { TensorMap } from '../../model/safetensors'
import type { Trainer } from './trainer'

const size = 8
const commonRank = 2
const rate = 0.2
const layer = 'base_model.model.quadratic'
const [nameOfA, nameOfB] = [`${layer}.lora_A.weight`, `${layer}.lora_B.weight`]

export interface QuadraticSettings {
  readonly devices: number
  readonly seed: number
  /** Devices of a group want almost the same. */
  readonly groups: number
  /** How far the devices of a group are apart, against 1 between groups. */
  readonly spread: number
  readonly noise: number
}

export function quadraticTrainer({ devices, seed, groups, spread, noise }: QuadraticSettings): Trainer {
  const wishes = Array.from({ length: groups }, (_, group) => lowRank(random(seed, 'group', group)))
  const wishOf = Array.from({ length: devices }, (_, device) => {
    const own = lowRank(random(seed, 'device', device))
    return wishes[device % groups].map((x, at) => x + spread * own[at])
  })
  const draw = random(seed, 'initial')
  const initial = globalOf({
    config: { rank: commonRank, alpha: commonRank, targets: ['quadratic'] },
    tensors: new Map([
      [
        nameOfA,
        {
          shape: [commonRank, size],
          data: Float32Array.from({ length: commonRank * size }, () => draw.gaussian() / 2),
        },
      ],
      [nameOfB, { shape: [size, commonRank], data: new Float32Array(size * commonRank) }],
    ]),
  })
  const nothing = new Float64Array(size * size)
  /** What the device still wants once exact aggregations have folded something into the base. */
  const wantOf = (device: number, folded: TensorMap | undefined) => {
    if (!folded?.size) return wishOf[device]
    const frozen = productOf(folded)
    return wishOf[device].map((x, at) => x - frozen[at])
  }
  const lossOf = (device: number, global: GlobalAdapter | null) =>
    lossBetween(global ? productOf(global.adapter.tensors) : nothing, wantOf(device, global?.folded))
  const descend = (tensors: TensorMap, wish: Float64Array, steps: number, jitter: Random, mu: number) => {
    const [a0, b0] = [tensors.get(nameOfA)!.data, tensors.get(nameOfB)!.data]
    const [a, b] = [Float64Array.from(a0), Float64Array.from(b0)]
    for (let step = 0; step < steps; step++) {
      const gap = multiplied(b, a)
      for (let at = 0; at < gap.length; at++) gap[at] += noise * jitter.gaussian() - wish[at]
      const [ga, gb] = [gradientOfA(b, gap), gradientOfB(a, gap)]
      for (let at = 0; at < a.length; at++) a[at] -= rate * (ga[at] + mu * (a[at] - a0[at]))
      for (let at = 0; at < b.length; at++) b[at] -= rate * (gb[at] + mu * (b[at] - b0[at]))
    }
    const own = a.length / size
    return new Map([
      [nameOfA, { shape: [own, size], data: Float32Array.from(a) }],
      [nameOfB, { shape: [size, own], data: Float32Array.from(b) }],
    ])
  }
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length
  return {
    initial,
    examplesOf: (device) => 16 + (device % 5),
    async train({ device, start, steps, seed: order, proximal }) {
      const want = wantOf(device, start.folded)
      const end = descend(start.adapter.tensors, want, steps, random(order, 'noise'), proximal)
      return { end, loss: lossBetween(productOf(end), want) }
    },
    fit: async (device, adapter) => lossOf(device, adapter),
    evaluate: async (holdings) =>
      mean(holdings.flatMap(({ adapter, devices: own }) => own.map((device) => lossOf(device, adapter)))),
    async alone(steps) {
      const start = initial.adapter.tensors
      return mean(
        wishOf.map((wish, device) =>
          lossBetween(productOf(descend(start, wish, steps, random(seed, 'alone', device), 0)), wish),
        ),
      )
    },
    async centralised(steps) {
      const wish = wishOf[0].map((_, at) => mean(wishOf.map((own) => own[at])))
      const end = productOf(descend(initial.adapter.tensors, wish, steps, random(seed, 'all'), 0))
      return mean(wishOf.map((own) => lossBetween(end, own)))
    },
    close: async () => {},
  }
}

function lowRank(draw: Random): Float64Array {
  const factor = () =>
    Float64Array.from({ length: commonRank * size }, () => draw.gaussian() / Math.sqrt(commonRank))
  return multiplied(factor(), factor())
}

const productOf = (tensors: TensorMap): Float64Array =>
  multiplied(Float64Array.from(tensors.get(nameOfB)!.data), Float64Array.from(tensors.get(nameOfA)!.data))

/** b [size, rank] times a [rank, size], of any rank. */
function multiplied(b: Float64Array, a: Float64Array): Float64Array {
  const rank = a.length / size
  const result = new Float64Array(size * size)
  for (let row = 0; row < size; row++)
    for (let inner = 0; inner < rank; inner++)
      for (let column = 0; column < size; column++)
        result[row * size + column] += b[row * rank + inner] * a[inner * size + column]
  return result
}

/** bᵀ gap / size */
function gradientOfA(b: Float64Array, gap: Float64Array): Float64Array {
  const rank = b.length / size
  const result = new Float64Array(rank * size)
  for (let row = 0; row < size; row++)
    for (let inner = 0; inner < rank; inner++)
      for (let column = 0; column < size; column++)
        result[inner * size + column] += (b[row * rank + inner] * gap[row * size + column]) / size
  return result
}

/** gap aᵀ / size */
function gradientOfB(a: Float64Array, gap: Float64Array): Float64Array {
  const rank = a.length / size
  const result = new Float64Array(size * rank)
  for (let row = 0; row < size; row++)
    for (let inner = 0; inner < rank; inner++)
      for (let column = 0; column < size; column++)
        result[row * rank + inner] += (gap[row * size + column] * a[inner * size + column]) / size
  return result
}

function lossBetween(product: Float64Array, wish: Float64Array): number {
  let sum = 0
  for (let at = 0; at < product.length; at++) sum += (product[at] - wish[at]) ** 2
  return sum / (2 * product.length)
}
