/**
 * Caches of keys and values, as attention against them (cachedAttention.ts) and filling them (cacheRows.ts) have them in
 * common: one slot for each text, [slot, 2, capacity, keyValueHeads headWidth], rotated keys first, then values; and how the
 * rows of one call belong to the texts.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Value } from '../program'
import { type HeadShape, joinHeads, type Rotation, rotate, rotationAt } from './heads'

export type CacheOperands = {
  /** Overwritten in place. */
  readonly cache: Value // [slot, 2, capacity, keyValueHeads headWidth]
  /** Of each slot the position of its first row, and how many rows it has. Rows lie in the order of the slots. */
  readonly spans: Value // [slot, 2] int32
  readonly rope?: Value | null // [context, headWidth]
}

/** Throws a `RangeError` where a cache does not hold these heads, or there is not one span for each slot. */
export function checkCache(cache: Value, spans: Value, { keyValueHeads, headWidth }: HeadShape): void {
  const [slots, halves, , width] = cache.shape
  if (halves !== 2 || width !== keyValueHeads * headWidth)
    throw new RangeError(`A cache of [${cache.shape}] does not hold ${keyValueHeads} heads of ${headWidth}.`)
  if (spans.shape[0] !== slots || spans.shape[1] !== 2)
    throw new RangeError(`Spans of [${spans.shape}] are not two numbers for each of ${slots} slots.`)
}

/** Which rows of a call are a slot's, and where they stand. */
export interface SlotRows {
  readonly isRow: tf.Tensor // [row] bool
  /** 0 for rows of others. */
  readonly positions: tf.Tensor1D // [row]
  readonly rotation: Rotation | null
}

export function rowsOfSlot(
  slot: number,
  rows: number,
  spans: tf.Tensor, // [slot, 2]
  rope: tf.Tensor | null | undefined,
): SlotRows {
  const [firsts, counts] = tf.split(spans as tf.Tensor2D, 2, 1).map((column) => tf.reshape(column, [-1]))
  const numberOf = (all: tf.Tensor): tf.Tensor => tf.reshape(tf.slice(all, [slot], [1]), [])
  const begin = numberOf(tf.cumsum(counts, 0, true))
  const end = tf.add(begin, numberOf(counts))
  const order = tf.range(0, rows, 1, 'int32')
  const isRow = tf.logicalAnd(tf.greaterEqual(order, begin), tf.less(order, end))
  const standing = tf.add(tf.sub(order, begin), numberOf(firsts))
  const positions = tf.mul(standing, tf.cast(isRow, 'int32')) as tf.Tensor1D
  return { isRow, positions, rotation: rotationAt(rope, positions) }
}

/** A slot's cache with its rows' keys and values in their places [2, capacity, keyValueHeads headWidth]. */
export function intoSlot(
  slot: number,
  cache: tf.Tensor, // [slot, 2, capacity, ..]
  keys: tf.Tensor, // [1, keyValueHeads, row, channel], not rotated
  values: tf.Tensor, // the same shape
  { isRow, positions, rotation }: SlotRows,
): tf.Tensor {
  const [, halves, capacity, width] = cache.shape as [number, number, number, number]
  const old = tf.squeeze(tf.slice(cache, [slot, 0, 0, 0], [1, halves, capacity, width]), [0])
  const fresh = tf.stack([joinHeads(rotate(keys, rotation)), joinHeads(values)]) // [2, row, ..]
  const counted = tf.where(tf.reshape(isRow, [1, -1, 1]), fresh, tf.zerosLike(fresh)) // 0 times what pads may be no number
  const oneHot = tf.cast(tf.oneHot(positions, capacity, 1, 0, 'int32'), 'float32') // [row, capacity]
  const placement = tf.mul(oneHot, tf.expandDims(tf.cast(isRow, 'float32'), 1))
  const kept = tf.sub(1, tf.expandDims(tf.sum(placement, 0), 1)) // [capacity, 1]
  const placements = tf.tile(tf.expandDims(tf.transpose(placement), 0), [2, 1, 1])
  return tf.add(tf.mul(old, kept), tf.matMul(placements, counted))
}

/**
 * WGSL: whose row `row` is. Declares `slot`, which is `slots` where the row only pads, and `begin`, the first row of the
 * slot's text. `spans` is only read, so both are the same for a whole workgroup, and barriers may follow.
 */
export const findText = (row: string): string => `  var slot = 0u;
  var begin = 0u;
  while (slot < slots && ${row} >= begin + u32(spans[2u * slot + 1u])) {
    begin += u32(spans[2u * slot + 1u]);
    slot++;
  }`
