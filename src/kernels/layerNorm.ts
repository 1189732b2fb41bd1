/**
 * Layer normalisation over the last axis: y = (x - mean) / sqrt(variance + epsilon) * gain + offset. Gain and offset
 * are frozen, so the backward pass gives dx alone:
 *   dx = r (g - mean(g) - z mean(g z)),  with z the normalised x, r = 1 / sqrt(variance + epsilon), g = dy gain.
 * Source: Ba et al., Layer Normalization, arXiv 1607.06450.
 */
import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from './gradient'

export interface NormWeights {
  readonly gain: tf.Tensor1D // [channel]
  readonly offset: tf.Tensor1D // [channel]
}

export function layerNorm(x: tf.Tensor2D, { gain, offset }: NormWeights, epsilon: number): tf.Tensor2D {
  const forward = () => {
    const centred = tf.sub(x, tf.mean(x, 1, true)) // [row, channel]
    const variance = tf.mean(tf.square(centred), 1, true) // [row, 1]
    const scale = tf.rsqrt(tf.add(variance, epsilon)) // [row, 1]
    const normal = tf.mul(centred, scale) // [row, channel]
    return { value: tf.add<tf.Tensor2D>(tf.mul(normal, gain), offset), saved: [normal, scale] }
  }
  return withGradient([x], forward, (dy, [normal, scale]) => {
    const slope = tf.mul(dy, gain) // [row, channel]
    const along = tf.mul(normal, tf.mean(tf.mul(slope, normal), 1, true)) // the slope's part along the normal
    const across = tf.sub(tf.sub(slope, tf.mean(slope, 1, true)), along)
    return [tf.mul(across, scale)]
  })
}
