/** For tests of attention: seeded operands, and its definition in 64-bit loops. */
import { gaussians } from '../products/testing'
import type { AttentionShape, HeadShape } from './heads'

/** Positions of the table, more than a workgroup of cachedAttention looks at together. */
export const context = 160

/** Cosines and sines of each position, as heads.ts describes them [context, headWidth]. */
export function ropeTable(headWidth: number): Float32Array {
  const half = headWidth / 2
  return Float32Array.from({ length: context * headWidth }, (_, place) => {
    const [position, column] = [Math.floor(place / headWidth), place % headWidth]
    const angle = position * 100 ** (-(column % half) / half)
    return column < half ? Math.cos(angle) : Math.sin(angle)
  })
}

const columnsOf = ({ heads, keyValueHeads, headWidth }: HeadShape): number =>
  (heads + 2 * keyValueHeads) * headWidth

/** Operands of a sequence length and shape, which depend on nothing else. */
export const numbersFor = (shape: AttentionShape) => ({
  qkv: gaussians(1, shape.batch * shape.time * columnsOf(shape)),
  dOut: gaussians(2, shape.batch * shape.time * shape.heads * shape.headWidth),
  rope: ropeTable(shape.headWidth),
})

/** One position's head, rotated with a table. */
function headOf(
  row: ArrayLike<number>,
  block: number,
  headWidth: number,
  angles: ArrayLike<number> | null,
): number[] {
  const head = Array.from({ length: headWidth }, (_, channel) => row[block * headWidth + channel])
  if (!angles) return head
  const half = headWidth / 2
  return head.map((number, channel) => {
    const [cosine, sine] = [angles[channel % half], angles[(channel % half) + half]]
    return channel < half
      ? number * cosine - head[channel + half] * sine
      : number * cosine + head[channel - half] * sine
  })
}

/** The definition of causal attention, one sequence, head and query at a time. */
export function reference(
  qkv: Float32Array,
  rope: Float32Array | null,
  shape: AttentionShape,
): { out: number[]; logSumExp: number[] } {
  const { batch, time, heads, keyValueHeads, headWidth } = shape
  const columns = columnsOf(shape)
  const results = Array.from({ length: batch * time * heads }, (_, place) => {
    const [row, head] = [Math.floor(place / heads), place % heads]
    const position = row % time
    const read = (of: number, block: number, isRotated: boolean) => {
      const numbers = qkv.subarray((row - position + of) * columns, (row - position + of + 1) * columns)
      const angles = isRotated && rope ? rope.subarray(of * headWidth, (of + 1) * headWidth) : null
      return headOf(numbers, block, headWidth, angles)
    }
    const keyHead = Math.floor((head * keyValueHeads) / heads)
    const query = read(position, head, true)
    const scores = Array.from({ length: position + 1 }, (_, of) => {
      const key = read(of, heads + keyHead, true)
      return query.reduce((sum, number, channel) => sum + number * key[channel], 0) / Math.sqrt(headWidth)
    })
    const largest = Math.max(...scores)
    const sum = scores.reduce((sum, score) => sum + Math.exp(score - largest), 0)
    const out = new Array<number>(headWidth).fill(0)
    scores.forEach((score, of) => {
      const value = read(of, heads + keyValueHeads + keyHead, false)
      for (let channel = 0; channel < headWidth; channel++)
        out[channel] += (Math.exp(score - largest) / sum) * value[channel]
    })
    return { out, logSum: largest + Math.log(sum) }
  })
  return { out: results.flatMap(({ out }) => out), logSumExp: results.map(({ logSum }) => logSum) }
}

export const describeShape = ({ batch, time, heads, keyValueHeads, headWidth }: AttentionShape): string =>
  `${batch} x ${time} positions, ${heads}/${keyValueHeads} heads of ${headWidth}`
