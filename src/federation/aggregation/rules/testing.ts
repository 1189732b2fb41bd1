/**
 * What the tests of aggregation share: the fully specified clients of the golden values, random ones of any rank, and the
 * dense matrices that the rules never form, as an oracle.
 */
import { type Random, random } from '../../../lib/rng'
import type { Adapter } from '../../../model/adapter'
import type { Tensor } from '../../../model/safetensors'
import { type Matrix, multiply, scaled, zeros } from '../algebra/matrix'
import { modelOf, nameOfA, nameOfB, productsOf, sumOf } from '../algebra/models'
import type { ModelSum } from '../algebra/products'
import { globalOf } from '../global/fold'
import { updateFromEnd } from '../global/mean'
import type { AggregationSettings, GlobalAdapter, LoraUpdate } from '../types'

export const settings: AggregationSettings = {
  serverRate: 1,
  serverOptimizer: 'fedavg',
  serverMomentum: 0.5,
  seed: 7,
  measuresDistortion: true,
}

export interface Shape {
  readonly out: number
  readonly into: number
  readonly rank: number
}

export const layer = 'base_model.model.transformer.h.0.attn.c_attn'

/** An adapter whose numbers come from `next`, B before A, layer after layer. Its scale alpha / rank is 2. */
export function adapterOf(
  layers: readonly string[],
  { out, into, rank }: Shape,
  next: () => number,
): Adapter {
  const filled = (shape: readonly number[]): Tensor => ({
    shape,
    data: Float32Array.from({ length: shape[0] * shape[1] }, next),
  })
  const tensors = new Map<string, Tensor>()
  for (const name of layers) {
    tensors.set(nameOfB(name), filled([out, rank]))
    tensors.set(nameOfA(name), filled([rank, into]))
  }
  return { config: { rank, alpha: 2 * rank, targets: ['c_attn'] }, tensors }
}

/** Clients 0, 1, 2 of the golden values, from zero factors to theirs; weights .5, .3, .2. */
export function goldenRound(): { readonly current: GlobalAdapter; readonly updates: readonly LoraUpdate[] } {
  let state = 1
  const next = () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
  const shape = { out: 6, into: 5, rank: 2 }
  const start = adapterOf([layer], shape, () => 0)
  const updates = [0.5, 0.3, 0.2].map((weight, index) =>
    updateFromEnd(`device ${index}`, start, adapterOf([layer], shape, next).tensors, weight),
  )
  return { current: globalOf(start), updates }
}

const layers = [layer, 'base_model.model.transformer.h.1.mlp.c_fc']

/**
 * A round in the middle of a run: a common start, unequal shares, devices that moved both factors or some. The numbers of
 * the models are about 1 at any rank.
 */
export function randomRound(
  seed: number,
  devices: number,
  shape: Shape = { out: 12, into: 9, rank: 2 },
  moves: { readonly a: boolean; readonly b: boolean } = { a: true, b: true },
): { readonly current: GlobalAdapter; readonly updates: readonly LoraUpdate[] } {
  const source = random(seed, 'round')
  const size = (2 * Math.sqrt(shape.rank)) ** -0.5
  const start = adapterOf(layers, shape, () => size * source.gaussian())
  const shares = sharesOf(source, devices)
  const updates = shares.map((weight, index): LoraUpdate => {
    const step = adapterOf(layers, shape, () => 0.3 * size * source.gaussian())
    const delta = new Map([...step.tensors].filter(([name]) => (name.includes('lora_A') ? moves.a : moves.b)))
    return { device: `device ${index}`, start, delta, weight }
  })
  return { current: globalOf(start), updates }
}

/** Unequal shares that sum to 1. */
export function sharesOf(source: Random, devices: number): number[] {
  const examples = Array.from({ length: devices }, () => 1 + source.int(50))
  const total = examples.reduce((sum, count) => sum + count, 0)
  return examples.map((count) => count / total)
}

/** The matrices [out, in] that a sum of products stands for, by layer. */
export const denseOf = (model: ModelSum): ReadonlyMap<string, Matrix> =>
  new Map(
    [...model]
      .filter(([, sum]) => sum.length > 0)
      .map(([name, sum]) => {
        const total = zeros(sum[0].b.rows, sum[0].a.columns)
        for (const { c, b, a } of sum)
          for (const [index, value] of scaled(multiply(b, a), c).data.entries()) total.data[index] += value
        return [name, total]
      }),
  )

/** All that is added to the base. */
export const denseGlobal = ({ adapter, folded }: GlobalAdapter): ReadonlyMap<string, Matrix> =>
  denseOf(sumOf([modelOf(adapter), productsOf(folded, 1)]))

/** The largest difference of two sets of matrices. */
export function furthest(x: ReadonlyMap<string, Matrix>, y: ReadonlyMap<string, Matrix>): number {
  let most = 0
  for (const [name, { data }] of x)
    for (const [index, value] of data.entries())
      most = Math.max(most, Math.abs(value - (y.get(name)?.data[index] ?? 0)))
  return most
}
