/**
 * What the products' composites share, in tfjs operations. Every product is a plain one: tfjs multiplies transposed
 * operands with slower programs, on wasm about 16 times slower, so that transposing first costs less.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Segment } from './segments'

/** x wᵀ [rows, out] */
export const timesTransposed = (x: tf.Tensor, w: tf.Tensor): tf.Tensor2D =>
  tf.matMul(x as tf.Tensor2D, tf.transpose(w as tf.Tensor2D))

/** x w [rows, in] */
export const times = (x: tf.Tensor, w: tf.Tensor): tf.Tensor2D =>
  tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D)

/** xᵀ w [x's columns, w's columns] */
export const transposedTimes = (x: tf.Tensor, w: tf.Tensor): tf.Tensor2D =>
  tf.matMul(tf.transpose(x as tf.Tensor2D), w as tf.Tensor2D)

export const columnsOf = (x: tf.Tensor, from: number, size: number): tf.Tensor2D =>
  tf.slice2d(x as tf.Tensor2D, [0, from], [x.shape[0], size])

/** The B of a segment [size, rank]. */
export const factorOf = (b: tf.Tensor, { bOffset, size, rank }: Segment): tf.Tensor2D =>
  tf.reshape(tf.slice1d(b as tf.Tensor1D, bOffset, size * rank), [size, rank])

const linear = 2 * Math.sqrt(2 / Math.PI)
const cubic = linear * 0.044715

const geluGate = (x: tf.Tensor): tf.Tensor =>
  tf.sigmoid(tf.mul(x, tf.add(tf.mul(tf.square(x), cubic), linear)))

/** GELU in the tanh form of GPT-2 (Hendrycks and Gimpel, arXiv 1606.08415), as x · sigmoid(x s(x)). */
export const gelu = (x: tf.Tensor): tf.Tensor => tf.mul(x, geluGate(x))

/** dy · gelu'(pre) */
export function geluGradient(dy: tf.Tensor, pre: tf.Tensor): tf.Tensor {
  const gate = geluGate(pre)
  const inner = tf.mul(pre, tf.add(tf.mul(tf.square(pre), 3 * cubic), linear))
  return tf.mul(dy, tf.add(gate, tf.mul(inner, tf.sub(gate, tf.square(gate)))))
}

/** The gradient of silu(gate) · up, both beside each other [rows, 2 inner], from dy [rows, inner]. */
export function gatedGradient(dy: tf.Tensor, gateUp: tf.Tensor): tf.Tensor {
  const inner = dy.shape[1]!
  const gate = columnsOf(gateUp, 0, inner)
  const up = columnsOf(gateUp, inner, inner)
  const sigmoid = tf.sigmoid(gate)
  const silu = tf.mul(gate, sigmoid)
  const slope = tf.add(sigmoid, tf.mul(silu, tf.sub(1, sigmoid)))
  return tf.concat2d([tf.mul<tf.Tensor2D>(tf.mul(dy, up), slope), tf.mul<tf.Tensor2D>(dy, silu)], 1)
}
