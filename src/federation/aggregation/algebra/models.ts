/**
 * Whole adapters as sums of products, one sum a layer, and their geometry. Numbers of all layers are summed before
 * anything is divided: a cosine of two models is one cosine, not a mean over layers. Clustering, robust rules and the
 * distortion need nothing but the Gram matrix of these inner products.
 */
import type { Adapter } from '../../../model/adapter'
import type { Tensor, TensorMap } from '../../../model/safetensors'
import type { LoraUpdate } from '../types'
import { type Matrix, matrixOf } from './matrix'
import { inner, type ModelSum, negated, squaredNorm } from './products'

export const nameOfA = (layer: string): string => `${layer}.lora_A.weight`
export const nameOfB = (layer: string): string => `${layer}.lora_B.weight`
export const isA = (name: string): boolean => name.endsWith('.lora_A.weight')

/** The adapted layers, sorted. */
export const layersOf = (tensors: ReadonlyMap<string, unknown>): string[] =>
  [...tensors.keys()]
    .filter(isA)
    .map((name) => name.slice(0, -'.lora_A.weight'.length))
    .sort()

export const scaleOf = ({ config }: Pick<Adapter, 'config'>): number => config.alpha / config.rank

/** s B A of every layer. */
export const modelOf = ({ config, tensors }: Adapter): ModelSum => productsOf(tensors, scaleOf({ config }))

/** c B A of every layer that the factors name. */
export const productsOf = (tensors: TensorMap, c: number): ModelSum =>
  new Map(
    layersOf(tensors).map((layer) => [
      layer,
      [{ c, a: matrixOf(tensors.get(nameOfA(layer))!), b: matrixOf(tensors.get(nameOfB(layer))!) }],
    ]),
  )

/** What a device ended with: s (B + ΔB)(A + ΔA) of every layer, before rounding. */
export function endOf({ start, delta }: Pick<LoraUpdate, 'start' | 'delta'>): ModelSum {
  const end = (name: string): Matrix => moved(start.tensors.get(name)!, delta.get(name)?.data)
  const c = scaleOf(start)
  return new Map(
    layersOf(start.tensors).map((layer) => [layer, [{ c, a: end(nameOfA(layer)), b: end(nameOfB(layer)) }]]),
  )
}

function moved(tensor: Tensor, delta: Float32Array | Float64Array | undefined): Matrix {
  const result = matrixOf(tensor)
  if (delta) for (let index = 0; index < delta.length; index++) result.data[index] += delta[index]
  return result
}

/** What training changed in the model: its end less its start, of rank 2r. */
export const changeOf = (update: LoraUpdate): ModelSum => difference(endOf(update), modelOf(update.start))

/** All terms of several models together. */
export function sumOf(models: readonly ModelSum[]): ModelSum {
  const layers = new Set(models.flatMap((model) => [...model.keys()]))
  return new Map([...layers].map((layer) => [layer, models.flatMap((model) => model.get(layer) ?? [])]))
}

export const difference = (x: ModelSum, y: ModelSum): ModelSum =>
  sumOf([x, new Map([...y].map(([layer, sum]) => [layer, negated(sum)]))])

/** c times a model. */
export const times = (model: ModelSum, c: number): ModelSum =>
  new Map([...model].map(([layer, sum]) => [layer, sum.map((term) => ({ ...term, c: c * term.c }))]))

/** Frobenius norm over all layers. */
export const normOf = (model: ModelSum): number =>
  Math.sqrt([...model.values()].reduce((total, sum) => total + squaredNorm(sum), 0))

/** ⟨xᵢ, yⱼ⟩ of all pairs, summed over layers. A few landmarks y keep the cost linear in the models x. */
export const innerProducts = (x: readonly ModelSum[], y: readonly ModelSum[]): number[][] =>
  x.map((one) => y.map((other) => innerProduct(one, other)))

export function innerProduct(x: ModelSum, y: ModelSum): number {
  let total = 0
  for (const [layer, sum] of x) total += inner(sum, y.get(layer) ?? [])
  return total
}

/** The Gram matrix ⟨xᵢ, xⱼ⟩. */
export function gramOf(models: readonly ModelSum[]): number[][] {
  const gram = models.map(() => new Array<number>(models.length).fill(0))
  for (const [i, one] of models.entries())
    for (let j = 0; j <= i; j++) gram[i][j] = gram[j][i] = innerProduct(one, models[j])
  return gram
}

/** Cosines of all pairs of a Gram matrix; a model that is zero is like no other: 0, and 1 with itself. */
export const cosinesOf = (gram: readonly (readonly number[])[]): number[][] =>
  gram.map((row, i) =>
    row.map((product, j) => {
      if (i === j) return 1
      const lengths = Math.sqrt(gram[i][i]) * Math.sqrt(gram[j][j])
      return lengths > 0 ? Math.max(-1, Math.min(1, product / lengths)) : 0
    }),
  )

/** ‖xᵢ - xⱼ‖ of all pairs of a Gram matrix. */
export const distancesOf = (gram: readonly (readonly number[])[]): number[][] =>
  gram.map((row, i) => row.map((product, j) => Math.sqrt(Math.max(0, gram[i][i] - 2 * product + gram[j][j]))))
