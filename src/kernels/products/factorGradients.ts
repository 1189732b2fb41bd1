/**
 * The gradients of LoRA's factors: dA = duᵀ x, and for every segment dB = s dyᵀ u, each summed over all rows. They are
 * written into ranges of one flat gradient, beside those of all other layers, as the optimizer wants them (adam.ts). The
 * gradient of the frozen W is never computed.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import type { ProgramBuilder, Value } from '../program'
import { dense, matrix } from '../wgsl/matrix'
import { productShader } from '../wgsl/productShader'
import { float } from '../wgsl/text'
import { columnsOf, transposedTimes } from './composites'
import { multiply } from './multiply'
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

export type DownGradientOperands = {
  readonly du: Value // [rows, inner]
  readonly x: Value // [rows, in]
}

/** Writes dA = duᵀ x into `dA` [inner, in]. */
export function downGradient(program: ProgramBuilder, operands: DownGradientOperands, dA: Value): void {
  program.call(downGradientKernel, operands, null, { dA })
}

export const downGradientKernel: Kernel<DownGradientOperands, { readonly dA: Value }> = {
  name: 'downGradient',

  outputs: ({ du, x }) => ({
    dA: { shape: [du.shape[1], x.shape[1]], type: 'float32' },
  }),

  composite: ({ du, x }) => ({ dA: transposedTimes(du, x) }),

  shader({ inputs: { du, x } }, traits) {
    const [rows, inner] = du.shape
    const inSize = x.shape[1]
    return productShader(
      {
        layout: 'TN',
        rows: inner,
        columns: inSize,
        depth: rows,
        terms: [{ left: 'du', right: 'x', depth: rows }],
        factors: [matrix('du', 'read', { du: dense(du) }), matrix('x', 'read', { x: dense(x) })],
        operands: [matrix('dA', 'write', { dA: { base: 0, stride: inSize, columns: inSize } })],
        finish: 'fn finish(row: u32, column: u32, product: vec4f) { writeDA(row, column, product); }',
      },
      traits,
    )
  },

  simd({ inputs: { du, x }, outputs: { dA } }, at, module) {
    const [rows, inner] = du.shape
    const inSize = x.shape[1]
    const left = { address: at(du), stride: inner }
    const right = { address: at(x), stride: inSize }
    const out = { address: at(dA), stride: inSize }
    multiply({ layout: 'TN', rows: inner, columns: inSize, depth: rows, left, right, out }, at, module)
  },
}

export interface UpGradientAttributes {
  /** alpha / rank */
  readonly scale: number
  readonly segments: readonly Segment[]
}

export type UpGradientOperands = {
  readonly dy: Value // [rows, out]
  readonly u: Value // [rows, inner]
}

/** Writes dB of all segments, end to end, into `dB`. */
export function upGradient(
  program: ProgramBuilder,
  operands: UpGradientOperands,
  attributes: UpGradientAttributes,
  dB: Value,
): void {
  program.call(upGradientKernel, operands, attributes, { dB })
}

export const upGradientKernel: Kernel<UpGradientOperands, { readonly dB: Value }, UpGradientAttributes> = {
  name: 'upGradient',

  outputs({ dy, u }, attributes) {
    const { segments } = attributes
    checkSegments(segments, dy.shape[1], u.shape[1])
    return { dB: { shape: [segmentNumbers(segments)], type: 'float32' } }
  },

  composite({ dy, u }, attributes) {
    const { scale, segments } = attributes
    const pieces = segments.map(({ from, size, rank, uColumn }) =>
      tf.reshape(transposedTimes(columnsOf(dy, from, size), columnsOf(u, uColumn, rank)), [-1]),
    ) as tf.Tensor1D[]
    return { dB: tf.mul(pieces.length === 1 ? pieces[0] : tf.concat1d(pieces), scale) }
  },

  shader({ inputs: { dy, u }, attributes }, traits) {
    const { scale, segments } = attributes
    const [batchRows, outSize] = dy.shape
    const rows = Math.max(...segments.map(({ size }) => size))
    const columns = Math.max(...segments.map(({ rank }) => rank))
    return productShader(
      {
        layout: 'TN',
        rows,
        columns,
        depth: batchRows,
        terms: [{ left: 'dy', right: 'u', depth: batchRows }],
        factors: [
          matrix('dy', 'read', { dy: segmentColumns(segments, outSize) }),
          matrix('u', 'read', { u: segmentInner(segments, u.shape[1]) }),
        ],
        operands: [matrix('dB', 'write', { dB: segmentFactor(segments) })],
        finish: `
fn finish(row: u32, column: u32, product: vec4f) { writeDB(row, column, ${float(scale)} * product); }`,
        layers: {
          count: segments.length,
          rows: 'chosen.size',
          columns: 'chosen.rank',
          declarations: segmentTable(segments),
          choose: chooseSegment,
        },
      },
      traits,
    )
  },

  simd({ inputs: { dy, u }, outputs: { dB }, attributes }, at, module) {
    const { scale, segments } = attributes
    const [rows, outSize] = dy.shape
    const inner = u.shape[1]
    for (const { from, size, rank, bOffset, uColumn } of segments) {
      const left = { address: at(dy) + 4 * from, stride: outSize }
      const right = { address: at(u) + 4 * uColumn, stride: inner }
      const out = { address: at(dB) + 4 * bOffset, stride: rank }
      multiply({ layout: 'TN', rows: size, columns: rank, depth: rows, left, right, out, scale }, at, module)
    }
  },
}
