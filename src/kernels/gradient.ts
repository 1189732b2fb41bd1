/**
 * A function of tensors with a hand-written gradient: `tf.customGrad`, typed. Every kernel that learns is written with
 * it, so nothing here depends on the gradients that tfjs registers for its own operations.
 */
import * as tf from '@tensorflow/tfjs-core'

/**
 * Applies `forward` to `inputs`. When a gradient is taken, `backward` gets that of the value and what `forward` saved,
 * and returns one gradient per input.
 */
export function withGradient<
  const Inputs extends readonly tf.Tensor[],
  Value extends tf.Tensor,
  const Saved extends readonly tf.Tensor[],
>(
  inputs: Inputs,
  forward: () => { value: Value; saved: Saved },
  backward: (dy: Value, saved: Saved) => readonly [...{ [Index in keyof Inputs]: tf.Tensor }],
): Value {
  const apply = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as (tensors: readonly tf.Tensor[]) => void // tfjs passes it last
    const { value, saved } = forward()
    save(saved)
    return {
      value,
      gradFunc: (dy, kept) => [...backward(dy as Value, kept as unknown as Saved)],
    }
  })
  return apply(...inputs) as Value
}
