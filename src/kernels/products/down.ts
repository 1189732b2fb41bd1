/**
 * LoRA's way down: u = x Aᵀ, from a layer's inputs to the few inner columns of all adapters that read them, whose A lie
 * below each other in one matrix. u is computed once: the layer adds s u Bᵀ (linear.ts), and the gradient of B needs it
 * again. Source: Hu et al., LoRA, arXiv 2106.09685, equation 3.
 */
import type { Kernel } from '../kernel'
import type { ProgramBuilder, Value } from '../program'
import { dense, matrix } from '../wgsl/matrix'
import { productShader } from '../wgsl/productShader'
import { timesTransposed } from './composites'
import { multiply } from './multiply'

export type DownOperands = {
  readonly x: Value // [rows, in]
  readonly a: Value // [inner, in]
}

/** u = x Aᵀ [rows, inner]. */
export function down(program: ProgramBuilder, operands: DownOperands): Value {
  return program.call(downKernel, operands, null).u
}

export const downKernel: Kernel<DownOperands, { readonly u: Value }> = {
  name: 'down',

  outputs({ x, a }) {
    if (x.shape[1] !== a.shape[1])
      throw new RangeError(`A factor of ${a.shape[1]} inputs cannot take rows of ${x.shape[1]} numbers.`)
    return { u: { shape: [x.shape[0], a.shape[0]], type: 'float32' } }
  },

  composite: ({ x, a }) => ({ u: timesTransposed(x, a) }),

  shader({ inputs: { x, a }, outputs: { u } }, traits) {
    const [rows, inner] = u.shape
    return productShader(
      {
        layout: 'NT',
        rows,
        columns: inner,
        depth: x.shape[1],
        terms: [{ left: 'x', right: 'a', depth: x.shape[1] }],
        factors: [matrix('x', 'read', { x: dense(x) }), matrix('a', 'read', { a: dense(a) })],
        operands: [matrix('u', 'write', { u: dense(u) })],
        finish: 'fn finish(row: u32, column: u32, product: vec4f) { writeU(row, column, product); }',
      },
      traits,
    )
  },

  simd({ inputs: { x, a }, outputs: { u } }, at, module) {
    const [rows, inner] = u.shape
    const inSize = x.shape[1]
    const left = { address: at(x), stride: inSize }
    const right = { address: at(a), stride: inSize }
    const out = { address: at(u), stride: inner }
    multiply({ layout: 'NT', rows, columns: inner, depth: inSize, left, right, out }, at, module)
  },
}
