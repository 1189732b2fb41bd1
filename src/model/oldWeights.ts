/**
 * The frozen weights of a GPT-2 as tensors: read from a Hugging Face file, checked against the configuration, uploaded
 * once. Names may carry a leading `transformer.`; the causal masks that old files hold as `attn.bias` are skipped, and
 * the head is the token embedding again. Linear weights are `Conv1D`: [in, out].
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Head } from '../kernels/crossEntropy'
import type { NormWeights } from '../kernels/layerNorm'
import type { FrozenLinear } from '../kernels/linear'
import { type Gpt2Config, ModelError } from './config'
import { type Header, readHeader, readTensor } from './safetensors'

/** A linear layer and its name inside the transformer: `h.0.attn.c_attn`. Adapters find it by this name. */
export interface NamedLinear extends FrozenLinear {
  readonly name: string
}

export interface BlockWeights {
  readonly norm1: NormWeights
  readonly qkv: NamedLinear // [channel, 3 channel]
  readonly attentionOut: NamedLinear // [channel, channel]
  readonly norm2: NormWeights
  readonly up: NamedLinear // [channel, inner]
  readonly down: NamedLinear // [inner, channel]
}

export interface Gpt2Weights {
  readonly head: Head
  readonly positions: tf.Tensor2D // [context, channel]
  readonly blocks: readonly BlockWeights[]
  readonly finalNorm: NormWeights
}

/** Uploads to the active backend. Throws a `SafetensorsError` or a `ModelError`. */
export function uploadWeights(file: Uint8Array, config: Gpt2Config): Gpt2Weights {
  const { width, innerWidth, layers, vocabulary, contextLength } = config
  if (config.family !== 'gpt2' || !config.tiedHead)
    throw new ModelError('Only GPT-2 models with a tied head can be used. Choose another model.')
  const read = reader(file, readHeader(file))
  const vector = (name: string, size: number): tf.Tensor1D => tf.tensor1d(read(name, [size]))
  const matrix = (name: string, rows: number, columns: number): tf.Tensor2D =>
    tf.tensor2d(read(name, [rows, columns]), [rows, columns])
  const norm = (name: string): NormWeights => ({
    gain: vector(`${name}.weight`, width),
    offset: vector(`${name}.bias`, width),
  })
  const linear = (name: string, inSize: number, outSize: number): NamedLinear => {
    const weight = matrix(`${name}.weight`, inSize, outSize)
    const bias = vector(`${name}.bias`, outSize)
    let transposed: tf.Tensor2D | null = null
    return {
      name,
      weight,
      bias,
      transposed: () => (transposed ??= tf.keep(tf.transpose(weight))),
    }
  }

  const embedding = matrix('wte.weight', vocabulary, width)
  const block = (index: number): BlockWeights => ({
    norm1: norm(`h.${index}.ln_1`),
    qkv: linear(`h.${index}.attn.c_attn`, width, 3 * width),
    attentionOut: linear(`h.${index}.attn.c_proj`, width, width),
    norm2: norm(`h.${index}.ln_2`),
    up: linear(`h.${index}.mlp.c_fc`, width, innerWidth),
    down: linear(`h.${index}.mlp.c_proj`, innerWidth, width),
  })
  return {
    head: { embedding, transposed: tf.transpose(embedding) },
    positions: matrix('wpe.weight', contextLength, width),
    blocks: Array.from({ length: layers }, (_, index) => block(index)),
    finalNorm: norm('ln_f'),
  }
}

/** Reads a tensor by its name without prefix, after checking its shape. */
function reader(file: Uint8Array, { entries }: Header): (name: string, shape: number[]) => Float32Array {
  return (name, shape) => {
    const fullName = entries.has(name) ? name : `transformer.${name}`
    const entry = entries.get(fullName)
    if (!entry)
      throw new ModelError(`model.safetensors has no tensor "${name}". Choose a GPT-2 model's file.`)
    if (entry.shape.join() !== shape.join())
      throw new ModelError(
        `model.safetensors: "${fullName}" is [${entry.shape}], but config.json says [${shape}]. The files do not belong together.`,
      )
    return readTensor(file, fullName, entry).data
  }
}
