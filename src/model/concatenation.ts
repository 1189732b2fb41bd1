/**
 * Several adapters as one: y = W x + Σ w_i B_i (A_i x) is what a single adapter of rank Σ r_i computes, whose A are all A_i one
 * below the other and whose B are all w_i B_i side by side. Exact, in one forward pass. Summing the A and the B each by
 * themselves is not: (Σ w_i B_i) (Σ w_i A_i) has cross terms, and is what some published merges do.
 */
import { type AdapterConfig, foldedPrefix } from './adapter'
import { decodeSafetensors, encodeSafetensors, type Tensor, type TensorMap } from './safetensors'

const [ofA, ofB] = ['.lora_A.weight', '.lora_B.weight']

/** An adapter's tensors, and alpha / rank, which scales what it computes. */
export interface Part {
  readonly tensors: TensorMap
  readonly scale: number
  readonly weight: number
}

/** The whole's `alpha / rank` is `scale`. Where an adapter lacks a layer that another has, it adds nothing there. */
export function concatenated(parts: readonly Part[], scale: number): TensorMap {
  const ranks = parts.map(({ tensors }) => rankOf(tensors))
  const rank = ranks.reduce((sum, one) => sum + one, 0)
  const names = new Set(parts.flatMap(({ tensors }) => [...tensors.keys()]))
  const whole = new Map<string, Tensor>()
  for (const name of [...names].sort()) {
    if (name.startsWith(foldedPrefix))
      throw new RangeError('An adapter that was folded into the base cannot be mixed.')
    const outer = parts.find(({ tensors }) => tensors.has(name))!.tensors.get(name)!.shape
    const isA = name.endsWith(ofA)
    const width = isA ? outer[1] : outer[0]
    const data = new Float32Array(rank * width)
    let from = 0
    for (const [index, { tensors, scale: own, weight }] of parts.entries()) {
      const tensor = tensors.get(name)
      if (tensor && isA) data.set(tensor.data, from * width)
      if (tensor && !isA) besideInto(data, tensor, from, rank, (weight * own) / scale)
      from += ranks[index]
    }
    whole.set(name, { shape: isA ? [rank, width] : [width, rank], data })
  }
  return whole
}

/** Adapters of one room, which share their configuration, as canonical bytes. */
export function concatenatedBytes(adapters: readonly Uint8Array[], weights: readonly number[]): Uint8Array {
  const parts = adapters.map((bytes, index) => ({
    tensors: decodeSafetensors(bytes).tensors,
    scale: 1,
    weight: weights[index],
  }))
  return encodeSafetensors(concatenated(parts, 1))
}

export interface MeasuredAdapter {
  readonly rank: number
  /** ‖Σ B A‖ over all layers, as if alpha were the rank: by how much it changes the model. */
  readonly length: number
}

/**
 * How large an adapter is. Throws a `SafetensorsError` on damaged bytes, and a RangeError where it is none: factors without their
 * like, of several ranks, or numbers that are not finite.
 */
export function measuredAdapter(bytes: Uint8Array): MeasuredAdapter {
  const { tensors } = decodeSafetensors(bytes)
  const rank = rankOf(tensors)
  let square = 0
  for (const [name, a] of tensors) {
    if (name.startsWith(foldedPrefix))
      throw new RangeError('An adapter that was folded into the base cannot be mixed.')
    if (!name.endsWith(ofA)) continue
    const b = tensors.get(`${name.slice(0, -ofA.length)}${ofB}`)
    if (a.shape.length !== 2 || b?.shape.length !== 2 || a.shape[0] !== rank || b.shape[1] !== rank)
      throw new RangeError('An adapter whose factors do not fit together cannot be mixed.')
    square += squaredProduct(a, b)
  }
  const factors = [...tensors.keys()].filter((name) => name.endsWith(ofA) || name.endsWith(ofB))
  if (factors.length !== tensors.size || factors.length % 2 !== 0)
    throw new RangeError('An adapter whose factors do not fit together cannot be mixed.')
  if (!Number.isFinite(square))
    throw new RangeError('An adapter whose numbers are not finite cannot be mixed.')
  return { rank, length: Math.sqrt(Math.max(0, square)) }
}

/** ‖B A‖² = Σ (BᵀB)(AAᵀ): no matrix of the layer's own size is made. */
function squaredProduct(
  { shape: [rank, columns], data: a }: Tensor,
  { shape: [rows], data: b }: Tensor,
): number {
  let sum = 0
  for (let one = 0; one < rank; one++)
    for (let other = 0; other < rank; other++) {
      let [inA, inB] = [0, 0]
      for (let at = 0; at < columns; at++) inA += a[one * columns + at] * a[other * columns + at]
      for (let at = 0; at < rows; at++) inB += b[at * rank + one] * b[at * rank + other]
      sum += inA * inB
    }
  return sum
}

/** What the whole is, of parts of these configurations. */
export const configOfAll = (configs: readonly AdapterConfig[]): AdapterConfig => {
  const rank = configs.reduce((sum, config) => sum + config.rank, 0)
  const targets = [...new Set(configs.flatMap((config) => config.targets))]
  return { rank, alpha: rank, targets }
}

function rankOf(tensors: TensorMap): number {
  for (const [name, { shape }] of tensors) if (name.endsWith(ofA)) return shape[0]
  throw new RangeError('An adapter without factors cannot be mixed.')
}

/** The columns of B [out, r] into a wider one [out, rank], from column `from` on. */
function besideInto(
  wide: Float32Array,
  { shape, data }: Tensor,
  from: number,
  rank: number,
  factor: number,
): void {
  const [rows, own] = shape
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < own; column++)
      wide[row * rank + from + column] = factor * data[row * own + column]
}
