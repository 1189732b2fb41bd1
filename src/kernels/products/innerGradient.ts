/**
 * Back through LoRA's B: du = s dy B, the gradient of u = x Aᵀ from that of the layer's outputs. Each segment gives its own
 * columns of du, from its own columns of dy. What A and x get from du: factorGradients.ts, linearGradient.ts.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import type { ProgramBuilder, Value } from '../program'
import { matrix } from '../wgsl/matrix'
import { productShader } from '../wgsl/productShader'
import { float } from '../wgsl/text'
import { columnsOf, factorOf, times } from './composites'
import { multiply } from './multiply'
import {
  checkSegments,
  chooseSegment,
  type Segment,
  segmentColumns,
  segmentFactor,
  segmentInner,
  segmentTable,
} from './segments'

export interface InnerGradientAttributes {
  /** alpha / rank */
  readonly scale: number
  readonly segments: readonly Segment[]
  /** Columns of u: the segments' ranks together. */
  readonly rank: number
}

export type InnerGradientOperands = {
  readonly dy: Value // [rows, out]
  /** B of all segments, end to end. */
  readonly b: Value
}

/** du [rows, rank] */
export function innerGradient(
  program: ProgramBuilder,
  operands: InnerGradientOperands,
  attributes: InnerGradientAttributes,
): Value {
  return program.call(innerGradientKernel, operands, attributes).du
}

export const innerGradientKernel: Kernel<
  InnerGradientOperands,
  { readonly du: Value },
  InnerGradientAttributes
> = {
  name: 'innerGradient',

  outputs({ dy }, attributes) {
    const { segments, rank } = attributes
    checkSegments(segments, dy.shape[1], rank)
    return { du: { shape: [dy.shape[0], rank], type: 'float32' } }
  },

  composite({ dy, b }, attributes) {
    const { scale, segments } = attributes
    const pieces = segments.map((segment) =>
      times(columnsOf(dy, segment.from, segment.size), factorOf(b, segment)),
    )
    return { du: tf.mul(pieces.length === 1 ? pieces[0] : tf.concat2d(pieces, 1), scale) }
  },

  shader({ inputs: { dy }, attributes }, traits) {
    const { scale, segments, rank } = attributes
    const [rows, outSize] = dy.shape
    const columns = Math.max(...segments.map((segment) => segment.rank))
    return productShader(
      {
        layout: 'NN',
        rows,
        columns,
        depth: Math.max(...segments.map(({ size }) => size)),
        terms: [{ left: 'dy', right: 'b', depth: 'chosen.size' }],
        factors: [
          matrix('dy', 'read', { dy: segmentColumns(segments, outSize) }),
          matrix('b', 'read', { b: segmentFactor(segments) }),
        ],
        operands: [matrix('du', 'write', { du: segmentInner(segments, rank) })],
        finish: `
fn finish(row: u32, column: u32, product: vec4f) { writeDu(row, column, ${float(scale)} * product); }`,
        layers: {
          count: segments.length,
          rows,
          columns: 'chosen.rank',
          declarations: segmentTable(segments),
          choose: chooseSegment,
        },
      },
      traits,
    )
  },

  simd({ inputs: { dy, b }, outputs: { du }, attributes }, at, module) {
    const { scale, segments } = attributes
    const [rows, outSize] = dy.shape
    const stride = du.shape[1]
    for (const { from, size, rank, bOffset, uColumn } of segments) {
      const left = { address: at(dy) + 4 * from, stride: outSize }
      const right = { address: at(b) + 4 * bOffset, stride: rank }
      const out = { address: at(du) + 4 * uColumn, stride }
      multiply({ layout: 'NN', rows, columns: rank, depth: size, left, right, out, scale }, at, module)
    }
  },
}
