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

/**
 * out [batch time, heads headWidth]; logSumExp [batch time, heads] is what the gradient needs of the softmax. Of all heads of keys and
 * values of all texts (text keyValueHeads + head) only those from `from` up to, not including, `to`, with the queries that look at them.
 */
export function attention(
  qkv: usize, rope: usize, out: usize, logSumExp: usize,
  from: i32, to: i32, time: i32, heads: i32, keyValueHeads: i32, headWidth: i32, scratch: usize,
): void {
  const stride = (heads + 2 * keyValueHeads) * headWidth
  const outStride = heads * headWidth
  const group = heads / keyValueHeads
  const scores = scratch
  const turnedQueries = at(scores, rowsAtOnce * time)
  const turnedKeys = at(turnedQueries, rowsAtOnce * headWidth)
  const rest = at(turnedKeys, time * headWidth)
  for (let unit = from; unit < to; unit++) {
    const shared = unit % keyValueHeads
    const first = (unit / keyValueHeads) * time
    const keys = at(qkv, first * stride + (heads + shared) * headWidth)
    const values = at(keys, keyValueHeads * headWidth)
    if (rope) rotate(keys, stride, turnedKeys, headWidth, rope, 0, time, headWidth, 1)
    for (let head = shared * group; head < (shared + 1) * group; head++) {
      const queries = at(qkv, first * stride + head * headWidth)
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
}

export function cachedAttentionScratchBytes(
  rows: i32, capacity: i32, heads: i32, keyValueHeads: i32, headWidth: i32,
): i32 {
  return rowsScratchBytes(capacity, headWidth) + 4 * rowsAtOnce * (capacity + headWidth)
}

/** How many of the rows behind the first `row` are a text's: what its span says, where that fits the call and its cache. */
function rowsOfText(spans: usize, slot: i32, row: i32, rows: i32, capacity: i32): i32 {
  const start = load<i32>(at(spans, 2 * slot))
  const count = load<i32>(at(spans, 2 * slot + 1))
  return max(min(min(count, rows - row), capacity - start), 0)
}

/** Puts keys, which it rotates, and the values behind them into the cache of one text, from position `start` on. */
function cacheText(
  keys: usize, stride: i32, rope: usize, cache: usize, start: i32, count: i32,
  capacity: i32, keyValueHeads: i32, headWidth: i32,
): void {
  const cacheStride = keyValueHeads * headWidth
  const cachedValues = at(cache, capacity * cacheStride)
  for (let row = 0; row < count; row++) {
    const own = at(keys, row * stride)
    const place = (start + row) * cacheStride
    memory.copy(at(cache, place), own, at(0, cacheStride))
    memory.copy(at(cachedValues, place), at(own, cacheStride), at(0, cacheStride))
  }
  if (rope)
    for (let shared = 0; shared < keyValueHeads; shared++) {
      const cached = at(cache, start * cacheStride + shared * headWidth)
      rotate(cached, cacheStride, cached, cacheStride, rope, start, count, headWidth, 1)
    }
}

/**
 * Rows of several texts, one after the other, go into the texts' caches [slots, 2, capacity, keyValueHeads headWidth].
 * `spans` holds two integers for each slot: its first row's position, and how many rows are its. A row of qkv holds no
 * queries here.
 */
export function cacheRows(
  qkv: usize, rope: usize, cache: usize, spans: usize,
  slots: i32, rows: i32, capacity: i32, keyValueHeads: i32, headWidth: i32,
): void {
  const stride = 2 * keyValueHeads * headWidth
  let row = 0
  for (let slot = 0; slot < slots; slot++) {
    const count = rowsOfText(spans, slot, row, rows, capacity)
    const start = load<i32>(at(spans, 2 * slot))
    const own = at(cache, slot * capacity * stride)
    cacheText(at(qkv, row * stride), stride, rope, own, start, count, capacity, keyValueHeads, headWidth)
    row += count
  }
}

/**
 * Texts that grow: rows and spans as of `cacheRows`. The new rows' keys and values are put into the caches, then each row
 * attends to all positions of its text up to its own. Rows behind the last text's pad the call, and their out is zero.
 */
export function cachedAttention(
  qkv: usize, rope: usize, cache: usize, spans: usize, out: usize,
  slots: i32, rows: i32, capacity: i32, heads: i32, keyValueHeads: i32, headWidth: i32, scratch: usize,
): void {
  const stride = (heads + 2 * keyValueHeads) * headWidth
  const outStride = heads * headWidth
  let row = 0
  for (let slot = 0; slot < slots; slot++) {
    const count = rowsOfText(spans, slot, row, rows, capacity)
    const start = load<i32>(at(spans, 2 * slot))
    const own = at(cache, slot * 2 * capacity * keyValueHeads * headWidth)
    const first = at(qkv, row * stride)
    cacheText(at(first, outStride), stride, rope, own, start, count, capacity, keyValueHeads, headWidth)
    attendText(
      first, rope, own, at(out, row * outStride), start, count,
      capacity, heads, keyValueHeads, headWidth, scratch,
    )
    row += count
  }
  memory.fill(at(out, row * outStride), 0, at(0, (rows - row) * outStride))
}

/** The rows of one text attend to its cache, in which their own keys and values lie already. */
function attendText(
  qkv: usize, rope: usize, cache: usize, out: usize, start: i32, count: i32,
  capacity: i32, heads: i32, keyValueHeads: i32, headWidth: i32, scratch: usize,
): void {
  const stride = (heads + 2 * keyValueHeads) * headWidth
  const outStride = heads * headWidth
  const cacheStride = keyValueHeads * headWidth
  const cachedValues = at(cache, capacity * cacheStride)
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
}
