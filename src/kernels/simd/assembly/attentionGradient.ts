/**
 * The gradient of causal attention. Probabilities are not kept from the forward pass but computed again from each row's
 * log-sum-exp, a few rows at a time, as FlashAttention does (Dao, arXiv 2307.08691, algorithm 2). With P the
 * probabilities, D[r] = dOut[r] . out[r] and dS = P (dOut V^T - D):
 * dV = P^T dOut, dK = scale dS^T Q, dQ = scale dS K.
 */
import { productNN, productNT, productTN } from './products'
import { rotate, rowsAtOnce, rowsScratchBytes } from './rows'
import { at, exp, loadUpTo, multiplyAdd, storeUpTo, sumOfLanes } from './vector'

export function attentionGradientScratchBytes(
  batch: i32, time: i32, heads: i32, keyValueHeads: i32, headWidth: i32,
): i32 {
  return rowsScratchBytes(time, headWidth) + 4 * (2 * rowsAtOnce * time + (rowsAtOnce + time) * headWidth)
}

/** dQkv, in the layout of qkv; of the heads of keys and values, and of what looks at them, those that `attention` would take. */
export function attentionGradient(
  dOut: usize, qkv: usize, rope: usize, out: usize, logSumExp: usize, dQkv: usize,
  from: i32, to: i32, time: i32, heads: i32, keyValueHeads: i32, headWidth: i32, scratch: usize,
): void {
  const stride = (heads + 2 * keyValueHeads) * headWidth
  const outStride = heads * headWidth
  const scale = <f32>1 / sqrt<f32>(<f32>headWidth)
  const group = heads / keyValueHeads
  const probabilities = scratch
  const gradients = at(probabilities, rowsAtOnce * time)
  const turnedQueries = at(gradients, rowsAtOnce * time)
  const turnedKeys = at(turnedQueries, rowsAtOnce * headWidth)
  const rest = at(turnedKeys, time * headWidth)
  const keyStride = rope ? headWidth : stride
  for (let unit = from; unit < to; unit++) {
    const shared = unit % keyValueHeads
    const first = (unit / keyValueHeads) * time
    const ownKeys = (heads + shared) * headWidth
    const values = at(qkv, first * stride + ownKeys + keyValueHeads * headWidth)
    const dKeys = at(dQkv, first * stride + ownKeys)
    const dValues = at(dKeys, keyValueHeads * headWidth)
    let keys = at(qkv, first * stride + ownKeys)
    clear(dKeys, stride, time, headWidth)
    clear(dValues, stride, time, headWidth)
    if (rope) {
      rotate(keys, stride, turnedKeys, headWidth, rope, 0, time, headWidth, 1)
      keys = turnedKeys
    }
    for (let head = shared * group; head < (shared + 1) * group; head++)
      for (let row = 0; row < time; row += rowsAtOnce) {
        const rows = min(time - row, rowsAtOnce)
        const columns = row + rows
        const place = (first + row) * outStride + head * headWidth
        const dRows = at(dOut, place)
        const dQueries = at(dQkv, (first + row) * stride + head * headWidth)
        let queries = at(qkv, (first + row) * stride + head * headWidth)
        if (rope) {
          rotate(queries, stride, turnedQueries, headWidth, rope, row, rows, headWidth, 1)
          queries = turnedQueries
        }
        productNT(rows, columns, headWidth, queries, keyStride, keys, keyStride,
          probabilities, columns, scale, 0, 0, 0, rest)
        productNT(rows, columns, headWidth, dRows, outStride, values, stride, gradients, columns, 1, 0, 0, 0, rest)
        for (let r = 0; r < rows; r++) {
          const shift = load<f32>(at(logSumExp, (first + row + r) * heads + head))
          const mean = dot(at(dRows, r * outStride), at(out, place + r * outStride), headWidth)
          softmaxGradient(at(probabilities, r * columns), at(gradients, r * columns), shift, mean, row + r + 1, columns)
        }
        productTN(columns, headWidth, rows, probabilities, columns, dRows, outStride, dValues, stride, 1, 1, rest)
        productTN(columns, headWidth, rows, gradients, columns, queries, keyStride, dKeys, stride, scale, 1, rest)
        productNN(rows, headWidth, columns, gradients, columns, keys, keyStride, dQueries, stride, scale, 0, rest)
        if (rope) rotate(dQueries, stride, dQueries, stride, rope, row, rows, headWidth, -1)
      }
    if (rope) rotate(dKeys, stride, dKeys, stride, rope, 0, time, headWidth, -1)
  }
}

/** Turns a row of scores into probabilities, and their gradient into that of the scores; zero where nothing is seen. */
function softmaxGradient(
  scores: usize, gradient: usize, shift: f32, mean: f32, visible: i32, columns: i32,
): void {
  for (let i = 0; i < visible; i += 4) {
    const left = visible - i
    const p = exp(f32x4.sub(loadUpTo(at(scores, i), left), f32x4.splat(shift)))
    const dP = loadUpTo(at(gradient, i), left)
    storeUpTo(at(scores, i), p, left)
    storeUpTo(at(gradient, i), f32x4.mul(p, f32x4.sub(dP, f32x4.splat(mean))), left)
  }
  memory.fill(at(scores, visible), 0, at(0, columns - visible))
  memory.fill(at(gradient, visible), 0, at(0, columns - visible))
}

function dot(a: usize, b: usize, size: i32): f32 {
  let sum = f32x4.splat(0)
  for (let i = 0; i < size; i += 4)
    sum = multiplyAdd(loadUpTo(at(a, i), size - i), loadUpTo(at(b, i), size - i), sum)
  return sumOfLanes(sum)
}

function clear(to: usize, stride: i32, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++) memory.fill(at(to, row * stride), 0, at(0, width))
}
