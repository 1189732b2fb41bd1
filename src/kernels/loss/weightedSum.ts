/**
 * The loss of a step: Σ weight · loss over its rows, put into a ring at `step mod size`. A page reads the ring once in
 * many steps; reading after each would make the GPU wait.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import { type ProgramBuilder, sizeOf, type Value } from '../program'
import { declare, main, reduction } from '../wgsl/text'

export type WeightedSumOperands = {
  readonly losses: Value // [row]
  readonly weights: Value // [row]
  /** The sums of the last steps, overwritten in place. */
  readonly ring: Value // [ring size]
  readonly step: Value // [1] int32, not negative
}

export function weightedSum(program: ProgramBuilder, operands: WeightedSumOperands): Value {
  return program.call(weightedSumKernel, operands, null).ring // [ring size]
}

const invocations = 256

export const weightedSumKernel: Kernel<WeightedSumOperands, { readonly ring: Value }> = {
  name: 'weightedSum',

  outputs({ ring }) {
    return { ring: ring }
  },

  inPlace: { ring: 'ring' },

  composite({ losses, weights, ring, step }) {
    const place = tf.mod(step, tf.scalar(ring.size, 'int32')) // [1]
    const isPlace = tf.cast(tf.oneHot(place as tf.Tensor1D, ring.size, 1, 0, 'int32'), 'bool') // [1, ring size]
    const sum = tf.sum(tf.mul(losses, weights))
    return { ring: tf.where(tf.reshape(isPlace, ring.shape), tf.mul(tf.onesLike(ring), sum), ring) }
  },

  shader({ inputs, outputs }) {
    const size = sizeOf(inputs.losses)
    const bindings = [
      { operand: 'losses', access: 'read', type: 'f32' },
      { operand: 'weights', access: 'read', type: 'f32' },
      { operand: 'step', access: 'read', type: 'i32' },
      { operand: 'ring', access: 'read_write', type: 'f32' },
    ] as const
    const code = `${declare(bindings)}${reduction('total', 'f32', invocations, 'one + other')}
${main(
  invocations,
  1,
  `  var sum = 0.0;
  for (var row = local; row < ${size}u; row += ${invocations}u) { sum += losses[row] * weights[row]; }
  sum = total(sum, local);
  if (local == 0u) { ring[u32(step[0]) % ${sizeOf(outputs.ring)}u] = sum; }`,
)}`
    return { code, bindings, groups: [1, 1, 1] }
  },

  simd({ inputs: { losses, weights, step }, outputs: { ring } }, at, module) {
    module.weightedSum(at(losses), at(weights), at(ring), at(step), sizeOf(losses), sizeOf(ring))
  },
}
