/** Σ x², for the norm of a gradient: that of all parameters together, which every update needs where gradients are clipped. */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import { type ProgramBuilder, sizeOf, type Value } from '../program'
import { declare, lanesOf, main, reduction } from '../wgsl/text'

export function sumOfSquares(program: ProgramBuilder, x: Value): Value {
  return program.call(sumOfSquaresKernel, { x }, null).sum // [1]
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
