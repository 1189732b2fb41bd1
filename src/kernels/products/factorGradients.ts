/**
 * The gradients of LoRA's factors: dA = duᵀ x, and for every segment dB = s dyᵀ u, each summed over all rows. They are
 * written into ranges of one flat gradient, beside those of all other layers, as the optimizer wants them (adamw.ts). The
 * gradient of the frozen W is never computed.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Addresses, GpuTraits, Kernel, KernelCall, Shader, Simd, Tensors } from '../kernel'
import type { ProgramBuilder, Spec, Value } from '../program'
import { dense, matrix } from '../wgsl/matrix'
import { productShader } from '../wgsl/product'
import { float } from '../wgsl/text'
import { tileFor } from '../wgsl/tiles'
import { columnsOf, transposedTimes } from './composites'
import {
  checkSegments,
  chooseSegment,
  type Segment,
  segmentColumns,
  segmentFactor,
  segmentInner,
  segmentNumbers,
  segmentTable,
} from './segments'

/** Writes dA = duᵀ x [inner, in] into `dA`, from du [rows, inner] and x [rows, in]. */
export function downGradient(
  program: ProgramBuilder,
  operands: { readonly du: Value; readonly x: Value },
  dA: Value,
): void {
  program.call(downGradientKernel, operands, null, { dA })
}

export const downGradientKernel: Kernel = {
  name: 'downGradient',

  outputs: ({ du, x }): Record<string, Spec> => ({
    dA: { shape: [du!.shape[1], x!.shape[1]], type: 'float32' },
  }),

  composite: ({ du, x }: Tensors): Tensors => ({ dA: transposedTimes(du!, x!) }),

  shader({ inputs: { du, x } }: KernelCall, traits: GpuTraits): Shader {
    const [rows, inner] = du!.shape
    const inSize = x!.shape[1]
    return productShader({
      layout: 'TN',
      tile: tileFor(traits, 'TN', inner, inSize),
      rows: inner,
      columns: inSize,
      terms: [{ left: 'du', right: 'x', depth: rows }],
      operands: [
        matrix('du', 'read', { du: dense(du!) }),
        matrix('x', 'read', { x: dense(x!) }),
        matrix('dA', 'write', { dA: { base: 0, stride: inSize, columns: inSize } }),
      ],
      finish: 'fn finish(row: u32, column: u32, product: vec4f) { writeDA(row, column, product); }',
    })
  },

  simd({ inputs: { du, x }, outputs: { dA } }: KernelCall, at: Addresses, module: Simd): void {
    const [rows, inner] = du!.shape
    const inSize = x!.shape[1]
    module.productTN(
      ...[inner, inSize, rows, at(du), inner, at(x), inSize, at(dA), inSize, 1, 0],
      at.scratch(module.productScratchBytes(inner, inSize, rows)),
    )
  },
}

export interface UpGradientAttributes {
  /** alpha / rank */
  readonly scale: number
  readonly segments: readonly Segment[]
}

/** Writes dB of all segments, end to end, into `dB`, from dy [rows, out] and u [rows, inner]. */
export function upGradient(
  program: ProgramBuilder,
  operands: { readonly dy: Value; readonly u: Value },
  attributes: UpGradientAttributes,
  dB: Value,
): void {
  program.call(upGradientKernel, operands, attributes, { dB })
}

export const upGradientKernel: Kernel = {
  name: 'upGradient',

  outputs({ dy, u }, attributes): Record<string, Spec> {
    const { segments } = attributes as UpGradientAttributes
    checkSegments(segments, dy!.shape[1], u!.shape[1])
    return { dB: { shape: [segmentNumbers(segments)], type: 'float32' } }
  },

  composite({ dy, u }: Tensors, attributes): Tensors {
    const { scale, segments } = attributes as UpGradientAttributes
    const pieces = segments.map(({ from, size, rank, uColumn }) =>
      tf.reshape(transposedTimes(columnsOf(dy!, from, size), columnsOf(u!, uColumn, rank)), [-1]),
    ) as tf.Tensor1D[]
    return { dB: tf.mul(pieces.length === 1 ? pieces[0] : tf.concat1d(pieces), scale) }
  },

  shader({ inputs: { dy, u }, attributes }: KernelCall, traits: GpuTraits): Shader {
    const { scale, segments } = attributes as UpGradientAttributes
    const [batchRows, outSize] = dy!.shape
    const rows = Math.max(...segments.map(({ size }) => size))
    const columns = Math.max(...segments.map(({ rank }) => rank))
    return productShader({
      layout: 'TN',
      tile: tileFor(traits, 'TN', rows, columns, segments.length),
      rows,
      columns,
      terms: [{ left: 'dy', right: 'u', depth: batchRows }],
      operands: [
        matrix('dy', 'read', { dy: segmentColumns(segments, outSize) }),
        matrix('u', 'read', { u: segmentInner(segments, u!.shape[1]) }),
        matrix('dB', 'write', { dB: segmentFactor(segments) }),
      ],
      finish: `${segmentTable(segments)}
fn finish(row: u32, column: u32, product: vec4f) { writeDB(row, column, ${float(scale)} * product); }`,
      layers: {
        count: segments.length,
        rows: 'chosen.size',
        columns: 'chosen.rank',
        choose: chooseSegment,
      },
    })
  },

  simd({ inputs: { dy, u }, outputs: { dB }, attributes }: KernelCall, at: Addresses, module: Simd): void {
    const { scale, segments } = attributes as UpGradientAttributes
    const [rows, outSize] = dy!.shape
    const inner = u!.shape[1]
    for (const { from, size, rank, bOffset, uColumn } of segments)
      module.productTN(
        ...[size, rank, rows, at(dy) + 4 * from, outSize, at(u) + 4 * uColumn, inner],
        ...[at(dB) + 4 * bOffset, rank, scale, 0],
        at.scratch(module.productScratchBytes(size, rank, rows)),
      )
  },
}
