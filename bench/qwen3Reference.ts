/**
 * A Qwen3's forward pass in float64, written as plainly as its equations and independent of the engine: root-mean-square
 * norms, of each head of queries and keys too, rotary positions, several query heads to one of keys and values, a gated
 * inner network, no biases.
 * Source: the Qwen team, arXiv 2505.09388.
 */
import type { TensorMap } from '../src/model/safetensors'
import { dot, logSumExp, type Matrix, matrix, product, rootMeanSquareNorm, row, sum } from './matrices'
import { blockName, type Qwen3Sides, qwen3Constants, type Shape } from './shapes'

const { normEpsilon, ropeTheta } = qwen3Constants

/** Logits of one sequence [time, vocabulary]. */
export function qwen3Logits(
  shape: Shape,
  { keyValueHeads, headWidth }: Qwen3Sides,
  weights: TensorMap,
  ids: ArrayLike<number>,
): Matrix {
  const { layers, heads, width } = shape
  /** A gain is a matrix of one column. */
  const stored = (name: string): Matrix => {
    const { shape: sides, data } = weights.get(`${name}.weight`)!
    return { rows: sides[0], columns: sides[1] ?? 1, data: Float64Array.from(data) }
  }
  const norm = (x: Matrix, name: string): Matrix => rootMeanSquareNorm(x, stored(name).data, normEpsilon)
  const linear = (x: Matrix, name: string): Matrix => product(x, stored(name), null)
  /** Each head normalised by itself, then turned. */
  const turned = (x: Matrix, name: string): Matrix => {
    const apart: Matrix = { rows: x.data.length / headWidth, columns: headWidth, data: x.data }
    return rotated({ ...x, data: norm(apart, name).data }, headWidth)
  }

  const embedding = stored('model.embed_tokens')
  let x = matrix(ids.length, width)
  for (let position = 0; position < ids.length; position++)
    row(x, position).set(row(embedding, ids[position]))
  for (let block = 0; block < layers; block++) {
    const own = blockName(shape, block)
    const normal = norm(x, `${own}.input_layernorm`)
    const queries = turned(linear(normal, `${own}.self_attn.q_proj`), `${own}.self_attn.q_norm`)
    const keys = turned(linear(normal, `${own}.self_attn.k_proj`), `${own}.self_attn.k_norm`)
    const values = linear(normal, `${own}.self_attn.v_proj`)
    const attended = attention(queries, keys, values, heads / keyValueHeads, headWidth)
    x = sum(x, linear(attended, `${own}.self_attn.o_proj`))
    const middle = norm(x, `${own}.post_attention_layernorm`)
    const [gate, up] = ['gate', 'up'].map((part) => linear(middle, `${own}.mlp.${part}_proj`))
    const active = gate.data.map((value, at) => (value / (1 + Math.exp(-value))) * up.data[at])
    x = sum(x, linear({ ...gate, data: active }, `${own}.mlp.down_proj`))
  }
  return product(norm(x, 'model.norm'), embedding, null)
}

/** Channel c of a head and channel c + half are a point, turned by position / θ^(2c / channels). */
function rotated(x: Matrix, headWidth: number): Matrix {
  const y = matrix(x.rows, x.columns)
  const half = headWidth / 2
  for (let position = 0; position < x.rows; position++) {
    const [from, into] = [row(x, position), row(y, position)]
    for (let first = 0; first < x.columns; first += headWidth)
      for (let channel = 0; channel < half; channel++) {
        const angle = position / ropeTheta ** ((2 * channel) / headWidth)
        const [one, other] = [first + channel, first + half + channel]
        into[one] = from[one] * Math.cos(angle) - from[other] * Math.sin(angle)
        into[other] = from[other] * Math.cos(angle) + from[one] * Math.sin(angle)
      }
  }
  return y
}

/** Causal; `sharing` neighbouring heads of queries look at one head of keys and values. */
function attention(
  queries: Matrix,
  keys: Matrix,
  values: Matrix,
  sharing: number,
  headWidth: number,
): Matrix {
  const y = matrix(queries.rows, queries.columns)
  const part = (x: Matrix, position: number, head: number): Float64Array =>
    row(x, position).subarray(head * headWidth, (head + 1) * headWidth)
  for (let head = 0; head < queries.columns / headWidth; head++) {
    const shared = Math.floor(head / sharing)
    for (let to = 0; to < queries.rows; to++) {
      const query = part(queries, to, head)
      const scores = Float64Array.from(
        { length: to + 1 },
        (_, from) => dot(query, part(keys, from, shared)) / Math.sqrt(headWidth),
      )
      const total = logSumExp(scores)
      const into = part(y, to, head)
      scores.forEach((score, from) => {
        const share = Math.exp(score - total)
        part(values, from, shared).forEach((value, channel) => {
          into[channel] += share * value
        })
      })
    }
  }
  return y
}
