/**
 * LoRA's way down: u = x Aᵀ, from a layer's inputs to the few inner columns of all adapters that read them, whose A lie
 * below each other in one matrix. u is computed once: the layer adds s u Bᵀ (linear.ts), and the gradient of B needs it
 * again. Source: Hu et al., LoRA, arXiv 2106.09685, equation 3.
 */
import type { Addresses, GpuTraits, Kernel, KernelCall, Shader, Simd, Tensors } from '../kernel'
import type { ProgramBuilder, Spec, Value } from '../program'
import { dense, matrix } from '../wgsl/matrix'
import { productShader } from '../wgsl/product'
import { tileFor } from '../wgsl/tiles'
import { timesTransposed } from './composites'

/** u = x Aᵀ [rows, inner] for x [rows, in] and a [inner, in]. */
export function down(program: ProgramBuilder, operands: { readonly x: Value; readonly a: Value }): Value {
  return program.call(downKernel, operands, null).u
}

export const downKernel: Kernel = {
  name: 'down',

  outputs({ x, a }): Record<string, Spec> {
    if (x!.shape[1] !== a!.shape[1])
      throw new RangeError(`A factor of ${a!.shape[1]} inputs cannot take rows of ${x!.shape[1]} numbers.`)
    return { u: { shape: [x!.shape[0], a!.shape[0]], type: 'float32' } }
  },

  composite: ({ x, a }: Tensors): Tensors => ({ u: timesTransposed(x!, a!) }),

  shader({ inputs: { x, a }, outputs: { u } }: KernelCall, traits: GpuTraits): Shader {
    const [rows, inner] = u!.shape
    return productShader({
      layout: 'NT',
      tile: tileFor(traits, 'NT', rows, inner),
      rows,
      columns: inner,
      terms: [{ left: 'x', right: 'a', depth: x!.shape[1] }],
      operands: [
        matrix('x', 'read', { x: dense(x!) }),
        matrix('a', 'read', { a: dense(a!) }),
        matrix('u', 'write', { u: dense(u!) }),
      ],
      finish: 'fn finish(row: u32, column: u32, product: vec4f) { writeU(row, column, product); }',
    })
  },

  simd({ inputs: { x, a }, outputs: { u } }: KernelCall, at: Addresses, module: Simd): void {
    const [rows, inner] = u!.shape
    const inSize = x!.shape[1]
    module.productNT(
      ...[rows, inner, inSize, at(x), inSize, at(a), inSize, at(u), inner, 1, 0, 0, 0],
      at.scratch(module.productScratchBytes(rows, inner, inSize)),
    )
  },
}
