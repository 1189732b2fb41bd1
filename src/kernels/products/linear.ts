/**
 * A linear layer, y = x Wᵀ + b, with everything that usually follows it in the same dispatch: the LoRA term s u Bᵀ on some
 * of the columns (u = x Aᵀ comes from down.ts), a residual, or GELU, which also keeps what it was applied to. W is frozen
 * and lies as [out, in], perhaps packed. It is never merged with B A, which would be a full-size product at every step.
 *
 * With `into`, the layer's outputs are columns of a wider matrix: so are logits, where the vocabulary comes in shards, or
 * where rows are padded to fours. Up to three columns behind them may be overwritten: shards are computed in order.
 * Source: Hu et al., LoRA, arXiv 2106.09685, equation 3.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import type { ProgramBuilder, Spec, Value } from '../program'
import { columnsFrom, dense, matrix, type OperandText, reader } from '../wgsl/matrix'
import { productShader } from '../wgsl/productShader'
import { activations, float } from '../wgsl/text'
import { formatOf, weight } from '../wgsl/weights'
import { columnsOf, factorOf, gelu, timesTransposed } from './composites'
import { multiply } from './multiply'
import { checkSegments, type Segment } from './segments'

export type { Segment } from './segments'

export type LinearOperands = {
  readonly x: Value // [rows, in]
  readonly weight: Value // [out, in]
  readonly bias?: Value | null // [out]
  readonly u?: Value | null // [rows, inner]
  /** B of all segments, end to end. */
  readonly b?: Value | null
  readonly residual?: Value | null // [rows, out]
  readonly into?: Value | null // [rows, total]
}

export interface LinearAttributes {
  /** alpha / rank */
  readonly scale: number
  readonly segments: readonly Segment[]
  readonly activation: 'none' | 'gelu'
  /** The first of the columns of `into`. */
  readonly firstColumn?: number
}

export type LinearResults = {
  readonly y: Value // [rows, out], or `into` itself
  /** What GELU was applied to. */
  readonly pre: Value | null // [rows, out]
}

export function linear(
  program: ProgramBuilder,
  operands: LinearOperands,
  attributes: LinearAttributes,
): LinearResults {
  return program.call(linearKernel, operands, attributes)
}

export const linearKernel: Kernel<LinearOperands, LinearResults, LinearAttributes> = {
  name: 'linear',
  inPlace: { y: 'into' },

  outputs(inputs, attributes) {
    const { x, weight, u, b, residual, into } = inputs
    const { segments, activation, firstColumn = 0 } = attributes
    const [rows, inSize] = x.shape
    const outSize = weight.shape[0]
    if (weight.shape[1] !== inSize)
      throw new RangeError(`A layer of ${weight.shape[1]} inputs cannot take rows of ${inSize} numbers.`)
    if (segments.length > 0 !== Boolean(u && b))
      throw new RangeError('An adapted layer needs its segments, u and b.')
    if (u && b) {
      checkSegments(segments, outSize, u.shape[1], { gaps: true })
      const last = segments.at(-1)!
      if (b.shape[0] < last.bOffset + last.size * last.rank)
        throw new RangeError('b does not hold what the segments say.')
    }
    if (residual && activation !== 'none')
      throw new RangeError('A layer with an activation takes no residual.')
    if (into && (residual || activation !== 'none' || firstColumn + outSize > into.shape[1]))
      throw new RangeError(`Columns from ${firstColumn} on of a matrix cannot take this layer's outputs.`)
    const spec: Spec = { shape: [rows, outSize], type: 'float32' }
    return { y: into ? { ...spec, shape: into.shape } : spec, pre: activation === 'gelu' ? spec : null }
  },

  composite(inputs, attributes) {
    const { x, weight, bias, u, b, residual, into } = inputs
    const { scale, segments, activation, firstColumn = 0 } = attributes
    let y: tf.Tensor = timesTransposed(x, weight)
    if (bias) y = tf.add(y, bias)
    if (u && b) y = tf.add(y, adapterTerm(u, b, scale, segments, y.shape[1]!))
    if (residual) y = tf.add(y, residual)
    if (activation === 'gelu') return { y: gelu(y), pre: y }
    if (!into) return { y, pre: null }
    const [outSize, total] = [y.shape[1]!, into.shape[1]!]
    const after = firstColumn + outSize
    const whole = joined([columnsOf(into, 0, firstColumn), y, columnsOf(into, after, total - after)])
    return { y: whole, pre: null }
  },

  shader({ inputs, outputs, attributes }, traits) {
    const { x, weight: w, bias, u, b, residual, into } = inputs
    const { scale, segments, activation, firstColumn = 0 } = attributes
    const [rows, inSize] = x.shape
    const outSize = w.shape[0]
    const written = columnsFrom(into ? firstColumn : 0, outputs.y.shape[1], outSize)
    const factors = [
      matrix('x', 'read', { x: dense(x) }),
      weight('weight', w),
      ...(u && b ? [matrix('u', 'read', { u: dense(u) }), adapterText(scale, segments)] : []),
    ]
    const operands = [
      ...(bias ? [matrix('bias', 'read', { bias: dense(bias) })] : []),
      ...(residual ? [matrix('residual', 'read', { residual: dense(residual) })] : []),
      ...(outputs.pre ? [matrix('pre', 'write', { pre: dense(outputs.pre) })] : []),
      matrix('y', 'write', { y: written }),
    ]
    return productShader(
      {
        layout: 'NT',
        rows,
        columns: outSize,
        depth: inSize,
        terms: [
          { left: 'x', right: 'weight', depth: inSize },
          ...(u ? [{ left: 'u', right: 'b', depth: u.shape[1] }] : []),
        ],
        factors,
        operands,
        // Whoever keeps weights in fewer than 32 bits has agreed to as much.
        mayRound: formatOf(w) !== 'float32',
        finish: `${activation === 'gelu' ? activations('vec4f') : ''}
fn finish(row: u32, column: u32, product: vec4f) {
  let value = product${bias ? ' + readBias(0u, column)' : ''}${residual ? ' + readResidual(row, column)' : ''};
  ${activation === 'gelu' ? 'writePre(row, column, value);\n  writeY(row, column, gelu(value));' : 'writeY(row, column, value);'}
}
`,
      },
      traits,
    )
  },

  simd({ inputs, outputs, attributes }, at, module) {
    const { x, weight, bias, u, b, residual } = inputs
    const { scale, segments, firstColumn = 0 } = attributes
    const [rows, inSize] = x.shape
    const outSize = weight.shape[0]
    const target = outputs.pre ?? outputs.y
    const out = { address: at(target) + 4 * firstColumn, stride: target.shape[1] }
    const left = { address: at(x), stride: inSize }
    const right = { address: at(weight), stride: inSize }
    const additions = { bias: at(bias), residual: at(residual) }
    multiply({ layout: 'NT', rows, columns: outSize, depth: inSize, left, right, out }, at, module, additions)
    for (const { from, size, rank, bOffset, uColumn } of segments)
      multiply(
        {
          layout: 'NT',
          rows,
          columns: size,
          depth: rank,
          left: { address: at(u) + 4 * uColumn, stride: u!.shape[1] },
          right: { address: at(b) + 4 * bOffset, stride: rank },
          out: { address: out.address + 4 * from, stride: out.stride },
          scale,
          isAdded: true,
        },
        at,
        module,
      )
    if (outputs.pre) module.gelu(at(outputs.pre), at(outputs.y), rows * outSize)
  },
}

/** s u Bᵀ on the segments' columns, zero between them [rows, out]. */
function adapterTerm(
  u: tf.Tensor,
  b: tf.Tensor,
  scale: number,
  segments: readonly Segment[],
  outSize: number,
): tf.Tensor2D {
  const rows = u.shape[0]
  const pieces: tf.Tensor[] = []
  let end = 0
  for (const segment of segments) {
    const { from, size, rank, uColumn } = segment
    const term = timesTransposed(columnsOf(u, uColumn, rank), factorOf(b, segment))
    pieces.push(tf.zeros([rows, from - end]), tf.mul(term, scale))
    end = from + size
  }
  return joined([...pieces, tf.zeros([rows, outSize - end])])
}

const joined = (pieces: readonly tf.Tensor[]): tf.Tensor2D => {
  const wide = pieces.filter(({ shape }) => shape[1]! > 0) as tf.Tensor2D[]
  return wide.length === 1 ? wide[0] : tf.concat2d(wide, 1)
}

/** s B of all segments as one matrix [out, inner], zero where a segment's rows meet another's columns. */
const adapterText = (scale: number, segments: readonly Segment[]): OperandText => ({
  declarations: [{ operand: 'b', access: 'read', type: 'f32' }],
  functions: `
fn factor(row: u32, column: u32) -> f32 {
${segments
  .map(
    ({ from, size, rank, bOffset, uColumn }) =>
      `  if (row - ${from}u < ${size}u && column - ${uColumn}u < ${rank}u) {
    return ${float(scale)} * b[${bOffset}u + (row - ${from}u) * ${rank}u + column - ${uColumn}u];
  }`,
  )
  .join('\n')}
  return 0.0;
}
fn ${reader('b')}(row: u32, column: u32) -> vec4f {
  return vec4f(factor(row, column), factor(row, column + 1u), factor(row, column + 2u), factor(row, column + 3u));
}
`,
})
