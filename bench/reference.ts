/**
 * The oracle of the benchmark: a GPT-2 forward pass in float64, written as plainly as its equations and independent of
 * every peer. The first loss of each peer is held against it before any time is believed. It also speaks the dialect of
 * nanogpt, which knows no other: root-mean-square norms, rotary positions, no biases. A Qwen3 has a page of its own.
 *
 * The adapter is absent: its factor B is zero before the first update.
 */
import type { TensorMap } from '../src/model/safetensors'
import {
  dot,
  logSumExp,
  type Matrix,
  matrix,
  product,
  rootMeanSquareNorm,
  row,
  sum,
  transposed,
} from './matrices'
import { qwen3Logits } from './qwen3Reference'
import { normEpsilon, type Shape } from './shapes'
import type { Batch } from './weights'

export interface Dialect {
  readonly norm: 'layer' | 'rootMeanSquare'
  readonly positions: 'learned' | 'rotary'
  readonly biases: boolean
}

export const gpt2: Dialect = { norm: 'layer', positions: 'learned', biases: true }
export const nanogpt: Dialect = { norm: 'rootMeanSquare', positions: 'rotary', biases: false }

/** Mean loss of a batch in nats per token. */
export function referenceLoss(shape: Shape, weights: TensorMap, batch: Batch, dialect = gpt2): number {
  let sum = 0
  for (let sequence = 0; sequence < shape.batch; sequence++) {
    const from = sequence * shape.time
    const ids = batch.ids.subarray(from, from + shape.time)
    const logits = referenceLogits(shape, weights, ids, dialect)
    for (let position = 0; position < shape.time; position++) {
      const scores = row(logits, position)
      sum += logSumExp(scores) - scores[batch.targets[from + position]]
    }
  }
  return sum / (shape.batch * shape.time)
}

/** Logits of one sequence [time, vocabulary]. A Qwen3 has no dialects. */
export function referenceLogits(
  shape: Shape,
  weights: TensorMap,
  ids: ArrayLike<number>,
  dialect = gpt2,
): Matrix {
  if (shape.qwen3) return qwen3Logits(shape, shape.qwen3, weights, ids)
  const { layers, heads, width, vocabulary } = shape
  const floats = (name: string): Float64Array => Float64Array.from(weights.get(name)!.data)
  const norm = (x: Matrix, name: string): Matrix =>
    dialect.norm === 'layer'
      ? layerNorm(x, floats(`${name}.weight`), floats(`${name}.bias`))
      : rootMeanSquareNorm(x, floats(`${name}.weight`), 1e-8)
  const linear = (x: Matrix, name: string, outSize: number): Matrix => {
    const weight: Matrix = { rows: x.columns, columns: outSize, data: floats(`${name}.weight`) }
    return product(x, transposed(weight), dialect.biases ? floats(`${name}.bias`) : null)
  }

  const embedding: Matrix = { rows: vocabulary, columns: width, data: floats('wte.weight') }
  const positions = floats('wpe.weight')
  const learned = dialect.positions === 'learned'
  let x = matrix(ids.length, width)
  for (let position = 0; position < ids.length; position++)
    row(x, position).set(
      row(embedding, ids[position]).map(
        (value, at) => value + (learned ? positions[position * width + at] : 0),
      ),
    )
  for (let block = 0; block < layers; block++) {
    const qkv = linear(norm(x, `h.${block}.ln_1`), `h.${block}.attn.c_attn`, 3 * width)
    if (dialect.positions === 'rotary') rotate(qkv, width, heads)
    x = sum(x, linear(attention(qkv, width, heads), `h.${block}.attn.c_proj`, width))
    const inner = linear(norm(x, `h.${block}.ln_2`), `h.${block}.mlp.c_fc`, 4 * width)
    const activated: Matrix = { ...inner, data: inner.data.map(gelu) }
    x = sum(x, linear(activated, `h.${block}.mlp.c_proj`, width))
  }
  return product(norm(x, 'ln_f'), embedding, null)
}

function layerNorm(x: Matrix, gain: Float64Array, offset: Float64Array): Matrix {
  const y = matrix(x.rows, x.columns)
  for (let i = 0; i < x.rows; i++) {
    const values = row(x, i)
    const mean = values.reduce((total, value) => total + value, 0) / x.columns
    const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / x.columns
    const scale = 1 / Math.sqrt(variance + normEpsilon)
    row(y, i).set(values.map((value, j) => (value - mean) * scale * gain[j] + offset[j]))
  }
  return y
}

/** Rotary positions on q and k in place: neighbouring channels are a plane, turned by position / 10000^(2i / channels). */
function rotate(qkv: Matrix, width: number, heads: number): void {
  const channels = width / heads
  for (let position = 0; position < qkv.rows; position++) {
    const values = row(qkv, position)
    for (let even = 0; even < 2 * width; even += 2) {
      const angle = position / 10000 ** ((even % channels) / channels)
      const [x, y] = [values[even], values[even + 1]]
      values[even] = x * Math.cos(angle) - y * Math.sin(angle)
      values[even + 1] = y * Math.cos(angle) + x * Math.sin(angle)
    }
  }
}

/** Causal self-attention of all heads, from q, k, v side by side [time, 3 width]. */
function attention(qkv: Matrix, width: number, heads: number): Matrix {
  const channels = width / heads
  const output = matrix(qkv.rows, width)
  const part = (position: number, which: 0 | 1 | 2, head: number): Float64Array =>
    row(qkv, position).subarray(which * width + head * channels, which * width + (head + 1) * channels)
  for (let head = 0; head < heads; head++) {
    for (let to = 0; to < qkv.rows; to++) {
      const query = part(to, 0, head)
      const scores = Float64Array.from(
        { length: to + 1 },
        (_, from) => dot(query, part(from, 1, head)) / Math.sqrt(channels),
      )
      const total = logSumExp(scores)
      const into = row(output, to).subarray(head * channels, (head + 1) * channels)
      scores.forEach((score, from) => {
        const share = Math.exp(score - total)
        const values = part(from, 2, head)
        for (let channel = 0; channel < channels; channel++) into[channel] += share * values[channel]
      })
    }
  }
  return output
}

/** GPT-2's approximation with tanh. */
const gelu = (x: number): number =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
