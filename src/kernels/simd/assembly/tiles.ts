/**
 * The innermost loops of products: a tile of 4 x 8 or 1 x 8 sums, held in registers while the summed axis is run through.
 * More rows would not fit the 16 registers of x86; fewer would wait for memory. Every sum is taken in the same order in
 * both, one product after the other, so that a row does not depend on which tile it fell into.
 *
 * `left` is a packed panel, places 4 numbers apart. Places of `right` are `rightStep` bytes apart, since a panel as wide
 * as a tile may also be read where it lies. `depth` is even. Sums go to `sums`, rows of 8.
 */
import { multiplyAdd } from './vector'

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

export function tileOfOne(depth: i32, left: usize, right: usize, rightStep: usize, sums: usize): void {
  let a0 = f32x4.splat(0)
  let a1 = a0
  for (let k = 0; k < depth; k++) {
    const x = v128.load_splat<f32>(left)
    a0 = multiplyAdd(x, v128.load(right), a0)
    a1 = multiplyAdd(x, v128.load(right, 16), a1)
    right += rightStep
    left += 16
  }
  v128.store(sums, a0)
  v128.store(sums, a1, 16)
}
