/**
 * LoRA adapters and this model: which layers a list of targets means, the adapter that everybody starts from, and the
 * way between an adapter as data and its factors as tensors. During training all factors lie end to end in one flat
 * tensor, in the order of their names, so that the optimizer is a dozen operations (see kernels/adamw.ts).
 * Source: Hu et al., LoRA, arXiv 2106.09685; names and initial values as in Hugging Face's PEFT.
 */
import type * as tf from '@tensorflow/tfjs-core'
import type { Factors } from '../kernels/linear'
import { splitFlat } from '../kernels/splitFlat'
import { random } from '../lib/rng'
import type { Adapter, AdapterConfig } from './adapter'
import type { Gpt2Config } from './config'
import type { Lora } from './gpt2'
import type { Tensor } from './safetensors'

/** An adapter that does not fit the model. The message says what to do. */
export class AdapterError extends Error {
  override name = 'AdapterError'
}

/** One factor of one adapted layer. */
interface Slot {
  readonly layer: string
  readonly factor: 'lora_A' | 'lora_B'
  /** PEFT's name of the tensor. */
  readonly name: string
  readonly shape: readonly [number, number]
}

/** The layers that a target names, with their sizes [in, out]. */
const layersOfTarget: Readonly<Record<string, (config: Gpt2Config) => [string, number, number][]>> = {
  c_attn: ({ width }) => [['attn.c_attn', width, 3 * width]],
  c_proj: ({ width, innerWidth }) => [
    ['attn.c_proj', width, width],
    ['mlp.c_proj', innerWidth, width],
  ],
  c_fc: ({ width, innerWidth }) => [['mlp.c_fc', width, innerWidth]],
}

/** All factors of an adapter in canonical order. Throws an `AdapterError` on unknown targets. */
export function adapterSlots(model: Gpt2Config, { rank, targets }: AdapterConfig): Slot[] {
  if (!Number.isInteger(rank) || rank < 1)
    throw new AdapterError(`The rank must be a whole number from 1, not ${rank}.`)
  if (targets.length === 0)
    throw new AdapterError(`Name at least one target: ${Object.keys(layersOfTarget).join(', ')}.`)
  const slots: Slot[] = []
  for (const target of new Set(targets)) {
    const layers = Object.hasOwn(layersOfTarget, target) ? layersOfTarget[target](model) : null
    if (!layers)
      throw new AdapterError(
        `A GPT-2 has no layers named "${target}". Targets are ${Object.keys(layersOfTarget).join(', ')}.`,
      )
    for (let block = 0; block < model.layers; block++) {
      for (const [suffix, inSize, outSize] of layers) {
        const layer = `h.${block}.${suffix}`
        const name = `base_model.model.transformer.${layer}`
        slots.push({ layer, factor: 'lora_A', name: `${name}.lora_A.weight`, shape: [rank, inSize] })
        slots.push({ layer, factor: 'lora_B', name: `${name}.lora_B.weight`, shape: [outSize, rank] })
      }
    }
  }
  return slots.sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** A uniform in ±1/sqrt(in), from the seed and the tensor's name; B zero: at first the adapter changes nothing. */
export function initialAdapter(model: Gpt2Config, config: AdapterConfig, seed: number): Adapter {
  const fill = ({ name, factor, shape: [rows, columns] }: Slot): Float32Array => {
    const data = new Float32Array(rows * columns)
    if (factor === 'lora_B') return data
    const { next } = random(seed, name)
    const bound = 1 / Math.sqrt(columns)
    return data.map(() => bound * (2 * next() - 1))
  }
  const slots = adapterSlots(model, config)
  return {
    config,
    tensors: new Map(slots.map((slot) => [slot.name, { shape: slot.shape, data: fill(slot) }])),
  }
}

/** All factors end to end. Throws an `AdapterError` where names, shapes or numbers do not fit the model. */
export function flatten(model: Gpt2Config, { config, tensors }: Adapter): Float32Array {
  const slots = adapterSlots(model, config)
  const expected = new Set(slots.map(({ name }) => name))
  const foreign = [...tensors.keys()].find((name) => !expected.has(name))
  if (foreign)
    throw new AdapterError(
      `The adapter holds "${foreign}", which targets ${config.targets.join(', ')} do not name.`,
    )
  const flat = new Float32Array(slots.reduce((sum, { shape }) => sum + shape[0] * shape[1], 0))
  let offset = 0
  for (const { name, shape } of slots) {
    const tensor = tensors.get(name)
    if (!tensor)
      throw new AdapterError(`The adapter lacks "${name}". It was made for other targets or another model.`)
    if (tensor.shape.join() !== shape.join())
      throw new AdapterError(
        `"${name}" is [${tensor.shape}] instead of [${shape}]: another rank or another model.`,
      )
    if (!tensor.data.every(Number.isFinite))
      throw new AdapterError(`"${name}" holds numbers that are not finite. Lower the learning rate.`)
    flat.set(tensor.data, offset)
    offset += tensor.data.length
  }
  return flat
}

/** The inverse of `flatten`. */
export function unflatten(model: Gpt2Config, config: AdapterConfig, flat: Float32Array): Adapter {
  const tensors = new Map<string, Tensor>()
  let offset = 0
  for (const { name, shape } of adapterSlots(model, config)) {
    const size = shape[0] * shape[1]
    tensors.set(name, { shape, data: flat.slice(offset, offset + size) })
    offset += size
  }
  return { config, tensors }
}

/** The matrices inside a flat tensor, in the order of `adapterSlots`. */
export const splitFactors = (slots: readonly Slot[], flat: tf.Tensor1D): tf.Tensor2D[] =>
  splitFlat(
    flat,
    slots.map(({ shape }) => shape),
  )

/** Names the matrices: what the model's forward pass looks up. */
export function loraOf(
  slots: readonly Slot[],
  matrices: readonly tf.Tensor2D[],
  { alpha, rank }: AdapterConfig,
): NonNullable<Lora> {
  const factors = new Map<string, Factors>()
  for (let index = 0; index < slots.length; index += 2) {
    // lora_A sorts directly before lora_B of the same layer.
    factors.set(slots[index].layer, { a: matrices[index], b: matrices[index + 1], scale: alpha / rank })
  }
  return factors
}
