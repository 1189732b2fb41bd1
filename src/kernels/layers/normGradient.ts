/**
 * The gradient of a normalisation's input. With g = dy · gain, z the normalised row and r what it was multiplied by,
 *   layer: dx = r (g - mean(g) - z mean(g z)),   rms: dx = r (g - z mean(g z)),
 * plus a residual: what came back past the normalisation. z and r are computed again from x, which is all that is kept.
 *
 * Where only some rows were normalised, `places[r]` says which row of dy belongs to row r of x; negative for none.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import type { ProgramBuilder, Value } from '../program'
import { constants, declare, float, lanesOf, main, reduction, spread } from '../wgsl/text'
import { type NormAttributes, normalised, normInvocations } from './norm'

export type NormGradientOperands = {
  readonly dy: Value // [row or chosen, channel]
  readonly x: Value // [row, channel]
  readonly gain: Value // [channel]
  readonly residual?: Value | null // [row, channel]
  /** For each row of x its row of dy. */
  readonly places?: Value | null // [row] int32
}

export function normGradient(
  program: ProgramBuilder,
  operands: NormGradientOperands,
  attributes: NormAttributes,
): Value {
  return program.call(normGradientKernel, operands, attributes).dx // [row, channel]
}

export const normGradientKernel: Kernel<NormGradientOperands, { readonly dx: Value }, NormAttributes> = {
  name: 'normGradient',

  outputs({ x }) {
    return { dx: x }
  },

  composite({ dy, x, gain, residual, places }, attributes) {
    const { z, scale } = normalised(x, attributes)
    const slope = tf.mul(placed(dy, places), gain) // [row, channel]
    const along = tf.mul(z, tf.mean(tf.mul(slope, z), 1, true))
    const isLayer = attributes.kind === 'layer'
    const across = isLayer ? tf.sub(slope, tf.mean(slope, 1, true)) : slope
    const dx = tf.mul(tf.sub(across, along), scale)
    return { dx: residual ? tf.add(dx, residual) : dx }
  },

  shader({ inputs: { residual, places }, outputs, attributes }) {
    const { kind, epsilon } = attributes
    const [rows, width] = outputs.dx.shape
    const { type, count, sum } = lanesOf(width)
    const operands = ['dy', 'x', 'gain', residual && 'residual', 'dx'].filter(
      (name) => typeof name === 'string',
    )
    const bindings = [
      ...operands.map((operand) => {
        return { operand, access: operand === 'dx' ? 'read_write' : 'read', type } as const
      }),
      ...(places ? [{ operand: 'places', access: 'read', type: 'i32' } as const] : []),
    ]
    const residualAt = residual ? ' + residual[first + place]' : ''
    const means = `var sums = vec2f();
  for (var place = local; place < count; place += ${normInvocations}u) {
    let element = x[first + place];
    let slope = dy[second + place] * gain[place];
    sums += vec2f(${sum('element')}, ${sum('slope')});
  }
  let means = total(sums, local) / width;`
    const withoutGradient = `if (places[group] < 0) {
    for (var place = local; place < count; place += ${normInvocations}u) {
      dx[first + place] = ${type}()${residualAt};
    }
    return;
  }`
    const code = `${declare(bindings)}${constants({ count, width: float(width), epsilon: float(epsilon) })}
${reduction('total', 'vec2f', normInvocations, 'one + other')}
${main(
  normInvocations,
  rows,
  `  let first = group * count;
  ${places ? withoutGradient : ''}
  let second = ${places ? 'u32(places[group])' : 'group'} * count;
  ${kind === 'layer' ? means : 'let means = vec2f();'}
  var products = vec2f();
  for (var place = local; place < count; place += ${normInvocations}u) {
    let centred = x[first + place] - means.x;
    let slope = dy[second + place] * gain[place];
    products += vec2f(${sum('(centred * centred)')}, ${sum('(centred * slope)')});
  }
  let variance = total(products, local) / width; // and the mean of slope · centred
  let scale = inverseSqrt(variance.x + epsilon);
  for (var place = local; place < count; place += ${normInvocations}u) {
    let z = (x[first + place] - means.x) * scale;
    let slope = dy[second + place] * gain[place];
    dx[first + place] = (slope - means.y - z * (variance.y * scale)) * scale${residualAt};
  }`,
)}`
    return { code, bindings, groups: spread(rows) }
  },

  simd({ inputs: { dy, x, gain, residual, places }, outputs: { dx }, attributes }, at, module) {
    const { kind, epsilon } = attributes
    const [rows, width] = dx.shape
    const isRms = kind === 'rms' ? 1 : 0
    module.normGradient(
      at(dy),
      at(x),
      at(gain),
      at(residual),
      at(places),
      at(dx),
      rows,
      width,
      epsilon,
      isRms,
    )
  },
}

/** Rows of dy where `places` wants them, zeros where it is negative. */
function placed(dy: tf.Tensor, places: tf.Tensor | null | undefined): tf.Tensor {
  if (!places) return dy
  const numbers = tf.cast(places, 'float32') // as floats: tfjs on wasm aborts over comparisons of integers
  const isThere = tf.clipByValue(tf.add(numbers, 1), 0, 1) // 1 where there is a place, 0 where it is -1 [row]
  const found = tf.gather(dy, tf.cast(tf.relu(numbers), 'int32')) // [row, channel]
  return tf.mul(found, tf.expandDims(isThere, 1))
}
