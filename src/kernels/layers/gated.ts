/**
 * The gated activation of LLaMA: y = silu(gate) · up, where gate and up stand side by side as one linear layer left them.
 * Its gradient is part of that layer's (products/linearGradient.ts).
 * Source: Shazeer, GLU Variants Improve Transformer, arXiv 2002.05202.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import type { ProgramBuilder, Value } from '../program'
import { activations, declare, elementGroups, elementwise, lanesOf } from '../wgsl/text'

/** `gateUp` is [row, 2 inner]; gives [row, inner]. */
export function gated(program: ProgramBuilder, gateUp: Value): Value {
  return program.call(gatedKernel, { gateUp }, null).y
}

export const gatedKernel: Kernel<{ readonly gateUp: Value }, { readonly y: Value }> = {
  name: 'gated',

  outputs({ gateUp }) {
    const [rows, columns] = gateUp.shape
    if (columns % 2 !== 0) throw new RangeError(`Gate and up cannot share ${columns} columns evenly.`)
    return { y: { shape: [rows, columns / 2], type: 'float32' } }
  },

  composite({ gateUp }) {
    const [gate, up] = tf.split(gateUp, 2, 1) // each [row, inner]
    return { y: tf.mul(tf.mul(gate, tf.sigmoid(gate)), up) }
  },

  shader({ outputs }) {
    const [rows, inner] = outputs.y.shape
    const { type, count } = lanesOf(inner)
    const bindings = [
      { operand: 'gateUp', access: 'read', type },
      { operand: 'y', access: 'read_write', type },
    ] as const
    const code = `${declare(bindings)}${activations(type)}${elementwise(
      rows * count,
      `  let gate = index + index / ${count}u * ${count}u; // the row's up lies between its gate and the next
  y[index] = silu(gateUp[gate]) * gateUp[gate + ${count}u];`,
    )}`
    return { code, bindings, groups: elementGroups(rows * count) }
  },

  simd({ inputs: { gateUp }, outputs: { y } }, at, module) {
    module.gated(at(gateUp), at(y), y.shape[0], y.shape[1])
  },
}
