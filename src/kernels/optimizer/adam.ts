/**
 * One update of Adam over all parameters laid end to end, in place. What changes from step to step comes in a `schedule`,
 * so that every step is the same program:
 *   g ← g · min(1, maxNorm / |g|)   where a norm is given,
 *   m ← β₁ m + (1-β₁) g,  v ← β₂ v + (1-β₂) g²,  p ← p - rate/(1-β₁ᵗ) · m / (sqrt(v)/sqrt(1-β₂ᵗ) + ε).
 * Source: Kingma and Ba, Adam, arXiv 1412.6980; torch.optim.Adam, and torch.optim.AdamW without decay;
 * torch.nn.utils.clip_grad_norm_.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import { type ProgramBuilder, sizeOf, type Value } from '../program'
import { constants, declare, elementGroups, elementwise, float, lanesOf } from '../wgsl/text'

export type AdamOperands = {
  readonly parameters: Value // [parameter]
  readonly gradient: Value // [parameter]
  readonly first: Value // m [parameter]
  readonly second: Value // v [parameter]
  /** The gradient's `sumOfSquares` (sumOfSquares.ts); without it nothing is clipped. */
  readonly norm?: Value | null // [1]
  /** rate, 1/(1-β₁ᵗ), 1/sqrt(1-β₂ᵗ), maxNorm. */
  readonly schedule: Value // [4]
}

export interface AdamAttributes {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
}

export type AdamResults = {
  readonly parameters: Value // [parameter]
  readonly first: Value // [parameter]
  readonly second: Value // [parameter]
}

/** Keeps a gradient of zeros from being divided by zero, as PyTorch does. */
const normEpsilon = 1e-6

/** Overwrites parameters and both moments. */
export function adam(
  program: ProgramBuilder,
  operands: AdamOperands,
  attributes: AdamAttributes,
): AdamResults {
  return program.call(adamKernel, operands, attributes)
}

export const adamKernel: Kernel<AdamOperands, AdamResults, AdamAttributes> = {
  name: 'adam',

  outputs({ parameters, first, second }) {
    return { parameters, first, second }
  },

  inPlace: { parameters: 'parameters', first: 'first', second: 'second' },

  composite({ parameters, gradient, first, second, norm, schedule }, { beta1, beta2, epsilon }) {
    const [rate, correction1, correction2, maxNorm] = tf.split(schedule as tf.Tensor1D, 4) // each [1]
    const g = norm ? tf.mul(gradient, clipping(norm, maxNorm)) : gradient
    const m = tf.add(tf.mul(first, beta1), tf.mul(g, 1 - beta1))
    const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(g), 1 - beta2))
    const root = tf.add(tf.mul(tf.sqrt(v), correction2), epsilon)
    const step = tf.mul(tf.div(m, root), tf.mul(rate, correction1))
    return { parameters: tf.sub(parameters, step), first: m, second: v }
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
    const clipped = `gradient[index] * min(1.0, schedule[3] / (sqrt(norm[0]) + ${float(normEpsilon)}))`
    const code = `${declare(bindings)}${constants({
      beta1: float(beta1),
      beta2: float(beta2),
      rest1: float(1 - beta1),
      rest2: float(1 - beta2),
      epsilon: float(epsilon),
    })}
${elementwise(
  count,
  `  let g = ${inputs.norm ? clipped : 'gradient[index]'};
  let m = beta1 * first[index] + rest1 * g;
  let v = beta2 * second[index] + rest2 * g * g;
  first[index] = m;
  second[index] = v;
  parameters[index] -= schedule[0] * schedule[1] * m / (sqrt(v) * schedule[2] + epsilon);`,
)}`
    return { code, bindings, groups: elementGroups(count) }
  },

  simd({ inputs, outputs: { parameters, first, second }, attributes }, at, module) {
    const { gradient, norm, schedule } = inputs
    const { beta1, beta2, epsilon } = attributes
    const states = [at(parameters), at(gradient), at(first), at(second)] as const
    module.adam(...states, at(norm), at(schedule), sizeOf(parameters), beta1, beta2, epsilon)
  },
}

/** min(1, maxNorm / norm) */
const clipping = (sumOfSquares: tf.Tensor, maxNorm: tf.Tensor): tf.Tensor =>
  tf.minimum(tf.div(maxNorm, tf.add(tf.sqrt(sumOfSquares), normEpsilon)), 1) // [1]
