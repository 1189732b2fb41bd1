/**
 * GELU in the tanh form that GPT-2 was trained with. Since 1 + tanh(z) = 2 sigmoid(2 z), it is x · sigmoid(x s(x)) with
 * s(x) = 2 sqrt(2/pi) (1 + 0.044715 x²): the same numbers, but backends have a fast sigmoid and a slow tanh.
 * Source: Hendrycks and Gimpel, arXiv 1606.08415; `gelu_new` in Hugging Face's transformers.
 */
import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from './gradient'

const linear = 2 * Math.sqrt(2 / Math.PI)
const cubic = linear * 0.044715

export function gelu(x: tf.Tensor2D): tf.Tensor2D {
  const forward = () => {
    const gate = tf.sigmoid(tf.mul(x, tf.add(tf.mul(tf.square(x), cubic), linear))) // [row, channel]
    return { value: tf.mul<tf.Tensor2D>(x, gate), saved: [x, gate] }
  }
  // d(x gate)/dx = gate + gate (1 - gate) x (linear + 3 cubic x²)
  return withGradient([x], forward, (dy, [x, gate]) => {
    const inner = tf.mul(x, tf.add(tf.mul(tf.square(x), 3 * cubic), linear))
    const slope = tf.add(gate, tf.mul(inner, tf.sub(gate, tf.square(gate))))
    return [tf.mul(dy, slope)]
  })
}
