/**
 * Several adapters as one: y = W x + Σ w_i B_i (A_i x) is what a single adapter of rank Σ r_i computes, whose A are all A_i one
 * below the other and whose B are all w_i B_i side by side. Exact, in one forward pass. Summing the A and the B each by
 * themselves is not: (Σ w_i B_i) (Σ w_i A_i) has cross terms, and is what some published merges do.
 */
import { type AdapterConfig, foldedPrefix } from './adapter'
import { decodeSafetensors, encodeSafetensors, type Tensor, type TensorMap } from './safetensors'

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
    const isA = name.endsWith('.lora_A.weight')
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

/** What the whole is, of parts of these configurations. */
export const configOfAll = (configs: readonly AdapterConfig[]): AdapterConfig => {
  const rank = configs.reduce((sum, config) => sum + config.rank, 0)
  const targets = [...new Set(configs.flatMap((config) => config.targets))]
  return { rank, alpha: rank, targets }
}

function rankOf(tensors: TensorMap): number {
  for (const [name, { shape }] of tensors) if (name.endsWith('.lora_A.weight')) return shape[0]
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
