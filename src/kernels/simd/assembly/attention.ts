/**
 * Causal attention of many heads, in training and with a cache. A row of qkv holds the queries of all heads, then the
 * keys, then the values; head h uses keys and values of head h / (heads / keyValueHeads), as in grouped-query attention
 * (Ainslie et al., arXiv 2305.13245). `rope` is a table of angles, for each position the cosines and then the sines.
 */
import { attendRows, rotate, rowsAtOnce, rowsScratchBytes } from './rows'
import { at } from './vector'

export function attentionScratchBytes(
  batch: i32, time: i32, heads: i32, keyValueHeads: i32, headWidth: i32,
): i32 {
  return rowsScratchBytes(time, headWidth) + 4 * (rowsAtOnce * time + (rowsAtOnce + time) * headWidth)
}

/** out [batch time, heads headWidth]; logSumExp [batch time, heads] is what the gradient needs of the softmax. */
export function attention(
  qkv: usize, rope: usize, out: usize, logSumExp: usize,
  batch: i32, time: i32, heads: i32, keyValueHeads: i32, headWidth: i32, scratch: usize,
): void {
  const stride = (heads + 2 * keyValueHeads) * headWidth
  const outStride = heads * headWidth
  const group = heads / keyValueHeads
  const scores = scratch
  const turnedQueries = at(scores, rowsAtOnce * time)
  const turnedKeys = at(turnedQueries, rowsAtOnce * headWidth)
  const rest = at(turnedKeys, time * headWidth)
  for (let text = 0; text < batch; text++)
    for (let head = 0; head < heads; head++) {
      const shared = head / group
      const first = text * time
      const queries = at(qkv, first * stride + head * headWidth)
      const keys = at(qkv, first * stride + (heads + shared) * headWidth)
      const values = at(keys, keyValueHeads * headWidth)
      if (rope && head % group == 0) rotate(keys, stride, turnedKeys, headWidth, rope, 0, time, headWidth, 1)
      for (let row = 0; row < time; row += rowsAtOnce) {
        const rows = min(time - row, rowsAtOnce)
        const own = at(queries, row * stride)
        if (rope) rotate(own, stride, turnedQueries, headWidth, rope, row, rows, headWidth, 1)
        attendRows(
          rope ? turnedQueries : own, rope ? headWidth : stride,
          rope ? turnedKeys : keys, rope ? headWidth : stride, values, stride,
          at(out, (first + row) * outStride + head * headWidth), outStride,
          at(logSumExp, (first + row) * heads + head), heads,
          rows, row, headWidth, scores, rest,
        )
      }
    }
}

export function cachedAttentionScratchBytes(
  rows: i32, capacity: i32, heads: i32, keyValueHeads: i32, headWidth: i32,
): i32 {
  return rowsScratchBytes(capacity, headWidth) + 4 * rowsAtOnce * (capacity + headWidth)
}

/**
 * One text that grows: the new rows' keys and values are appended to the cache [2, capacity, keyValueHeads headWidth],
 * then each row attends to all positions up to its own. `span` holds two integers, the first row's position and how many
 * rows are real; the others pad the call, and their out is zero.
 */
export function cachedAttention(
  qkv: usize, rope: usize, cache: usize, span: usize, out: usize,
  rows: i32, capacity: i32, heads: i32, keyValueHeads: i32, headWidth: i32, scratch: usize,
): void {
  const stride = (heads + 2 * keyValueHeads) * headWidth
  const outStride = heads * headWidth
  const cacheStride = keyValueHeads * headWidth
  const start = load<i32>(span)
  const count = min(min(load<i32>(span, 4), rows), capacity - start)
  const cachedValues = at(cache, capacity * cacheStride)
  for (let row = 0; row < count; row++) {
    const keys = at(qkv, row * stride + outStride)
    const place = (start + row) * cacheStride
    memory.copy(at(cache, place), keys, at(0, cacheStride))
    memory.copy(at(cachedValues, place), at(keys, cacheStride), at(0, cacheStride))
  }
  if (rope)
    for (let shared = 0; shared < keyValueHeads; shared++) {
      const keys = at(cache, start * cacheStride + shared * headWidth)
      rotate(keys, cacheStride, keys, cacheStride, rope, start, count, headWidth, 1)
    }
  const scores = scratch
  const turned = at(scores, rowsAtOnce * capacity)
  const rest = at(turned, rowsAtOnce * headWidth)
  for (let head = 0; head < heads; head++) {
    const shared = (head / (heads / keyValueHeads)) * headWidth
    for (let row = 0; row < count; row += rowsAtOnce) {
      const some = min(count - row, rowsAtOnce)
      const queries = at(qkv, row * stride + head * headWidth)
      if (rope) rotate(queries, stride, turned, headWidth, rope, start + row, some, headWidth, 1)
      attendRows(
        rope ? turned : queries, rope ? headWidth : stride,
        at(cache, shared), cacheStride, at(cachedValues, shared), cacheStride,
        at(out, row * outStride + head * headWidth), outStride, 0, 0,
        some, start + row, headWidth, scores, rest,
      )
    }
  }
  memory.fill(at(out, max(count, 0) * outStride), 0, at(0, (rows - max(count, 0)) * outStride))
}
