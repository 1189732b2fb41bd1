/**
 * Normalisation of rows. Layer normalisation, y = (x - mean) / sqrt(variance + epsilon) · gain + offset, and its cheaper
 * relative without the mean, y = x / sqrt(mean(x²) + epsilon) · gain. With `rowIndex`, only the rows it names are computed,
 * in its order: the head of a model needs no others. Gain and offset are frozen; the gradient of x is normGradient.ts.
 *
 * With `heads` a row is queries, keys and values, head after head (attention/heads.ts): each head of queries and of keys is
 * normalised by itself, with the gain of its kind, and values stay as they are.
 * Source: Ba et al., Layer Normalization, arXiv 1607.06450; Zhang and Sennrich, RMSNorm, arXiv 1910.07467; Henry et al.,
 * Query-Key Normalization for Transformers, arXiv 2010.04245.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { HeadShape } from '../attention/heads'
import type { Kernel } from '../kernel'
import { type ProgramBuilder, sizeOf, type Value } from '../program'
import { constants, declare, float, type Lanes, lanesOf, main, reduction, spread } from '../wgsl/text'
import { checkSplit, findGain, gridOf, splitNormed } from './normHeads'

export type NormOperands = {
  readonly x: Value // [row, channel]
  readonly gain: Value // [channel]; with heads that of queries, then that of keys [2 head width]
  readonly offset?: Value | null // [channel]
  /** The rows of x to compute. */
  readonly rowIndex?: Value | null // [chosen] int32
}

export interface NormAttributes {
  readonly kind: 'layer' | 'rms'
  readonly epsilon: number
  /** How rows are split; 0 heads where they hold no queries. Of an RMS norm of all rows alone. */
  readonly heads?: HeadShape
}

export function norm(program: ProgramBuilder, operands: NormOperands, attributes: NormAttributes): Value {
  return program.call(normKernel, operands, attributes).y // [row or chosen, channel]
}

export const normKernel: Kernel<NormOperands, { readonly y: Value }, NormAttributes> = {
  name: 'norm',

  outputs({ x, gain, offset, rowIndex }, { kind, heads }) {
    if (heads) checkSplit(x, gain, heads, kind === 'rms' && !offset && !rowIndex)
    return { y: { shape: [rowIndex ? sizeOf(rowIndex) : x.shape[0], x.shape[1]], type: 'float32' } }
  },

  composite({ x, gain, offset, rowIndex }, attributes) {
    if (attributes.heads) {
      const { rowsOf, gains, withValuesOf } = splitNormed(gain, attributes.heads)
      const { z } = normalised(rowsOf(x), attributes)
      return { y: withValuesOf(x, tf.mul(z, gains(z.shape[0]))) }
    }
    const chosen = rowIndex ? tf.gather(x, rowIndex as tf.Tensor1D) : x
    const scaled = tf.mul(normalised(chosen, attributes).z, gain) // [row, channel]
    return { y: offset ? tf.add(scaled, offset) : scaled }
  },

  shader({ inputs, outputs, attributes }) {
    const { kind, epsilon, heads } = attributes
    const { groups, width, invocations } = gridOf(outputs.y, heads)
    const lanes = lanesOf(width)
    const { type, count } = lanes
    const operands = ['x', 'gain', inputs.offset && 'offset', 'y'].filter((name) => typeof name === 'string')
    const bindings = [
      ...operands.map((operand) => {
        return { operand, access: operand === 'y' ? 'read_write' : 'read', type } as const
      }),
      ...(inputs.rowIndex ? [{ operand: 'rowIndex', access: 'read', type: 'i32' } as const] : []),
    ]
    const code = `${declare(bindings)}${constants({ count, width: float(width), epsilon: float(epsilon) })}
${reduction('total', 'f32', invocations, 'one + other')}
${main(
  invocations,
  groups,
  `  let first = ${inputs.rowIndex ? 'u32(rowIndex[group])' : 'group'} * count;
  ${findGain(heads, invocations, 'y[first + place] = x[first + place];')}
  ${kind === 'layer' ? meanOfRow(lanes, invocations) : 'let mean = 0.0;'}
  var squares = 0.0;
  for (var place = local; place < count; place += ${invocations}u) {
    let centred = x[first + place] - mean;
    squares += ${lanes.sum('(centred * centred)')};
  }
  let scale = inverseSqrt(total(squares, local) / width + epsilon);
  for (var place = local; place < count; place += ${invocations}u) {
    y[group * count + place] = (x[first + place] - mean) * scale * gain[gainFirst + place]${inputs.offset ? ' + offset[place]' : ''};
  }`,
)}`
    return { code, bindings, groups: spread(groups) }
  },

  simd({ inputs: { x, gain, offset, rowIndex }, outputs: { y }, attributes }, at, module) {
    const { kind, epsilon, heads: split } = attributes
    const [rows, width] = y.shape
    if (split) {
      const { heads, keyValueHeads, headWidth } = split
      module.normOfHeads(at(x), at(gain), at(y), rows, heads, keyValueHeads, headWidth, epsilon)
      return
    }
    module.norm(
      at(x),
      at(gain),
      at(offset),
      at(rowIndex),
      at(y),
      rows,
      width,
      epsilon,
      kind === 'rms' ? 1 : 0,
    )
  },
}

/** WGSL: the mean of the row of x that begins at element `first`. */
const meanOfRow = ({ sum }: Lanes, invocations: number): string => `var sum = 0.0;
  for (var place = local; place < count; place += ${invocations}u) { sum += ${sum('x[first + place]')}; }
  let mean = total(sum, local) / width;`

/** Rows before the gain, z, and what they were multiplied by, [row, 1]. */
export function normalised(
  x: tf.Tensor,
  { kind, epsilon }: NormAttributes,
): { z: tf.Tensor; scale: tf.Tensor } {
  const centred = kind === 'layer' ? tf.sub(x, tf.mean(x, 1, true)) : x // [row, channel]
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), epsilon))
  return { z: tf.mul(centred, scale), scale }
}
