/**
 * The pull of FedProx, added to a gradient in place: g ← g + μ (p - anchor), the gradient of (μ/2) |p - anchor|², where
 * the anchor is what local training began from. It keeps a device with other text, or with many steps, from drifting far.
 * A zero anchor would make it plain L2 decay; that is not what it is for.
 * Source: Li et al., Federated Optimization in Heterogeneous Networks, arXiv 1812.06127, equation 2.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import { type ProgramBuilder, sizeOf, type Value } from '../program'
import { declare, elementGroups, elementwise, lanesOf } from '../wgsl/text'

export type ProximalOperands = {
  readonly gradient: Value // [parameter]
  readonly parameters: Value // [parameter]
  readonly anchor: Value // [parameter]
  /** μ; an operand, so that another μ is the same program. */
  readonly strength: Value // [1]
}

/** Overwrites the gradient. */
export function proximal(program: ProgramBuilder, operands: ProximalOperands): Value {
  return program.call(proximalKernel, operands, null).gradient
}

export const proximalKernel: Kernel<ProximalOperands, { readonly gradient: Value }> = {
  name: 'proximal',

  outputs: ({ gradient }) => ({ gradient: gradient }),

  inPlace: { gradient: 'gradient' },

  composite: ({ gradient, parameters, anchor, strength }) => ({
    gradient: tf.add(gradient, tf.mul(strength, tf.sub(parameters, anchor))),
  }),

  shader({ outputs }) {
    const { type, count } = lanesOf(sizeOf(outputs.gradient))
    const bindings = [
      { operand: 'gradient', access: 'read_write', type },
      { operand: 'parameters', access: 'read', type },
      { operand: 'anchor', access: 'read', type },
      { operand: 'strength', access: 'read', type: 'f32' },
    ] as const
    const pulled = '  gradient[index] += strength[0] * (parameters[index] - anchor[index]);'
    return {
      code: `${declare(bindings)}${elementwise(count, pulled)}`,
      bindings,
      groups: elementGroups(count),
    }
  },

  simd({ inputs: { parameters, anchor, strength }, outputs: { gradient } }, at, module) {
    module.proximal(at(gradient), at(parameters), at(anchor), at(strength), sizeOf(gradient))
  },
}
