/**
 * One AdamW update over all parameters laid end to end, in place. What changes from step to step comes in a `schedule`,
 * so that every step is the same program:
 *   g ← g · min(1, maxNorm / |g|)   where maxNorm is not 0,
 *   m ← β₁ m + (1-β₁) g,  v ← β₂ v + (1-β₂) g²,
 *   p ← p (1 - rate·decay) - rate/(1-β₁ᵗ) · m / (sqrt(v)/sqrt(1-β₂ᵗ) + ε).
 * The norm |g| is that of all parameters together; its square is a kernel of its own, since every update needs it.
 * Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, arXiv 1711.05101; torch.optim.AdamW and
 * torch.nn.utils.clip_grad_norm_.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import { type ProgramBuilder, sizeOf, type Value } from '../program'
import { constants, declare, elementGroups, elementwise, float, lanesOf, main, reduction } from '../wgsl/text'

export type AdamwOperands = {
  readonly parameters: Value // [parameter]
  readonly gradient: Value // [parameter]
  readonly first: Value // m [parameter]
  readonly second: Value // v [parameter]
  /** The gradient's `sumOfSquares`; without it nothing is clipped. */
  readonly norm?: Value | null // [1]
  /** rate, 1/(1-β₁ᵗ), 1/sqrt(1-β₂ᵗ), maxNorm (0 for none), decay. */
  readonly schedule: Value // [5]
}

export interface AdamwAttributes {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
}

/** Keeps a gradient of zeros from being divided by zero, as PyTorch does. */
const normEpsilon = 1e-6

export type AdamwResults = {
  readonly parameters: Value // [parameter]
  readonly first: Value // [parameter]
  readonly second: Value // [parameter]
}

/** Overwrites parameters and both moments. */
export function adamw(
  program: ProgramBuilder,
  operands: AdamwOperands,
  attributes: AdamwAttributes,
): AdamwResults {
  return program.call(adamwKernel, operands, attributes)
}

export const adamwKernel: Kernel<AdamwOperands, AdamwResults, AdamwAttributes> = {
  name: 'adamw',

  outputs({ parameters, first, second }) {
    return { parameters: parameters, first: first, second: second }
  },

  inPlace: { parameters: 'parameters', first: 'first', second: 'second' },

  composite({ parameters, gradient, first, second, norm, schedule }, { beta1, beta2, epsilon }) {
    const [rate, correction1, correction2, maxNorm, decay] = tf.split(schedule as tf.Tensor1D, 5) // each [1]
    const clipped = norm ? tf.mul(gradient, clipping(norm, maxNorm)) : gradient
    const m = tf.add(tf.mul(first, beta1), tf.mul(clipped, 1 - beta1))
    const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(clipped), 1 - beta2))
    const root = tf.add(tf.mul(tf.sqrt(v), correction2), epsilon)
    const kept = tf.mul(parameters, tf.sub(1, tf.mul(rate, decay)))
    const moved = tf.mul(tf.div(m, root), tf.mul(rate, correction1))
    return { parameters: tf.sub(kept, moved), first: m, second: v }
  },

  shader({ inputs, outputs, attributes }) {
    const { beta1, beta2, epsilon } = attributes
    const { type, count } = lanesOf(sizeOf(outputs.parameters))
    const bindings = [
      { operand: 'parameters', access: 'read_write', type },
      { operand: 'gradient', access: 'read', type },
      { operand: 'first', access: 'read_write', type },
      { operand: 'second', access: 'read_write', type },
      { operand: 'schedule', access: 'read', type: 'f32' },
      ...(inputs.norm ? [{ operand: 'norm', access: 'read', type: 'f32' } as const] : []),
    ] as const
    const clipping = `var clipping = 1.0;
  if (maxNorm > 0.0) { clipping = min(1.0, maxNorm / (sqrt(norm[0]) + ${float(normEpsilon)})); }`
    const code = `${declare(bindings)}${constants({
      beta1: float(beta1),
      beta2: float(beta2),
      rest1: float(1 - beta1),
      rest2: float(1 - beta2),
      epsilon: float(epsilon),
    })}
${elementwise(
  count,
  `  let rate = schedule[0];
  let maxNorm = schedule[3];
  ${inputs.norm ? clipping : 'let clipping = 1.0;'}
  let g = gradient[index] * clipping;
  let m = beta1 * first[index] + rest1 * g;
  let v = beta2 * second[index] + rest2 * g * g;
  first[index] = m;
  second[index] = v;
  let step = rate * schedule[1] * m / (sqrt(v) * schedule[2] + epsilon);
  parameters[index] = parameters[index] * (1.0 - rate * schedule[4]) - step;`,
)}`
    return { code, bindings, groups: elementGroups(count) }
  },

  simd({ inputs, outputs: { parameters, first, second }, attributes }, at, module) {
    const { gradient, norm, schedule } = inputs
    const { beta1, beta2, epsilon } = attributes
    const states = [at(parameters), at(gradient), at(first), at(second)] as const
    const size = sizeOf(parameters)
    module.adamw(...states, at(norm), at(schedule), size, beta1, beta2, epsilon)
  },
}

/** min(1, maxNorm / norm), or 1 where maxNorm is 0. */
function clipping(sumOfSquares: tf.Tensor, maxNorm: tf.Tensor): tf.Tensor {
  const ratio = tf.div(maxNorm, tf.add(tf.sqrt(sumOfSquares), normEpsilon)) // [1]
  return tf.where(tf.greater(maxNorm, 0), tf.minimum(ratio, 1), tf.onesLike(ratio))
}

/** Σ x², as [1]. */
export function sumOfSquares(program: ProgramBuilder, x: Value): Value {
  return program.call(sumOfSquaresKernel, { x }, null).sum
}

const invocations = 256

/** One workgroup: an adapter is a few million numbers at most, and one dispatch is cheaper than two. */
export const sumOfSquaresKernel: Kernel<{ readonly x: Value }, { readonly sum: Value }> = {
  name: 'sumOfSquares',

  outputs() {
    return { sum: { shape: [1], type: 'float32' } }
  },

  composite({ x }) {
    return { sum: tf.reshape(tf.sum(tf.square(x)), [1]) }
  },

  shader({ inputs }) {
    const { type, count, sum } = lanesOf(sizeOf(inputs.x))
    const bindings = [
      { operand: 'x', access: 'read', type },
      { operand: 'sum', access: 'read_write', type: 'f32' },
    ] as const
    const code = `${declare(bindings)}${reduction('total', 'f32', invocations, 'one + other')}
${main(
  invocations,
  1,
  `  var squares = ${type}();
  for (var index = local; index < ${count}u; index += ${invocations}u) { squares += x[index] * x[index]; }
  let all = total(${sum('squares')}, local);
  if (local == 0u) { sum[0] = all; }`,
)}`
    return { code, bindings, groups: [1, 1, 1] }
  },

  simd({ inputs: { x }, outputs: { sum } }, at, module) {
    module.sumOfSquares(at(x), at(sum), sizeOf(x))
  },
}
