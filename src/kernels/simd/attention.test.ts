import { beforeAll, describe, expect, it } from 'vitest'
import { Bench, gaussians, largestError } from './testing'

let bench: Bench
beforeAll(async () => {
  bench = await Bench.open()
})

interface Shape {
  readonly batch: number
  readonly time: number
  readonly heads: number
  readonly keyValueHeads: number
  readonly headWidth: number
  readonly rotary: boolean
}

const shapes: readonly Shape[] = [
  { batch: 2, time: 5, heads: 3, keyValueHeads: 3, headWidth: 4, rotary: false },
  { batch: 1, time: 1, heads: 1, keyValueHeads: 1, headWidth: 8, rotary: true },
  { batch: 2, time: 7, heads: 4, keyValueHeads: 2, headWidth: 10, rotary: true },
  { batch: 1, time: 35, heads: 2, keyValueHeads: 1, headWidth: 6, rotary: true }, // more than 32 rows
]

const sizes = ({ batch, time, heads, keyValueHeads, headWidth }: Shape) =>
  [batch, time, heads, keyValueHeads, headWidth] as const
/** All heads of all texts, as the functions are called. */
const whole = ({ batch, time, heads, keyValueHeads, headWidth }: Shape) =>
  [0, batch * keyValueHeads, time, heads, keyValueHeads, headWidth] as const
const stride = ({ heads, keyValueHeads, headWidth }: Shape) => (heads + 2 * keyValueHeads) * headWidth
const qkvOf = (shape: Shape) => gaussians(shape.batch * shape.time * stride(shape), 'qkv')

/** For each position the cosines and then the sines of its angles. */
const ropeTable = (positions: number, headWidth: number): Float32Array =>
  Float32Array.from({ length: positions * headWidth }, (_, index) => {
    const [position, place] = [Math.floor(index / headWidth), index % headWidth]
    const angle = position / 100 ** ((2 * (place % (headWidth / 2))) / headWidth)
    return place < headWidth / 2 ? Math.cos(angle) : Math.sin(angle)
  })

function attention(qkv: Float32Array, shape: Shape) {
  const [rows, { heads, headWidth }] = [shape.batch * shape.time, shape]
  const operands = {
    qkv: bench.put(qkv),
    rope: shape.rotary ? bench.put(ropeTable(shape.time, headWidth)) : 0,
    out: bench.room(rows * heads * headWidth),
    logSumExp: bench.room(rows * heads),
  }
  const scratch = bench.scratch(bench.functions.attentionScratchBytes(...sizes(shape)))
  const { qkv: at, rope, out, logSumExp } = operands
  bench.functions.attention(at, rope, out, logSumExp, ...whole(shape), scratch)
  return {
    operands,
    out: bench.get(out, rows * heads * headWidth),
    logSumExp: bench.get(logSumExp, rows * heads),
  }
}

/** Attention by its definition, in 64 bits. */
function oracle(qkv: ArrayLike<number>, shape: Shape) {
  const { batch, time, heads, keyValueHeads, headWidth, rotary } = shape
  const width = stride(shape)
  const table = ropeTable(time, headWidth)
  const half = headWidth / 2
  const vector = (row: number, from: number, position: number | null): number[] => {
    const x = Array.from({ length: headWidth }, (_, i) => qkv[row * width + from * headWidth + i])
    if (position === null || !rotary) return x
    const [cosine, sine] = [0, half].map(
      (part) => (i: number) => table[position * headWidth + part + (i % half)],
    )
    return x.map((value, i) => value * cosine(i) + (i < half ? -x[i + half] : x[i - half]) * sine(i))
  }
  const out = new Float64Array(batch * time * heads * headWidth)
  const logSumExp = new Float64Array(batch * time * heads)
  for (let text = 0; text < batch; text++)
    for (let head = 0; head < heads; head++) {
      const shared = Math.floor(head / (heads / keyValueHeads))
      const row = (position: number) => text * time + position
      const positions = Array.from({ length: time }, (_, position) => position)
      const keys = positions.map((position) => vector(row(position), heads + shared, position))
      const values = positions.map((position) => vector(row(position), heads + keyValueHeads + shared, null))
      for (const position of positions) {
        const query = vector(row(position), head, position)
        const scores = keys
          .slice(0, position + 1)
          .map((key) => key.reduce((sum, k, i) => sum + k * query[i], 0) / Math.sqrt(headWidth))
        const sum = scores.reduce((total, score) => total + Math.exp(score), 0)
        logSumExp[row(position) * heads + head] = Math.log(sum)
        scores.forEach((score, key) => {
          for (let i = 0; i < headWidth; i++)
            out[(row(position) * heads + head) * headWidth + i] += (Math.exp(score) / sum) * values[key][i]
        })
      }
    }
  return { out, logSumExp }
}

describe.each(shapes)('attention of %o', (shape) => {
  it('weighs values by the softmax of scores', () => {
    const qkv = qkvOf(shape)
    const { out, logSumExp } = attention(qkv, shape)
    const expected = oracle(qkv, shape)
    expect(largestError(out, expected.out)).toBeLessThan(2e-6)
    expect(largestError(logSumExp, expected.logSumExp)).toBeLessThan(2e-6)
  })

  it('has the gradient that differences of the oracle have', () => {
    const qkv = qkvOf(shape)
    const { operands } = attention(qkv, shape)
    const dOut = gaussians(shape.batch * shape.time * shape.heads * shape.headWidth, 'dOut')
    const dQkv = bench.room(qkv.length)
    const scratch = bench.scratch(bench.functions.attentionGradientScratchBytes(...sizes(shape)))
    const { qkv: at, rope, out, logSumExp } = operands
    const kept = [at, rope, out, logSumExp] as const
    bench.functions.attentionGradient(bench.put(dOut), ...kept, dQkv, ...whole(shape), scratch)
    const objective = (moved: Float64Array) =>
      oracle(moved, shape).out.reduce((sum, value, index) => sum + value * dOut[index], 0)
    const step = 1e-4
    const expected = Float64Array.from(qkv, (_, index) => {
      const [up, down] = [step, -step].map((by) => {
        const moved = Float64Array.from(qkv)
        moved[index] += by
        return objective(moved)
      })
      return (up - down) / (2 * step)
    })
    expect(largestError(bench.get(dQkv, qkv.length), expected)).toBeLessThan(5e-6)
  })
})

describe('attention', () => {
  it('gives each row to the last bit however many follow', () => {
    const shape = { ...shapes[3], time: 70 }
    const qkv = qkvOf(shape)
    const { out } = attention(qkv, shape)
    for (const time of [1, 3, 5, 16, 33, 64]) {
      const fewer = attention(qkv.slice(0, time * stride(shape)), { ...shape, time }).out
      expect(fewer).toEqual(out.slice(0, fewer.length))
    }
  })
})

describe.each([shapes[3], { ...shapes[0], batch: 1, time: 40 }])('cachedAttention of %o', (shape) => {
  const capacity = 48
  const { time, heads, keyValueHeads, headWidth } = shape

  /** A text that arrives in pieces; each call has room for `rows` rows. */
  function arrive(qkv: Float32Array, pieces: readonly number[], rows: number): Float32Array {
    const cache = bench.room(2 * capacity * keyValueHeads * headWidth)
    const rope = shape.rotary ? bench.put(ropeTable(capacity, headWidth)) : 0
    const shapeSizes = [rows, capacity, heads, keyValueHeads, headWidth] as const
    const scratch = bench.scratch(bench.functions.cachedAttentionScratchBytes(...shapeSizes))
    const all: number[] = []
    let start = 0
    for (const count of pieces) {
      const padded = new Float32Array(rows * stride(shape)).fill(Number.NaN)
      padded.set(qkv.subarray(start * stride(shape), (start + count) * stride(shape)))
      const out = bench.room(rows * heads * headWidth)
      const spans = bench.putIntegers([start, count])
      bench.functions.cachedAttention(bench.put(padded), rope, cache, spans, out, 1, ...shapeSizes, scratch)
      const read = bench.get(out, rows * heads * headWidth)
      all.push(...read.subarray(0, count * heads * headWidth))
      expect(read.subarray(count * heads * headWidth).every((value) => value === 0)).toBe(true)
      start += count
    }
    return Float32Array.from(all)
  }

  it('is attention to everything before', () => {
    const qkv = qkvOf(shape)
    expect(largestError(arrive(qkv, [time], time), oracle(qkv, shape).out)).toBeLessThan(2e-6)
  })

  it('gives the same to the last bit whether rows come alone, together or padded', () => {
    const qkv = qkvOf(shape)
    const alone = arrive(qkv, Array(time).fill(1), 1)
    expect(arrive(qkv, [time], time)).toEqual(alone)
    expect(arrive(qkv, [20, 1, 5, 3, time - 29], 21)).toEqual(alone)
  })
})
