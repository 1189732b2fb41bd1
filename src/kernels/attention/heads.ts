/**
 * How attention's operands lie in memory, and the same in tensors, for composites. A row of qkv holds all queries, then all
 * keys, then all values, head after head: blocks of `headWidth` numbers. With fewer heads for keys and values than for
 * queries, each of them serves a group of neighbouring query heads.
 *
 * Rotary positions turn each pair of channels (c, c + half) of a query or key by an angle that grows with its position:
 * x₁' = x₁ cos - x₂ sin, x₂' = x₂ cos + x₁ sin. A row of the table holds a position's cosines, then its sines.
 * Source: Su et al., RoFormer, arXiv 2104.09864; Ainslie et al., grouped-query attention, arXiv 2305.13245.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Value } from '../program'

export interface HeadShape {
  readonly heads: number
  /** Divides `heads`. */
  readonly keyValueHeads: number
  readonly headWidth: number
}

export interface AttentionShape extends HeadShape {
  readonly batch: number
  readonly time: number
}

/** Blocks in a row of qkv. */
export const blocksOf = ({ heads, keyValueHeads }: HeadShape): number => heads + 2 * keyValueHeads

/** Throws a `RangeError` where qkv cannot be split into these heads, or a rotation table does not fit. */
export function checkHeads(qkv: Value, rope: Value | null | undefined, shape: HeadShape): void {
  const { heads, keyValueHeads, headWidth } = shape
  if (heads % keyValueHeads !== 0)
    throw new RangeError(`${heads} heads of queries cannot share ${keyValueHeads} heads of keys evenly.`)
  if (headWidth > 128) throw new RangeError(`A head of ${headWidth} channels is wider than 128.`)
  if (qkv.shape[1] !== blocksOf(shape) * headWidth)
    throw new RangeError(`${qkv.shape[1]} columns are not ${blocksOf(shape)} heads of ${headWidth} channels.`)
  if (rope && (headWidth % 2 !== 0 || rope.shape[1] !== headWidth))
    throw new RangeError(`A rotation table of ${rope.shape[1]} columns does not fit heads of ${headWidth}.`)
}

/** Cosines and sines, of positions along the first axis, each [position, half]. */
export interface Rotation {
  readonly cosines: tf.Tensor
  readonly sines: tf.Tensor
}

/** The table's rows at `positions`, null without a table. */
export function rotationAt(rope: tf.Tensor | null | undefined, positions: tf.Tensor1D): Rotation | null {
  if (!rope) return null
  const [cosines, sines] = tf.split(tf.gather(rope, positions), 2, 1)
  return { cosines, sines }
}

/** Rotates `x` [.., position, channel]; the other way with `isBack`, which is also the gradient. */
export function rotate(x: tf.Tensor, rotation: Rotation | null, isBack = false): tf.Tensor {
  if (!rotation) return x
  const { cosines } = rotation
  const sines = isBack ? tf.neg(rotation.sines) : rotation.sines
  const [x1, x2] = tf.split(x, 2, -1)
  return tf.concat(
    [tf.sub(tf.mul(x1, cosines), tf.mul(x2, sines)), tf.add(tf.mul(x2, cosines), tf.mul(x1, sines))],
    -1,
  )
}

/** [batch time, blocks channel] to [batch, blocks, time, channel]. */
export function splitHeads(x: tf.Tensor, batch: number, headWidth: number): tf.Tensor {
  const [rows, columns] = x.shape
  const split = tf.reshape(x, [batch, rows / batch, columns / headWidth, headWidth])
  return tf.transpose(split, [0, 2, 1, 3])
}

/** The inverse of `splitHeads`. */
export function joinHeads(x: tf.Tensor): tf.Tensor {
  const [batch, blocks, time, headWidth] = x.shape
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch * time, blocks * headWidth])
}

/** Each head of keys or values as often as query heads share it: [batch, keyValueHeads, ..] to [batch, heads, ..]. */
export function spreadOverGroup(x: tf.Tensor, heads: number): tf.Tensor {
  const [batch, keyValueHeads, time, width] = x.shape
  const grouped = tf.reshape(x, [batch, keyValueHeads, 1, time * width])
  return tf.reshape(tf.tile(grouped, [1, 1, heads / keyValueHeads, 1]), [batch, heads, time, width])
}

/** The gradient of `spreadOverGroup`. */
export function sumOverGroup(x: tf.Tensor, keyValueHeads: number): tf.Tensor {
  const [batch, heads, time, width] = x.shape
  const grouped = tf.reshape(x, [batch, keyValueHeads, heads / keyValueHeads, time * width])
  return tf.reshape(tf.sum(grouped, 2), [batch, keyValueHeads, time, width])
}

/** Queries, keys and values of whole sequences, rotated, one head of each per query head: [batch, heads, time, channel]. */
export function splitQkv(
  qkv: tf.Tensor, // [batch time, blocks channel]
  rope: tf.Tensor | null | undefined,
  { batch, time, heads, keyValueHeads, headWidth }: AttentionShape,
): { q: tf.Tensor; k: tf.Tensor; v: tf.Tensor; rotation: Rotation | null } {
  const rotation = rotationAt(rope, tf.range(0, time, 1, 'int32'))
  const all = splitHeads(qkv, batch, headWidth)
  const [q, k, v] = tf.split(all, [heads, keyValueHeads, keyValueHeads], 1)
  return {
    q: rotate(q, rotation),
    k: spreadOverGroup(rotate(k, rotation), heads),
    v: spreadOverGroup(v, heads),
    rotation,
  }
}

/** Added to scores [query, key] of whole sequences: 0 where the query may look, a huge negative number where not. */
export function causalMask(time: number): tf.Tensor2D {
  const mask = new Float32Array(time * time)
  for (let query = 0; query < time; query++) mask.fill(-1e9, query * time + query + 1, (query + 1) * time)
  return tf.tensor2d(mask, [time, time])
}
