/**
 * Products of two matrices, by which of their sides the summed axis is contiguous: NT is X W^T, NN is X W, TN is X^T W.
 * All three are one algorithm (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008): strips of
 * both factors are packed into panels that fit the caches, then a tile of sums is kept in registers.
 *
 * A sum over more than `depthOfBlock` places is taken in blocks, each from zero, which are added to y one by one. That
 * depends on K alone, so a row's result does not depend on M, nor on the columns beside it.
 */
import { leftWidth, packAcross, packAlong, rightWidth } from './packing'
import { rowTimesEight, tileOfFour } from './tiles'
import { at } from './vector'

/** A panel of the right factor stays in the first cache, a block of the left factor in the second. */
const depthOfBlock: i32 = 256
const rowsOfBlock: i32 = 128
const tileBytes: usize = 128

/** How a factor lies in memory: contiguous along the summed axis, or across it. */
type Order = i32
const alongDepth: Order = 0
const acrossDepth: Order = 1

/** Bytes of scratch that a product takes. */
export function productScratchBytes(M: i32, N: i32, K: i32): i32 {
  const depth = (min(K, depthOfBlock) + 1) & -2
  const rows = (min(M, rowsOfBlock) + leftWidth - 1) & -leftWidth
  return <i32>tileBytes + 4 * depth * (rightWidth + rows)
}

/** y[m, n] = scale sum over k of x[m, k] w[n, k] (+ y[m, n]) + bias[n] + residual[m, n] */
export function productNT(
  M: i32, N: i32, K: i32, x: usize, ldx: i32, w: usize, ldw: i32, y: usize, ldy: i32,
  scale: f32, accumulate: i32, bias: usize, residual: usize, scratch: usize,
): void {
  const done = M == 1 && K % 4 == 0 ? N & -rightWidth : 0
  if (done) productOfRow(done, K, x, w, ldw, y, scale, accumulate, bias, residual, scratch)
  if (done < N)
    product(M, N - done, K, x, ldx, alongDepth, at(w, done * ldw), ldw, alongDepth, at(y, done), ldy, scale, accumulate,
      bias ? at(bias, done) : 0, residual ? at(residual, done) : 0, scratch)
}

/** y[m, n] = scale sum over k of x[m, k] w[k, n] (+ y[m, n]) */
export function productNN(
  M: i32, N: i32, K: i32, x: usize, ldx: i32, w: usize, ldw: i32, y: usize, ldy: i32,
  scale: f32, accumulate: i32, scratch: usize,
): void {
  product(M, N, K, x, ldx, alongDepth, w, ldw, acrossDepth, y, ldy, scale, accumulate, 0, 0, scratch)
}

/** y[m, n] = scale sum over k of x[k, m] w[k, n] (+ y[m, n]) */
export function productTN(
  M: i32, N: i32, K: i32, x: usize, ldx: i32, w: usize, ldw: i32, y: usize, ldy: i32,
  scale: f32, accumulate: i32, scratch: usize,
): void {
  product(M, N, K, x, ldx, acrossDepth, w, ldw, acrossDepth, y, ldy, scale, accumulate, 0, 0, scratch)
}

function product(
  M: i32, N: i32, K: i32, x: usize, ldx: i32, xOrder: Order, w: usize, ldw: i32, wOrder: Order, y: usize, ldy: i32,
  scale: f32, accumulate: i32, bias: usize, residual: usize, scratch: usize,
): void {
  const sums = scratch
  const right = sums + tileBytes
  for (let k = 0; k < K; k += depthOfBlock) {
    const depth = min(K - k, depthOfBlock)
    const evenDepth = (depth + 1) & -2
    const left = at(right, rightWidth * evenDepth)
    const goesOn = k > 0 || accumulate != 0
    for (let m = 0; m < M; m += rowsOfBlock) {
      const rows = min(M - m, rowsOfBlock)
      for (let row = 0; row < rows; row += leftWidth)
        pack(x, ldx, xOrder, m + row, rows - row, k, depth, at(left, row * evenDepth), leftWidth)
      for (let n = 0; n < N; n += rightWidth) {
        const columns = min(N - n, rightWidth)
        // A strip that is used for one tile or two is read where it lies, if it can be.
        const direct = wOrder == acrossDepth && rows <= 8 && columns == rightWidth && depth == evenDepth
        if (!direct) pack(w, ldw, wOrder, n, columns, k, depth, right, rightWidth)
        const panel = direct ? at(w, k * ldw + n) : right
        const step = at(0, direct ? ldw : rightWidth)
        for (let row = 0; row < rows; row += leftWidth) {
          const strip = at(left, row * evenDepth)
          const place = (m + row) * ldy + n
          tileOfFour(evenDepth, strip, panel, step, sums)
          finish(min(rows - row, leftWidth), columns, sums, at(y, place), ldy, scale, goesOn,
            bias && k == 0 ? at(bias, n) : 0, residual && k == 0 ? at(residual, place) : 0)
        }
      }
    }
  }
}

/** NT with one row, as in decoding: the right factor is read once, from beginning to end, and nothing is packed. */
function productOfRow(
  N: i32, K: i32, x: usize, w: usize, ldw: i32, y: usize, scale: f32, accumulate: i32, bias: usize, residual: usize,
  sums: usize,
): void {
  for (let n = 0; n < N; n += rightWidth)
    for (let k = 0; k < K; k += depthOfBlock) {
      rowTimesEight(min(K - k, depthOfBlock), at(x, k), at(w, n * ldw + k), at(0, ldw), sums)
      finish(1, rightWidth, sums, at(y, n), 0, scale, k > 0 || accumulate != 0,
        bias && k == 0 ? at(bias, n) : 0, residual && k == 0 ? at(residual, n) : 0)
    }
}

/** Packs lines `line` and following of a factor, from place `k` on. */
function pack(
  from: usize, stride: i32, order: Order, line: i32, left: i32, k: i32, depth: i32, to: usize, width: i32,
): void {
  const lines = min(left, width)
  if (order == alongDepth) packAcross(at(from, line * stride + k), stride, lines, depth, to, width)
  else packAlong(at(from, k * stride + line), stride, lines, depth, to, width)
}

/** Turns sums into results. Never fused, so that a lone number comes out as it would in a vector. */
function finish(
  rows: i32, columns: i32, sums: usize, y: usize, ldy: i32,
  scale: f32, accumulate: bool, bias: usize, residual: usize,
): void {
  for (let row = 0; row < rows; row++) {
    let n = 0
    for (; n + 4 <= columns; n += 4) {
      let value = f32x4.mul(v128.load(at(sums, n)), f32x4.splat(scale))
      if (accumulate) value = f32x4.add(v128.load(at(y, n)), value)
      if (bias) value = f32x4.add(value, v128.load(at(bias, n)))
      if (residual) value = f32x4.add(value, v128.load(at(residual, n)))
      v128.store(at(y, n), value)
    }
    for (; n < columns; n++) {
      let value = load<f32>(at(sums, n)) * scale
      if (accumulate) value = load<f32>(at(y, n)) + value
      if (bias) value += load<f32>(at(bias, n))
      if (residual) value += load<f32>(at(residual, n))
      store<f32>(at(y, n), value)
    }
    sums = at(sums, rightWidth)
    y = at(y, ldy)
    if (residual) residual = at(residual, ldy)
  }
}
