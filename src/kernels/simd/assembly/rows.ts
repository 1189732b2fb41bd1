/**
 * What attention does to rows of one head. Attention is taken a few rows at a time: their scores are one product, a
 * softmax follows, and a second product weighs the values. So scores never need more room than a few rows.
 */
import { largestOf, multiply, replaceByExponentials } from './loss'
import { productNN, productNT, productScratchBytes } from './products'
import { at, loadUpTo, log, multiplyAdd, storeUpTo } from './vector'

/** Rows whose scores are held at a time. */
export const rowsAtOnce: i32 = 32

/** Bytes of scratch for `attendRows` and for the products of its gradient. */
export function rowsScratchBytes(columns: i32, headWidth: i32): i32 {
  const scores = productScratchBytes(rowsAtOnce, columns, headWidth)
  const weighted = productScratchBytes(max(rowsAtOnce, columns), headWidth, max(rowsAtOnce, columns))
  return max(scores, weighted)
}

/**
 * Rows of one head attend to the first `first + 1`, `first + 2`, ... of the keys. `scores` has room for rows times
 * `first + rows` numbers. Stores each row's log of the sum of exponentials if there is room for that.
 */
export function attendRows(
  queries: usize, queryStride: i32, keys: usize, keyStride: i32, values: usize, valueStride: i32,
  out: usize, outStride: i32, logSumExp: usize, logStride: i32,
  rows: i32, first: i32, headWidth: i32, scores: usize, scratch: usize,
): void {
  const columns = first + rows
  const scale = <f32>1 / sqrt<f32>(<f32>headWidth)
  productNT(rows, columns, headWidth, queries, queryStride, keys, keyStride, scores, columns, scale, 0, 0, 0, scratch)
  for (let row = 0; row < rows; row++) {
    const visible = first + row + 1
    const own = at(scores, row * columns)
    const largest = largestOf(own, visible)
    const sum = replaceByExponentials(own, largest, visible)
    multiply(own, <f32>(1 / sum), visible)
    memory.fill(at(own, visible), 0, at(0, columns - visible))
    if (logSumExp) store<f32>(at(logSumExp, row * logStride), largest + <f32>log(sum))
  }
  productNN(rows, headWidth, columns, scores, columns, values, valueStride, out, outStride, 1, 0, scratch)
}

/**
 * Rotary embedding (Su et al., arXiv 2104.09864) as LLaMA has it: number i of a head and number i + headWidth/2 are a
 * point that is turned by an angle that grows with the position. `direction` is 1, or -1 to turn back. In place if
 * `to` is `from`.
 */
export function rotate(
  from: usize, fromStride: i32, to: usize, toStride: i32, rope: usize, position: i32,
  rows: i32, headWidth: i32, direction: f32,
): void {
  const half = headWidth >> 1
  for (let row = 0; row < rows; row++) {
    const cosines = at(rope, (position + row) * headWidth)
    const source = at(from, row * fromStride)
    const target = at(to, row * toStride)
    for (let i = 0; i < half; i += 4) {
      const left = half - i
      const cosine = loadUpTo(at(cosines, i), left)
      const sine = f32x4.mul(loadUpTo(at(cosines, half + i), left), f32x4.splat(direction))
      const x = loadUpTo(at(source, i), left)
      const y = loadUpTo(at(source, half + i), left)
      storeUpTo(at(target, i), multiplyAdd(x, cosine, f32x4.neg(f32x4.mul(y, sine))), left)
      storeUpTo(at(target, half + i), multiplyAdd(y, cosine, f32x4.mul(x, sine)), left)
    }
  }
}
