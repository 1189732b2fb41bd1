/**
 * Back through a linear layer to its input: dx = dy W, plus what comes by LoRA's way down, du A; then back through the
 * activation that made the input, GELU or the gated SiLU of LLaMA, where the layer below keeps what that was applied to.
 * W is frozen, so this is the layer's whole gradient beside those of its factors. It reads W as it lies, [out, in]: of a
 * packed weight the same copy as the forward pass.
 *
 * With `into`, the gradient is added to one that is there: the part of a vocabulary's shard, whose columns of dy begin at
 * `firstColumn`.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import type { ProgramBuilder, Value } from '../program'
import { columnsFrom, dense, matrix, type OperandText } from '../wgsl/matrix'
import { productShader } from '../wgsl/productShader'
import { activations } from '../wgsl/text'
import { weight } from '../wgsl/weights'
import { columnsOf, gatedGradient, geluGradient, times } from './composites'
import { multiply } from './multiply'

export type LinearGradientOperands = {
  readonly dy: Value // [rows, out], or [rows, total] with firstColumn
  readonly weight: Value // [out, in]
  readonly du?: Value | null // [rows, inner]
  readonly a?: Value | null // [inner, in]
  /** What the activation was applied to: [rows, in], or gate and up beside each other [rows, 2 in]. */
  readonly pre?: Value | null
  readonly into?: Value | null // [rows, in]
}

export interface LinearGradientAttributes {
  readonly activation: 'none' | 'gelu' | 'gated'
  /** The first of the columns of dy that belong to this layer. */
  readonly firstColumn?: number
}

/** dx [rows, in], or [rows, 2 in] behind a gated activation. `outputs` may say where it is written to. */
export function linearGradient(
  program: ProgramBuilder,
  operands: LinearGradientOperands,
  attributes: LinearGradientAttributes,
  outputs: { readonly dx?: Value } = {},
): Value {
  return program.call(linearGradientKernel, operands, attributes, outputs).dx
}

export const linearGradientKernel: Kernel<
  LinearGradientOperands,
  { readonly dx: Value },
  LinearGradientAttributes
> = {
  name: 'linearGradient',
  inPlace: { dx: 'into' },

  outputs({ dy, weight, du, a, pre, into }, attributes) {
    const { activation, firstColumn } = attributes
    const [outSize, inSize] = weight.shape
    const [rows, columns] = dy.shape
    if (firstColumn === undefined ? columns !== outSize : firstColumn + outSize > columns)
      throw new RangeError(`${columns} columns of dy do not fit a layer of ${outSize} outputs.`)
    if (Boolean(du) !== Boolean(a) && du) throw new RangeError('du needs the factor a that it goes through.')
    const wide = activation === 'gated' ? 2 * inSize : inSize
    if (activation !== 'none' && pre?.shape[1] !== wide)
      throw new RangeError(`The activation needs what it was applied to, ${wide} columns.`)
    if (activation !== 'none' && into)
      throw new RangeError('A gradient behind an activation cannot be added to another.')
    return { dx: { shape: [rows, wide], type: 'float32' } }
  },

  composite({ dy, weight, du, a, pre, into }, attributes) {
    const { activation, firstColumn = 0 } = attributes
    let dx: tf.Tensor = times(columnsOf(dy, firstColumn, weight.shape[0]), weight)
    if (du && a) dx = tf.add(dx, times(du, a))
    switch (activation) {
      case 'none':
        return { dx: into ? tf.add(into, dx) : dx }
      case 'gelu':
        return { dx: geluGradient(dx, pre!) }
      case 'gated':
        return { dx: gatedGradient(dx, pre!) }
    }
  },

  shader({ inputs, outputs, attributes }, traits) {
    const { dy, weight: w, du, a, into } = inputs
    const { activation, firstColumn = 0 } = attributes
    const [outSize, inSize] = w.shape
    const rows = dy.shape[0]
    const { operands, finish } = endings[activation](outputs.dx.shape[1], Boolean(into))
    return productShader(
      {
        layout: 'NN',
        rows,
        columns: inSize,
        depth: outSize,
        terms: [
          { left: 'dy', right: 'weight', depth: outSize },
          ...(du ? [{ left: 'du', right: 'a', depth: du.shape[1] }] : []),
        ],
        factors: [
          matrix('dy', 'read', { dy: columnsFrom(firstColumn, dy.shape[1], outSize) }),
          weight('weight', w),
          ...(du && a ? [matrix('du', 'read', { du: dense(du) }), matrix('a', 'read', { a: dense(a) })] : []),
        ],
        operands,
        finish,
      },
      traits,
    )
  },

  simd({ inputs, outputs, attributes }, at, module) {
    const { dy, weight, du, a, pre, into } = inputs
    const { activation, firstColumn = 0 } = attributes
    const [outSize, inSize] = weight.shape
    const [rows, stride] = dy.shape
    const inner = du?.shape[1] ?? 0
    const dx = activation === 'gated' ? at.between(4 * rows * inSize) : at(outputs.dx)
    const [layout, columns, out] = ['NN' as const, inSize, { address: dx, stride: inSize }]
    const left = { address: at(dy) + 4 * firstColumn, stride }
    const right = { address: at(weight), stride: inSize }
    multiply({ layout, rows, columns, depth: outSize, left, right, out, isAdded: into != null }, at, module)
    if (du) {
      const left = { address: at(du), stride: inner }
      const right = { address: at(a), stride: inSize }
      multiply({ layout, rows, columns, depth: inner, left, right, out, isAdded: true }, at, module)
    }
    if (activation === 'gelu') module.geluGradient(dx, at(pre), dx, rows * inSize)
    if (activation === 'gated') module.gatedGradient(dx, at(pre), at(outputs.dx), rows, inSize)
  },
}

/** What becomes of four numbers of dy W + du A, by the activation that made the layer's input. */
const endings: Readonly<
  Record<
    LinearGradientAttributes['activation'],
    (
      width: number,
      isAdded: boolean,
    ) => { readonly operands: readonly OperandText[]; readonly finish: string }
  >
> = {
  none: (width, isAdded) => ({
    operands: [matrix('dx', isAdded ? 'read_write' : 'write', { dx: wholeRow(width) })],
    finish: `
fn finish(row: u32, column: u32, product: vec4f) {
  writeDx(row, column, product${isAdded ? ' + readDx(row, column)' : ''});
}
`,
  }),
  gelu: (width) => ({
    operands: [
      matrix('pre', 'read', { pre: wholeRow(width) }),
      matrix('dx', 'write', { dx: wholeRow(width) }),
    ],
    finish: `${activations('vec4f')}
fn finish(row: u32, column: u32, product: vec4f) {
  writeDx(row, column, product * geluSlope(readPre(row, column)));
}
`,
  }),
  gated: (width) => ({
    operands: [
      matrix('pre', 'read', { gate: halfRow(width, 0), up: halfRow(width, 1) }),
      matrix('dx', 'write', { dGate: halfRow(width, 0), dUp: halfRow(width, 1) }),
    ],
    finish: `${activations('vec4f')}
fn finish(row: u32, column: u32, product: vec4f) {
  let gate = readGate(row, column);
  writeDGate(row, column, product * readUp(row, column) * siluSlope(gate));
  writeDUp(row, column, product * silu(gate));
}
`,
  }),
}

const wholeRow = (width: number) => ({ base: 0, stride: width, columns: width })
const halfRow = (width: number, half: 0 | 1) => ({
  base: (half * width) / 2,
  stride: width,
  columns: width / 2,
})
