/**
 * A frozen linear layer with an optional LoRA adapter: y = x W + b + s (x Aᵀ) Bᵀ. Only A and B learn. W is never touched
 * and never merged with BA: that would build a full-size product at every step.
 *
 * Every product here is a plain two-dimensional one, without transpose flags: on wasm, tfjs multiplies plain matrices
 * with XNNPACK and everything else with a loop that is about 16 times slower. So the frozen Wᵀ is computed once, and of
 * the rest only matrices with one side of length `rank` are transposed.
 * Source: Hu et al., LoRA, arXiv 2106.09685.
 */
import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from './gradient'

export interface FrozenLinear {
  readonly weight: tf.Tensor2D // [in, out]
  readonly bias: tf.Tensor1D // [out]
  /** Wᵀ [out, in], computed when the first backward pass asks for it and then kept. */
  transposed(): tf.Tensor2D
}

export interface Factors {
  readonly a: tf.Tensor2D // [rank, in]
  readonly b: tf.Tensor2D // [out, rank]
  /** alpha / rank */
  readonly scale: number
}

/** The layer with its adapter. `inputLearns` says whether anything below x learns: if not, dx is not computed. */
export function linear(
  x: tf.Tensor2D, // [row, in]
  layer: FrozenLinear,
  factors: Factors | null,
  inputLearns: boolean,
): tf.Tensor2D {
  if (factors && inputLearns) return adapted(x, layer, factors)
  if (factors) return lowestAdapted(x, layer, factors)
  return inputLearns ? frozenAboveAdapter(x, layer) : frozen(x, layer)
}

const frozen = (x: tf.Tensor2D, { weight, bias }: FrozenLinear): tf.Tensor2D =>
  tf.fused.matMul({ a: x, b: weight, bias }) as tf.Tensor2D // [row, out]

function frozenAboveAdapter(x: tf.Tensor2D, layer: FrozenLinear): tf.Tensor2D {
  return withGradient(
    [x],
    () => ({ value: frozen(x, layer), saved: [] }),
    (dy) => [tf.matMul(dy, layer.transposed())],
  )
}

function adapted(x: tf.Tensor2D, layer: FrozenLinear, factors: Factors): tf.Tensor2D {
  const { a, b, scale } = factors
  const forward = () => {
    const { value, inner } = apply(x, layer, factors)
    return { value, saved: [x, a, b, inner] }
  }
  return withGradient([x, a, b], forward, (dy, [x, a, b, inner]) => {
    const { dA, dB, dInner } = factorGradients(dy, x, b, inner, scale)
    const dx = tf.add(tf.matMul(dy, layer.transposed()), tf.matMul(dInner, a)) // [row, in]
    return [dx, dA, dB]
  })
}

function lowestAdapted(x: tf.Tensor2D, layer: FrozenLinear, factors: Factors): tf.Tensor2D {
  const { a, b, scale } = factors
  const forward = () => {
    const { value, inner } = apply(x, layer, factors)
    return { value, saved: [x, b, inner] }
  }
  return withGradient([a, b], forward, (dy, [x, b, inner]) => {
    const { dA, dB } = factorGradients(dy, x, b, inner, scale)
    return [dA, dB]
  })
}

function apply(x: tf.Tensor2D, layer: FrozenLinear, { a, b, scale }: Factors) {
  const inner = tf.mul<tf.Tensor2D>(tf.matMul(x, tf.transpose(a)), scale) // s x Aᵀ [row, rank]
  const value = tf.add<tf.Tensor2D>(frozen(x, layer), tf.matMul(inner, tf.transpose(b))) // [row, out]
  return { value, inner }
}

function factorGradients(dy: tf.Tensor2D, x: tf.Tensor2D, b: tf.Tensor2D, inner: tf.Tensor2D, scale: number) {
  const dInner = tf.mul<tf.Tensor2D>(tf.matMul(dy, b), scale) // the gradient of x Aᵀ [row, rank]
  const dA = tf.matMul(tf.transpose(dInner), x) // [rank, in]
  const dB = tf.transpose(tf.matMul(tf.transpose(inner), dy)) // [out, rank]
  return { dA, dB, dInner }
}
