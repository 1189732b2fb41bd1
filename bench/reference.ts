/**
 * The oracle of the benchmark: a GPT-2 forward pass in float64, written as plainly as its equations and independent of
 * every peer. The first loss of each peer is held against it before any time is believed. It also speaks the dialect of
 * nanogpt, which knows no other: root-mean-square norms, rotary positions, no biases.
 *
 * The adapter is absent: its factor B is zero before the first update.
 */
import type { TensorMap } from '../src/model/safetensors'
import { normEpsilon, type Shape } from './shapes'
import type { Batch } from './weights'

export interface Dialect {
  readonly norm: 'layer' | 'rootMeanSquare'
  readonly positions: 'learned' | 'rotary'
  readonly biases: boolean
}

export const gpt2: Dialect = { norm: 'layer', positions: 'learned', biases: true }
export const nanogpt: Dialect = { norm: 'rootMeanSquare', positions: 'rotary', biases: false }

type Matrix = { readonly rows: number; readonly columns: number; readonly data: Float64Array }

const matrix = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  data: new Float64Array(rows * columns),
})
const row = ({ columns, data }: Matrix, index: number): Float64Array =>
  data.subarray(index * columns, (index + 1) * columns)

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

/** Logits of one sequence [time, vocabulary]. */
export function referenceLogits(
  { layers, heads, width, vocabulary }: Shape,
  weights: TensorMap,
  ids: ArrayLike<number>,
  dialect = gpt2,
): Matrix {
  const floats = (name: string): Float64Array => Float64Array.from(weights.get(name)!.data)
  const norm = (x: Matrix, name: string): Matrix =>
    dialect.norm === 'layer'
      ? layerNorm(x, floats(`${name}.weight`), floats(`${name}.bias`))
      : rootMeanSquareNorm(x, floats(`${name}.weight`))
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

/**
 * x wᵀ + bias, w as [out, in]. Four outputs at once, so that the processor has four sums to work on: GPT-2 small is 250
 * billion operations a batch. Behind the last output the four overlap and write the same number twice.
 */
function product(x: Matrix, w: Matrix, bias: Float64Array | null): Matrix {
  const y = matrix(x.rows, w.rows)
  for (let j = 0; j < w.rows; j += 4) {
    const outputs = [j, j + 1, j + 2, j + 3].map((output) => Math.min(output, w.rows - 1))
    const [w0, w1, w2, w3] = outputs.map((output) => row(w, output))
    for (let i = 0; i < x.rows; i++) {
      const from = row(x, i)
      let [y0, y1, y2, y3] = [0, 0, 0, 0]
      for (let k = 0; k < from.length; k++) {
        const value = from[k]
        y0 += value * w0[k]
        y1 += value * w1[k]
        y2 += value * w2[k]
        y3 += value * w3[k]
      }
      const into = row(y, i)
      into[outputs[3]] = y3
      into[outputs[2]] = y2
      into[outputs[1]] = y1
      into[outputs[0]] = y0
    }
  }
  return bias ? { ...y, data: y.data.map((value, at) => value + bias[at % y.columns]) } : y
}

function transposed(x: Matrix): Matrix {
  const y = matrix(x.columns, x.rows)
  for (let i = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++) y.data[j * x.rows + i] = x.data[i * x.columns + j]
  return y
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0
  for (let index = 0; index < one.length; index++) sum += one[index] * other[index]
  return sum
}

const sum = (one: Matrix, other: Matrix): Matrix => ({
  ...one,
  data: one.data.map((value, at) => value + other.data[at]),
})

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

function rootMeanSquareNorm(x: Matrix, gain: Float64Array): Matrix {
  const y = matrix(x.rows, x.columns)
  for (let i = 0; i < x.rows; i++) {
    const values = row(x, i)
    const scale = 1 / Math.sqrt(dot(values, values) / x.columns + 1e-8)
    row(y, i).set(values.map((value, j) => value * scale * gain[j]))
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

function logSumExp(values: Float64Array): number {
  const largest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  return largest + Math.log(values.reduce((total, value) => total + Math.exp(value - largest), 0))
}
