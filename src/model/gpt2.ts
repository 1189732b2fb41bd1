/**
 * GPT-2, forward: embed, blocks, final norm; the head with its loss is the kernel `crossEntropy`. A model is a value: any
 * number of them may live in one process, on different backends, and one may serve many engines. Rows of all sequences
 * lie below each other, [batch time, channel], so that every linear layer is one plain product.
 *
 * Training and generation differ in how positions look at each other, and in that alone: they hand in `attend`.
 * Source: Radford et al., Language Models are Unsupervised Multitask Learners; the shapes as in karpathy/nanoGPT.
 */
import * as tf from '@tensorflow/tfjs-core'
import { activate, type Backend } from '../kernels/activate'
import { causalAttention, causalMask } from '../kernels/attention'
import { gelu } from '../kernels/gelu'
import { layerNorm } from '../kernels/layerNorm'
import { type Factors, linear } from '../kernels/linear'
import { addResidual } from '../kernels/residual'
import { sha256Hex } from '../lib/hash'
import { type Gpt2Config, parseConfig } from './config'
import { openTokenizer, type Tokenizer } from './tokenizer'
import { type BlockWeights, type Gpt2Weights, type NamedLinear, uploadWeights } from './weights'

/** A Hugging Face directory, wherever it was read from. */
export interface ModelFiles {
  readonly config: unknown
  readonly tokenizer: unknown
  /** `tokenizer_config.json`, null where there is none. */
  readonly tokenizerSettings: unknown
  readonly weights: Uint8Array
}

export interface Gpt2 {
  readonly backend: Backend
  readonly config: Gpt2Config
  readonly tokenizer: Tokenizer
  readonly weights: Gpt2Weights
  /** SHA-256 of the weights' file. */
  readonly hash: string
  readonly parameters: number
  /** The causal mask for whole sequences of one length [time, time], uploaded once. */
  mask(time: number): tf.Tensor2D
}

/** The factors of a LoRA adapter by layer name. Null is the base model. */
export type Lora = ReadonlyMap<string, Factors> | null

/** How new positions look at others: q, k, v of one block [row, 3 channel] to what they gathered [row, channel]. */
export type Attend = (qkv: tf.Tensor2D, block: number) => tf.Tensor2D

/** Parses, checks and uploads. The backend must have been started. */
export function loadGpt2(files: ModelFiles, backend: Backend): Gpt2 {
  activate(backend)
  const config = parseConfig(files.config)
  const tokenizer = openTokenizer(files.tokenizer, files.tokenizerSettings, config)
  const weights = uploadWeights(files.weights, config)
  const masks = new Map<number, tf.Tensor2D>()
  const mask = (time: number): tf.Tensor2D => {
    if (!masks.has(time)) masks.set(time, tf.keep(causalMask(time, time)))
    return masks.get(time)!
  }
  const { width, innerWidth, layers, vocabulary, contextLength } = config
  const perBlock = 4 * width + 4 * width * width + 4 * width + 2 * width * innerWidth + innerWidth + width
  const parameters = (vocabulary + contextLength) * width + layers * perBlock + 2 * width
  return { backend, config, tokenizer, weights, hash: sha256Hex(files.weights), parameters, mask }
}

/** Token and position embeddings of sequences that all start at position `start`. */
export function embed(
  { weights }: Gpt2,
  ids: tf.Tensor1D, // [batch time] int32
  shape: { readonly batch: number; readonly time: number },
  start = 0,
): tf.Tensor2D {
  const width = weights.positions.shape[1]
  const tokens = tf.gather(weights.head.embedding, ids) // [batch time, channel]
  const positions = tf.slice2d(weights.positions, [start, 0], [shape.time, width]) // [time, channel]
  if (shape.batch === 1) return tf.add(tokens, positions)
  return tf.reshape(tf.add(tf.reshape(tokens, [shape.batch, shape.time, width]), positions), tokens.shape)
}

/** Blocks `from` up to, not including, `to`. */
export function runBlocks(
  { weights, config }: Gpt2,
  from: number,
  to: number,
  x: tf.Tensor2D, // [row, channel]
  attend: Attend,
  lora: Lora,
): tf.Tensor2D {
  // Gradients are wanted only above the lowest adapted layer.
  let learns = false
  const through = (input: tf.Tensor2D, layer: NamedLinear): tf.Tensor2D => {
    const factors = lora?.get(layer.name) ?? null
    const output = linear(input, layer, factors, learns)
    learns ||= factors !== null
    return output
  }
  const block = (
    x: tf.Tensor2D,
    { norm1, qkv, attentionOut, norm2, up, down }: BlockWeights,
    index: number,
  ) => {
    const gathered = attend(through(layerNorm(x, norm1, config.normEpsilon), qkv), index) // [row, channel]
    const middle = addResidual(x, through(gathered, attentionOut))
    const inner = gelu(through(layerNorm(middle, norm2, config.normEpsilon), up)) // [row, inner]
    return addResidual(middle, through(inner, down))
  }
  return weights.blocks.slice(from, to).reduce((x, weights, index) => block(x, weights, from + index), x)
}

/** The last norm: what the head multiplies [row, channel]. */
export const finalNorm = ({ weights, config }: Gpt2, x: tf.Tensor2D): tf.Tensor2D =>
  layerNorm(x, weights.finalNorm, config.normEpsilon)

/** Whole sequences, from ids to the rows that the head reads [batch time, channel]. */
export function hiddenRows(
  model: Gpt2,
  ids: tf.Tensor1D, // [batch time] int32
  shape: { readonly batch: number; readonly time: number },
  lora: Lora,
): tf.Tensor2D {
  const { heads, layers } = model.config
  const attend: Attend = (qkv) => causalAttention(qkv, model.mask(shape.time), { ...shape, heads })
  return finalNorm(model, runBlocks(model, 0, layers, embed(model, ids, shape), attend, lora))
}

/** Logits of some rows [row, vocabulary]. */
export const logits = ({ weights }: Gpt2, rows: tf.Tensor2D): tf.Tensor2D =>
  tf.matMul(rows, weights.head.transposed)
