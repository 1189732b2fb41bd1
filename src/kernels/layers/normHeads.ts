/**
 * How a norm takes the heads of a row for rows of their own (norm.ts, normGradient.ts). A row holds all queries, then all keys,
 * then all values, head after head; queries are normalised with one gain, keys with another, and values are passed on.
 */
import * as tf from '@tensorflow/tfjs-core'
import { blocksOf, type HeadShape } from '../attention/heads'
import { sizeOf, type Value } from '../program'

/** Invocations of a workgroup: for a row, or for a head, which has at most 128 channels, four to each. */
const [rowInvocations, headInvocations] = [128, 32]

/** Workgroups, one for each row or each head, and the channels and invocations of one. */
export const gridOf = ({ shape: [rows, columns] }: Pick<Value, 'shape'>, heads: HeadShape | undefined) =>
  heads
    ? { groups: rows * blocksOf(heads), width: heads.headWidth, invocations: headInvocations }
    : { groups: rows, width: columns, invocations: rowInvocations }

/** WGSL: declares `gainFirst`, where the gain of this workgroup's channels begins; of values does `copy` alone. */
export function findGain(split: HeadShape | undefined, invocations: number, copy: string): string {
  if (!split) return 'let gainFirst = 0u;'
  const { heads, keyValueHeads } = split
  return `let block = group % ${blocksOf(split)}u;
  if (block >= ${heads + keyValueHeads}u) {
    for (var place = local; place < count; place += ${invocations}u) { ${copy} }
    return;
  }
  let gainFirst = select(0u, count, block >= ${heads}u);`
}

/**
 * Throws a `RangeError` where rows are not of these heads, or the gain is not that of two.
 * @param isPlain whether nothing else is asked for that does not go with heads
 */
export function checkSplit(x: Value, gain: Value, heads: HeadShape, isPlain: boolean): void {
  const { headWidth } = heads
  if (!isPlain) throw new RangeError('Heads are normalised by an RMS norm of all rows, without an offset.')
  if (x.shape[1] !== blocksOf(heads) * headWidth)
    throw new RangeError(`${x.shape[1]} columns are not ${blocksOf(heads)} heads of ${headWidth} channels.`)
  if (sizeOf(gain) !== 2 * headWidth)
    throw new RangeError(`${sizeOf(gain)} gains are not those of queries and keys of ${headWidth} channels.`)
}

/** For composites: the heads that are normalised as rows [row head, channel], and back. */
export function splitNormed(
  gain: tf.Tensor, // [2 channel]
  { heads, keyValueHeads, headWidth }: HeadShape,
) {
  const normed = heads + keyValueHeads
  const sides = [normed * headWidth, keyValueHeads * headWidth]
  const split = (x: tf.Tensor): tf.Tensor[] => tf.split(x, sides, 1)
  return {
    rowsOf: (x: tf.Tensor): tf.Tensor => tf.reshape(split(x)[0], [-1, headWidth]),
    /** Of so many heads [row head, channel]. */
    gains: (count: number): tf.Tensor => {
      const kinds = Array.from({ length: count }, (_, head) => (head % normed < heads ? 0 : 1))
      return tf.gather(tf.reshape(gain, [2, headWidth]), kinds)
    },
    withValuesOf: (x: tf.Tensor, rows: tf.Tensor): tf.Tensor =>
      tf.concat([tf.reshape(rows, [-1, sides[0]]), split(x)[1]], 1),
  }
}
