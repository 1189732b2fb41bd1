/**
 * One AdamW update over all parameters laid end to end in one flat tensor: a dozen operations per step instead of a
 * dozen per matrix. Bias corrections are numbers of the step, as in PyTorch:
 *   m ← β₁ m + (1-β₁) g,  v ← β₂ v + (1-β₂) g²,
 *   p ← p (1 - rate·decay) - rate/(1-β₁ᵗ) · m / (sqrt(v)/sqrt(1-β₂ᵗ) + ε).
 * Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, arXiv 1711.05101; torch.optim.AdamW.
 */
import * as tf from '@tensorflow/tfjs-core'

export interface AdamwSettings {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly decay: number
}

export const adamwDefaults: AdamwSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0 }

export interface Moments {
  readonly first: tf.Tensor1D // m [parameter]
  readonly second: tf.Tensor1D // v [parameter]
}

/** The parameters and moments after one update. `step` counts from 1. */
export function adamw(
  parameters: tf.Tensor1D, // [parameter]
  gradient: tf.Tensor1D, // [parameter]
  { first, second }: Moments,
  step: number,
  rate: number,
  { beta1, beta2, epsilon, decay }: AdamwSettings = adamwDefaults,
): { parameters: tf.Tensor1D; first: tf.Tensor1D; second: tf.Tensor1D } {
  return tf.tidy(() => {
    const m = tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1)) as tf.Tensor1D
    const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2)) as tf.Tensor1D
    const root = tf.add(tf.mul(tf.sqrt(v), 1 / Math.sqrt(1 - beta2 ** step)), epsilon)
    const kept = decay === 0 ? parameters : tf.mul(parameters, 1 - rate * decay)
    const moved = tf.mul(tf.div(m, root), rate / (1 - beta1 ** step))
    return { parameters: tf.sub(kept, moved) as tf.Tensor1D, first: m, second: v }
  })
}
