/**
 * What happens to rows by themselves: token embeddings, and the norm of a row: layer norm (Ba et al., arXiv 1607.06450)
 * or RMS norm (Zhang and Sennrich, arXiv 1910.07467), which is the same with the mean taken to be 0.
 */
import { at, loadUpTo, multiplyAdd, storeUpTo, sumOfLanes } from './vector'

/** y[r] = tokens[ids[r]] + positions[positionIds[r]]; ids are integers. */
export function embed(
  ids: usize, positionIds: usize, tokens: usize, positions: usize, y: usize, rows: i32, width: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const token = at(tokens, load<i32>(at(ids, row)) * width)
    const position = positions ? at(positions, load<i32>(at(positionIds, row)) * width) : 0
    const out = at(y, row * width)
    for (let i = 0; i < width; i += 4) {
      let value = loadUpTo(at(token, i), width - i)
      if (position) value = f32x4.add(value, loadUpTo(at(position, i), width - i))
      storeUpTo(at(out, i), value, width - i)
    }
  }
}

/** y[r] = the norm of x[rowIndex[r]], or of x[r], times gain, plus offset. */
export function norm(
  x: usize, gain: usize, offset: usize, rowIndex: usize, y: usize, rows: i32, width: i32, epsilon: f32, isRms: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const from = at(x, (rowIndex ? load<i32>(at(rowIndex, row)) : row) * width)
    rowNorm(from, gain, offset, at(y, row * width), width, epsilon, isRms)
  }
}

/**
 * Rows of queries, keys and values, head after head: the RMS norm of each head of queries times the first gain, of each head
 * of keys times the second; values as they are.
 */
export function normOfHeads(
  x: usize, gains: usize, y: usize, rows: i32, heads: i32, keyValueHeads: i32, headWidth: i32, epsilon: f32,
): void {
  const values = heads + keyValueHeads
  const blocks = values + keyValueHeads
  for (let row = 0; row < rows; row++) {
    for (let head = 0; head < values; head++) {
      const place = (row * blocks + head) * headWidth
      rowNorm(at(x, place), at(gains, head < heads ? 0 : headWidth), 0, at(y, place), headWidth, epsilon, 1)
    }
    const place = (row * blocks + values) * headWidth
    memory.copy(at(y, place), at(x, place), at(0, keyValueHeads * headWidth))
  }
}

function rowNorm(
  x: usize, gain: usize, offset: usize, y: usize, width: i32, epsilon: f32, isRms: i32,
): void {
  const mean = isRms ? <f32>0 : meanOf(x, width)
  const inverse = inverseDeviation(x, mean, width, epsilon)
  for (let i = 0; i < width; i += 4) {
    const hat = normalized(loadUpTo(at(x, i), width - i), mean, inverse)
    let value = f32x4.mul(hat, loadUpTo(at(gain, i), width - i))
    if (offset) value = f32x4.add(value, loadUpTo(at(offset, i), width - i))
    storeUpTo(at(y, i), value, width - i)
  }
}

/**
 * dx[r] = the gradient through the norm of row r, from dy[places[r]], or from dy[r], plus residual[r]. Where places[r] is
 * negative no gradient came through the norm. With g = dy gain and h the normalized row it is
 * (g - mean(g) - h mean(g h)) / deviation, for RMS norm without mean(g).
 */
export function normGradient(
  dy: usize, x: usize, gain: usize, residual: usize, places: usize, dx: usize,
  rows: i32, width: i32, epsilon: f32, isRms: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const place = places ? load<i32>(at(places, row)) : row
    const rest = residual ? at(residual, row * width) : 0
    const out = at(dx, row * width)
    if (place < 0) {
      if (rest) memory.copy(out, rest, at(0, width))
      else memory.fill(out, 0, at(0, width))
    } else
      rowGradient(at(dy, place * width), at(x, row * width), gain, rest, out, width, epsilon, isRms)
  }
}

/** The gradient through `normOfHeads`; that of values as it is. */
export function normOfHeadsGradient(
  dy: usize, x: usize, gains: usize, dx: usize, rows: i32, heads: i32, keyValueHeads: i32, headWidth: i32, epsilon: f32,
): void {
  const values = heads + keyValueHeads
  const blocks = values + keyValueHeads
  for (let row = 0; row < rows; row++) {
    for (let head = 0; head < values; head++) {
      const place = (row * blocks + head) * headWidth
      const gain = at(gains, head < heads ? 0 : headWidth)
      rowGradient(at(dy, place), at(x, place), gain, 0, at(dx, place), headWidth, epsilon, 1)
    }
    const place = (row * blocks + values) * headWidth
    memory.copy(at(dx, place), at(dy, place), at(0, keyValueHeads * headWidth))
  }
}

function rowGradient(
  dy: usize, x: usize, gain: usize, residual: usize, dx: usize, width: i32, epsilon: f32, isRms: i32,
): void {
  const mean = isRms ? <f32>0 : meanOf(x, width)
  const inverse = inverseDeviation(x, mean, width, epsilon)
  let sum = f32x4.splat(0)
  let sumWithHat = f32x4.splat(0)
  for (let i = 0; i < width; i += 4) {
    const g = f32x4.mul(loadUpTo(at(dy, i), width - i), loadUpTo(at(gain, i), width - i))
    sum = f32x4.add(sum, g)
    sumWithHat = multiplyAdd(g, normalized(loadUpTo(at(x, i), width - i), mean, inverse), sumWithHat)
  }
  const meanG = f32x4.splat(isRms ? <f32>0 : sumOfLanes(sum) / <f32>width)
  const meanGHat = f32x4.splat(sumOfLanes(sumWithHat) / <f32>width)
  for (let i = 0; i < width; i += 4) {
    const g = f32x4.mul(loadUpTo(at(dy, i), width - i), loadUpTo(at(gain, i), width - i))
    const hat = normalized(loadUpTo(at(x, i), width - i), mean, inverse)
    const inner = f32x4.sub(f32x4.sub(g, meanG), f32x4.mul(hat, meanGHat))
    let value = f32x4.mul(inner, f32x4.splat(inverse))
    if (residual) value = f32x4.add(value, loadUpTo(at(residual, i), width - i))
    storeUpTo(at(dx, i), value, width - i)
  }
}

// @ts-ignore: decorator
@inline
function normalized(x: v128, mean: f32, inverse: f32): v128 {
  return f32x4.mul(f32x4.sub(x, f32x4.splat(mean)), f32x4.splat(inverse))
}

function meanOf(x: usize, width: i32): f32 {
  let sum = f32x4.splat(0)
  for (let i = 0; i < width; i += 4) sum = f32x4.add(sum, loadUpTo(at(x, i), width - i))
  return sumOfLanes(sum) / <f32>width
}

/** 1 / sqrt(mean of the squared distances from `mean`, plus epsilon) */
function inverseDeviation(x: usize, mean: f32, width: i32, epsilon: f32): f32 {
  let sum = f32x4.splat(0)
  let i = 0
  for (; i + 4 <= width; i += 4) {
    const distance = f32x4.sub(v128.load(at(x, i)), f32x4.splat(mean))
    sum = multiplyAdd(distance, distance, sum)
  }
  let squares = sumOfLanes(sum)
  for (; i < width; i++) {
    const distance = load<f32>(at(x, i)) - mean
    squares += distance * distance
  }
  return 1 / sqrt<f32>(squares / <f32>width + epsilon)
}
