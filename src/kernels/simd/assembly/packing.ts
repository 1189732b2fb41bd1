/**
 * Panels for products: a strip of 4 or 8 lines of a matrix, laid out so that the numbers that are needed at one place of
 * the summed axis lie side by side. Lines that a narrow strip lacks are filled with copies of its last one: what comes of
 * them is never stored.
 */
import { at } from './vector'

/** Numbers of one place in a panel of the left factor, and in one of the right factor. */
export const leftWidth: i32 = 4
export const rightWidth: i32 = 8

/** Packs a strip whose lines are contiguous along the summed axis: 4 x 4 blocks are transposed on the way. */
export function packAcross(from: usize, stride: i32, lines: i32, depth: i32, to: usize, width: i32): void {
  for (let first = 0; first < width; first += 4) {
    const last = lines - 1
    let a = at(from, min(first, last) * stride)
    let b = at(from, min(first + 1, last) * stride)
    let c = at(from, min(first + 2, last) * stride)
    let d = at(from, min(first + 3, last) * stride)
    let target = at(to, first)
    const step = at(0, width)
    let k = 0
    for (; k + 4 <= depth; k += 4) {
      const ra = v128.load(a)
      const rb = v128.load(b)
      const rc = v128.load(c)
      const rd = v128.load(d)
      const ab = f32x4.shuffle(ra, rb, 0, 4, 1, 5)
      const cd = f32x4.shuffle(rc, rd, 0, 4, 1, 5)
      const abHigh = f32x4.shuffle(ra, rb, 2, 6, 3, 7)
      const cdHigh = f32x4.shuffle(rc, rd, 2, 6, 3, 7)
      v128.store(target, f32x4.shuffle(ab, cd, 0, 1, 4, 5))
      v128.store(target + step, f32x4.shuffle(ab, cd, 2, 3, 6, 7))
      v128.store(target + 2 * step, f32x4.shuffle(abHigh, cdHigh, 0, 1, 4, 5))
      v128.store(target + 3 * step, f32x4.shuffle(abHigh, cdHigh, 2, 3, 6, 7))
      a += 16
      b += 16
      c += 16
      d += 16
      target += 4 * step
    }
    for (; k < depth; k++) {
      store<f32>(target, load<f32>(a))
      store<f32>(target, load<f32>(b), 4)
      store<f32>(target, load<f32>(c), 8)
      store<f32>(target, load<f32>(d), 12)
      a += 4
      b += 4
      c += 4
      d += 4
      target += step
    }
  }
  padDepth(depth, to, width)
}

/** Packs a strip whose lines lie side by side, so that rows of it are copied. */
export function packAlong(from: usize, stride: i32, lines: i32, depth: i32, to: usize, width: i32): void {
  const last = lines - 1
  let source = from
  let target = to
  for (let k = 0; k < depth; k++) {
    if (lines >= width)
      for (let line = 0; line < width; line += 4) v128.store(at(target, line), v128.load(at(source, line)))
    else
      for (let line = 0; line < width; line++)
        store<f32>(at(target, line), load<f32>(at(source, min(line, last))))
    source = at(source, stride)
    target = at(target, width)
  }
  padDepth(depth, to, width)
}

/** Tiles take two places at a time: an odd number of them is followed by zeros, which change no sum. */
function padDepth(depth: i32, to: usize, width: i32): void {
  if (depth & 1) memory.fill(at(to, depth * width), 0, at(0, width))
}
