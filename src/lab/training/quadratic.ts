/**
 * A model of training that costs next to nothing: every device wants its own low-rank matrix W*, its loss is
 * 1/2 |B A - W*|² / n, a step is gradient descent on the factors with some noise. It has what schemes care about (LoRA
 * factors, drift between devices, groups, distortion) and nothing of language; for questions about speed and scale only.
 */
import { decodeGlobal } from '../../federation/aggregation/global/bytes'
import { type Random, random } from '../../lib/rng'
import { type AdapterConfig, atRank, encodeAdapter } from '../../model/adapter'
import type { TensorMap } from '../../model/safetensors'
import type { Trainer } from './trainer'

const size = 8
/** Of its own, whatever a preset says. */
export const quadraticRank = 2
const config: AdapterConfig = { rank: quadraticRank, alpha: quadraticRank, targets: ['quadratic'] }
const rate = 0.2
const layer = 'base_model.model.quadratic'
const [nameOfA, nameOfB] = [`${layer}.lora_A.weight`, `${layer}.lora_B.weight`]
/** What a row of text would have: devices that say how fast they are count tokens. */
const tokensPerRow = 250

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
  const initial = initialFactors(seed)
  const examplesOf = (device: number) => 16 + (device % 5)
  const lossOf = (device: number, bytes: Uint8Array | null) => {
    const { own, folded } = productsOf(bytes, config)
    return lossBetween(own, without(wishOf[device], folded))
  }
  const descend = (
    tensors: TensorMap,
    wish: Float64Array,
    { steps, mu = 0, learns = { a: true, b: true } }: Descent,
    jitter: Random,
  ) => {
    const [a0, b0] = [tensors.get(nameOfA)!.data, tensors.get(nameOfB)!.data]
    const [a, b] = [new Float64Array(a0), new Float64Array(b0)]
    for (let step = 0; step < steps; step++) {
      const gap = multiplied(b, a)
      for (let at = 0; at < gap.length; at++) gap[at] += noise * jitter.gaussian() - wish[at]
      const [ga, gb] = [gradientOfA(b, gap), gradientOfB(a, gap)]
      if (learns.a) for (let at = 0; at < a.length; at++) a[at] -= rate * (ga[at] + mu * (a[at] - a0[at]))
      if (learns.b) for (let at = 0; at < b.length; at++) b[at] -= rate * (gb[at] + mu * (b[at] - b0[at]))
    }
    return factors(a, b)
  }
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length
  return {
    opened: {
      backend: 'cpu',
      device: 'a quadratic model of training',
      speaksOn: null,
      precision: 'float32',
      bytesPerRow: 0,
      modelHash: '0'.repeat(64),
      parameters: size * size,
      contextLength: 1,
      adapter: config,
      initialAdapter: encodeAdapter({ config, tensors: initial }),
    },
    hold: async (device) => ({
      examples: examplesOf(device),
      rows: examplesOf(device),
      tokens: tokensPerRow * examplesOf(device),
    }),
    async train(device, { adapter: bytes, rank = config.rank, steps, batch, seed: order, proximal, learns }) {
      const own = atRank(config, rank)
      const { adapter, folded } = decodeGlobal(bytes, own, 0)
      const want = without(wishOf[device], folded.size > 0 ? productOf(folded) : null)
      const end = descend(adapter.tensors, want, { steps, mu: proximal, learns }, random(order, 'noise'))
      const examples = steps * batch
      return {
        adapter: encodeAdapter({ config: own, tensors: end }),
        examples,
        tokens: examples * tokensPerRow,
        seconds: 0,
        loss: lossBetween(productOf(end), want),
      }
    },
    fit: async (device, adapter) => ({ loss: lossOf(device, adapter), tokens: tokensPerRow }),
    async evaluate(holdings) {
      return mean(
        holdings.flatMap(({ adapter, devices: own }) => {
          const { own: product, folded } = productsOf(adapter, config)
          return own.map((device) => lossBetween(product, without(wishOf[device], folded)))
        }),
      )
    },
    fires: async () => null,
    general: async () => null,
    async alone(steps) {
      return mean(
        wishOf.map((wish, device) =>
          lossBetween(productOf(descend(initial, wish, { steps }, random(seed, 'alone', device))), wish),
        ),
      )
    },
    async centralised(steps) {
      const wish = wishOf[0].map((_, at) => mean(wishOf.map((own) => own[at])))
      const end = productOf(descend(initial, wish, { steps }, random(seed, 'all')))
      return mean(wishOf.map((own) => lossBetween(end, own)))
    },
    close: async () => {},
  }
}

interface Descent {
  readonly steps: number
  readonly mu?: number
  readonly learns?: { readonly a: boolean; readonly b: boolean }
}

/** B is zero, as everywhere. */
function initialFactors(seed: number): TensorMap {
  const draw = random(seed, 'initial')
  const a = Float64Array.from({ length: config.rank * size }, () => draw.gaussian() / 2)
  return factors(a, new Float64Array(size * config.rank))
}

function factors(a: Float64Array, b: Float64Array): TensorMap {
  const rank = a.length / size
  return new Map([
    [nameOfA, { shape: [rank, size], data: new Float32Array(a) }],
    [nameOfB, { shape: [size, rank], data: new Float32Array(b) }],
  ])
}

/** What an adapter says, and what was folded into the base before; null: the base alone, and nothing. */
function productsOf(bytes: Uint8Array | null, own: AdapterConfig) {
  if (!bytes) return { own: new Float64Array(size * size), folded: null }
  const { adapter, folded } = decodeGlobal(bytes, own, 0)
  return { own: productOf(adapter.tensors), folded: folded.size > 0 ? productOf(folded) : null }
}

/** What is still wanted once exact aggregations have folded something into the base. */
const without = (wish: Float64Array, folded: Float64Array | null): Float64Array =>
  folded ? wish.map((x, at) => x - folded[at]) : wish

function lowRank(draw: Random): Float64Array {
  const factor = () =>
    Float64Array.from({ length: config.rank * size }, () => draw.gaussian() / Math.sqrt(config.rank))
  return multiplied(factor(), factor())
}

const productOf = (tensors: TensorMap): Float64Array =>
  multiplied(new Float64Array(tensors.get(nameOfB)!.data), new Float64Array(tensors.get(nameOfA)!.data))

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
