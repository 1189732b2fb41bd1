/**
 * The innermost loops of products. Sums are held in registers while the summed axis is run through, and go to `sums`, rows
 * of 8. Every sum is taken in the same order in both functions, one product after the other, so that a row's result does
 * not depend on which of them computed it.
 */
import { multiplyAdd } from './vector'

/**
 * A tile of 4 x 8 sums: more would not fit the 16 registers of x86, and fewer would wait for each other. `left` is a
 * packed panel, places 4 numbers apart. Places of `right` are `rightStep` bytes apart, since a panel as wide as a tile may
 * also be read where it lies. `depth` is even.
 */
export function tileOfFour(depth: i32, left: usize, right: usize, rightStep: usize, sums: usize): void {
  let a0 = f32x4.splat(0)
  let a1 = a0
  let b0 = a0
  let b1 = a0
  let c0 = a0
  let c1 = a0
  let d0 = a0
  let d1 = a0
  for (let k = 0; k < depth; k += 2) {
    let w0 = v128.load(right)
    let w1 = v128.load(right, 16)
    let x = v128.load_splat<f32>(left)
    a0 = multiplyAdd(x, w0, a0)
    a1 = multiplyAdd(x, w1, a1)
    x = v128.load_splat<f32>(left, 4)
    b0 = multiplyAdd(x, w0, b0)
    b1 = multiplyAdd(x, w1, b1)
    x = v128.load_splat<f32>(left, 8)
    c0 = multiplyAdd(x, w0, c0)
    c1 = multiplyAdd(x, w1, c1)
    x = v128.load_splat<f32>(left, 12)
    d0 = multiplyAdd(x, w0, d0)
    d1 = multiplyAdd(x, w1, d1)
    right += rightStep
    w0 = v128.load(right)
    w1 = v128.load(right, 16)
    x = v128.load_splat<f32>(left, 16)
    a0 = multiplyAdd(x, w0, a0)
    a1 = multiplyAdd(x, w1, a1)
    x = v128.load_splat<f32>(left, 20)
    b0 = multiplyAdd(x, w0, b0)
    b1 = multiplyAdd(x, w1, b1)
    x = v128.load_splat<f32>(left, 24)
    c0 = multiplyAdd(x, w0, c0)
    c1 = multiplyAdd(x, w1, c1)
    x = v128.load_splat<f32>(left, 28)
    d0 = multiplyAdd(x, w0, d0)
    d1 = multiplyAdd(x, w1, d1)
    right += rightStep
    left += 32
  }
  v128.store(sums, a0)
  v128.store(sums, a1, 16)
  v128.store(sums, b0, 32)
  v128.store(sums, b1, 48)
  v128.store(sums, c0, 64)
  v128.store(sums, c1, 80)
  v128.store(sums, d0, 96)
  v128.store(sums, d1, 112)
}

/** A lone row meets 8 lines that lie along the summed axis: they are transposed in registers, since each is used once. */
export function rowTimesEight(depth: i32, x: usize, w: usize, stride: usize, sums: usize): void {
  let low = f32x4.splat(0)
  let high = low
  let a = w
  let b = a + stride
  let c = b + stride
  let d = c + stride
  let e = d + stride
  let f = e + stride
  let g = f + stride
  let h = g + stride
  for (let k = 0; k < depth; k += 4) {
    const x0 = v128.load_splat<f32>(x)
    const x1 = v128.load_splat<f32>(x, 4)
    const x2 = v128.load_splat<f32>(x, 8)
    const x3 = v128.load_splat<f32>(x, 12)
    low = addFour(low, x0, x1, x2, x3, v128.load(a), v128.load(b), v128.load(c), v128.load(d))
    high = addFour(high, x0, x1, x2, x3, v128.load(e), v128.load(f), v128.load(g), v128.load(h))
    x += 16
    a += 16
    b += 16
    c += 16
    d += 16
    e += 16
    f += 16
    g += 16
    h += 16
  }
  v128.store(sums, low)
  v128.store(sums, high, 16)
}

/** Adds four places of four lines to their sums, in order. */
// @ts-ignore: decorator
@inline
function addFour(
  sums: v128, x0: v128, x1: v128, x2: v128, x3: v128, a: v128, b: v128, c: v128, d: v128,
): v128 {
  const ab = f32x4.shuffle(a, b, 0, 4, 1, 5)
  const cd = f32x4.shuffle(c, d, 0, 4, 1, 5)
  const abHigh = f32x4.shuffle(a, b, 2, 6, 3, 7)
  const cdHigh = f32x4.shuffle(c, d, 2, 6, 3, 7)
  sums = multiplyAdd(x0, f32x4.shuffle(ab, cd, 0, 1, 4, 5), sums)
  sums = multiplyAdd(x1, f32x4.shuffle(ab, cd, 2, 3, 6, 7), sums)
  sums = multiplyAdd(x2, f32x4.shuffle(abHigh, cdHigh, 0, 1, 4, 5), sums)
  return multiplyAdd(x3, f32x4.shuffle(abHigh, cdHigh, 2, 3, 6, 7), sums)
}
