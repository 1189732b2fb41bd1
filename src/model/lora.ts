/**
 * LoRA adapters and a model: which layers a list of targets means, the adapter that everybody starts from, and the way
 * between an adapter as data and its factors as the engine wants them. During training all factors lie in one flat vector,
 * so that the optimizer is one line of a program. Where the engine computes several layers as one (q, k and v; gate and
 * up), their A lie below each other and are one matrix, and their B are segments of one vector; any subset may be adapted.
 * Source: Hu et al., LoRA, arXiv 2106.09685; names and initial values as in Hugging Face's PEFT.
 */
import type { Segment } from '../kernels/products/linear'
import { partAlignment } from '../kernels/program'
import { random } from '../lib/rng'
import type { Adapter, AdapterConfig } from './adapter'
import type { ModelConfig } from './config'
import type { Tensor } from './safetensors'

/** An adapter that does not fit the model. The message says what to do. */
export class AdapterError extends Error {
  override name = 'AdapterError'
}

/** The linear layers of a block as the engine computes them. */
const linearNames = ['qkv', 'attentionOut', 'up', 'down'] as const
export type LinearName = (typeof linearNames)[number]

/** A layer of the model file: a range of outputs of one of the engine's linear layers. */
interface Layer {
  readonly target: string
  /** Name inside the block: `attn.c_attn`. */
  readonly path: string
  readonly from: number
  readonly size: number
}

/** One factor of one adapted layer, and where it lies in the flat vector. */
export interface Slot {
  /** PEFT's name of the tensor. */
  readonly name: string
  readonly factor: 'lora_A' | 'lora_B'
  readonly shape: readonly [number, number]
  readonly offset: number
}

/** The factors of one of the engine's linear layers in the flat vector. */
export interface AdaptedLinear {
  /** Adapted layers times rank: the rows of all A together. */
  readonly rows: number
  readonly inSize: number
  readonly aOffset: number
  readonly bOffset: number
  readonly bSize: number
  readonly segments: readonly Segment[]
}

export interface AdapterLayout {
  /** Numbers in the flat vector; a few of them are padding. */
  readonly size: number
  /** All factors, by name. */
  readonly slots: readonly Slot[]
  /** The engine's linear layers that are adapted, by block: `linears[block].qkv`. */
  readonly linears: readonly Partial<Record<LinearName, AdaptedLinear>>[]
  /** The place of the lowest adapted layer: below it nothing learns. */
  readonly lowest: number
  /** alpha / rank */
  readonly scale: number
}

/** The place of one of the engine's linear layers in the order of the forward pass. */
export const placeOf = (block: number, name: LinearName): number =>
  block * linearNames.length + linearNames.indexOf(name)

/** Throws an `AdapterError` on unknown targets or an impossible rank. */
export function adapterLayout(model: ModelConfig, { rank, alpha, targets }: AdapterConfig): AdapterLayout {
  const mostRank = 2 * Math.max(model.width, model.innerWidth) // what was folded lies beside the adapter's own ranks
  if (!Number.isInteger(rank) || rank < 1 || rank > mostRank)
    throw new AdapterError(`The rank must be a whole number from 1 to ${mostRank}, not ${rank}.`)
  if (!(alpha > 0 && Number.isFinite(alpha)))
    throw new AdapterError(`Alpha must be a number above 0, not ${alpha}.`)
  const known = targetsOf(model.family)
  if (targets.length === 0) throw new AdapterError(`Name at least one target: ${known.join(', ')}.`)
  const unknown = targets.find((target) => !known.includes(target))
  if (unknown !== undefined)
    throw new AdapterError(
      `A ${typeNames[model.type]} has no layers named "${unknown}". Targets are ${known.join(', ')}.`,
    )

  const slots: Slot[] = []
  let size = 0
  const take = (numbers: number): number => {
    const offset = size
    size = Math.ceil((size + numbers) / partAlignment) * partAlignment
    return offset
  }
  const linears = Array.from({ length: model.layers }, (_, block) => {
    const adapted: Partial<Record<LinearName, AdaptedLinear>> = {}
    for (const linear of linearNames) {
      const { inSize, layers } = layersOf(model, linear)
      const chosen = layers.filter(({ target }) => targets.includes(target))
      if (chosen.length === 0) continue
      const rows = chosen.length * rank
      const bSize = chosen.reduce((sum, layer) => sum + layer.size * rank, 0)
      const aOffset = take(rows * inSize)
      const bBegin = take(bSize)
      let bOffset = 0
      const segments = chosen.map(({ path, from, size: outSize }, index): Segment => {
        const prefix = `base_model.model.${blockPrefix[model.family]}.${block}.${path}`
        const aPlace = aOffset + index * rank * inSize
        slots.push({
          name: `${prefix}.lora_A.weight`,
          factor: 'lora_A',
          shape: [rank, inSize],
          offset: aPlace,
        })
        const bPlace = bBegin + bOffset
        slots.push({
          name: `${prefix}.lora_B.weight`,
          factor: 'lora_B',
          shape: [outSize, rank],
          offset: bPlace,
        })
        const segment = { from, size: outSize, rank, bOffset, uColumn: index * rank }
        bOffset += outSize * rank
        return segment
      })
      adapted[linear] = { rows, inSize, aOffset, bOffset: bBegin, bSize, segments }
    }
    return adapted
  })
  slots.sort((one, other) => (one.name < other.name ? -1 : 1))
  const lowest = linearNames.findIndex((name) => linears[0][name]) // every block is adapted alike
  return { size, slots, linears, lowest, scale: alpha / rank }
}

/** A uniform in ±1/sqrt(in), from the seed and the tensor's name; B zero: at first the adapter changes nothing. */
export function initialAdapter(model: ModelConfig, config: AdapterConfig, seed: number): Adapter {
  const fill = ({ name, factor, shape: [rows, columns] }: Slot): Float32Array => {
    const data = new Float32Array(rows * columns)
    if (factor === 'lora_B') return data
    const { next } = random(seed, name)
    const bound = 1 / Math.sqrt(columns)
    return data.map(() => bound * (2 * next() - 1))
  }
  const { slots } = adapterLayout(model, config)
  return {
    config,
    tensors: new Map(slots.map((slot) => [slot.name, { shape: slot.shape, data: fill(slot) }])),
  }
}

/** All factors in one vector. Throws an `AdapterError` where names, shapes or numbers do not fit the layout. */
export function flatten({ slots, size }: AdapterLayout, { config, tensors }: Adapter): Float32Array {
  const expected = new Set(slots.map(({ name }) => name))
  const foreign = [...tensors.keys()].find((name) => !expected.has(name))
  if (foreign)
    throw new AdapterError(
      `The adapter holds "${foreign}", which targets ${config.targets.join(', ')} do not name.`,
    )
  const flat = new Float32Array(size)
  for (const { name, shape, offset } of slots) {
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
  }
  return flat
}

/** The inverse of `flatten`. */
export function unflatten({ slots }: AdapterLayout, config: AdapterConfig, flat: Float32Array): Adapter {
  const tensors = new Map<string, Tensor>()
  for (const { name, shape, offset } of slots)
    tensors.set(name, { shape, data: flat.slice(offset, offset + shape[0] * shape[1]) })
  return { config, tensors }
}

/** The targets that a family of models knows. */
export function targetsOf(family: ModelConfig['family']): readonly string[] {
  return family === 'gpt2'
    ? ['c_attn', 'c_proj', 'c_fc']
    : ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']
}

/** GPT-2's names as those of the same layers in another family; names that are that family's own stay. */
export function targetsFor(family: ModelConfig['family'], targets: readonly string[]): readonly string[] {
  if (family === 'gpt2') return targets
  const meaning: Readonly<Record<string, readonly string[]>> = {
    c_attn: ['q_proj', 'k_proj', 'v_proj'],
    c_proj: ['o_proj', 'down_proj'],
    c_fc: ['gate_proj', 'up_proj'],
  }
  return [...new Set(targets.flatMap((target) => meaning[target] ?? [target]))]
}

const typeNames = { gpt2: 'GPT-2', llama: 'LLaMA', mistral: 'Mistral', qwen2: 'Qwen2', qwen3: 'Qwen3' }
const blockPrefix = { gpt2: 'transformer.h', llama: 'model.layers' }

/** The model file's layers behind one of the engine's, in the order in which their outputs lie side by side. */
function layersOf(model: ModelConfig, linear: LinearName): { inSize: number; layers: readonly Layer[] } {
  const { width, innerWidth, heads, keyValueHeads, headWidth } = model
  const [queries, keys] = [heads * headWidth, keyValueHeads * headWidth]
  const whole = (target: string, path: string, size: number): Layer[] => [{ target, path, from: 0, size }]
  if (model.family === 'gpt2')
    switch (linear) {
      case 'qkv':
        return { inSize: width, layers: whole('c_attn', 'attn.c_attn', 3 * width) }
      case 'attentionOut':
        return { inSize: width, layers: whole('c_proj', 'attn.c_proj', width) }
      case 'up':
        return { inSize: width, layers: whole('c_fc', 'mlp.c_fc', innerWidth) }
      case 'down':
        return { inSize: innerWidth, layers: whole('c_proj', 'mlp.c_proj', width) }
    }
  switch (linear) {
    case 'qkv':
      return {
        inSize: width,
        layers: [
          { target: 'q_proj', path: 'self_attn.q_proj', from: 0, size: queries },
          { target: 'k_proj', path: 'self_attn.k_proj', from: queries, size: keys },
          { target: 'v_proj', path: 'self_attn.v_proj', from: queries + keys, size: keys },
        ],
      }
    case 'attentionOut':
      return { inSize: queries, layers: whole('o_proj', 'self_attn.o_proj', width) }
    case 'up':
      return {
        inSize: width,
        layers: [
          { target: 'gate_proj', path: 'mlp.gate_proj', from: 0, size: innerWidth },
          { target: 'up_proj', path: 'mlp.up_proj', from: innerWidth, size: innerWidth },
        ],
      }
    case 'down':
      return { inSize: innerWidth, layers: whole('down_proj', 'mlp.down_proj', width) }
  }
}
