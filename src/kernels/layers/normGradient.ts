/**
 * The gradient of a normalisation's input. With g = dy · gain, z the normalised row and r what it was multiplied by,
 *   layer: dx = r (g - mean(g) - z mean(g z)),   rms: dx = r (g - z mean(g z)),
 * plus a residual: what came back past the normalisation. z and r are computed again from x, which is all that is kept.
 *
 * Where only some rows were normalised, `places[r]` says which row of dy belongs to row r of x; negative for none. Where the
 * norm took the heads of rows one by one, so does this: what comes back to values is passed on.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import type { ProgramBuilder, Value } from '../program'
import { constants, declare, float, lanesOf, main, reduction, spread } from '../wgsl/text'
import { type NormAttributes, normalised } from './norm'
import { checkSplit, findGain, gridOf, splitNormed } from './normHeads'

export type NormGradientOperands = {
  readonly dy: Value // [row or chosen, channel]
  readonly x: Value // [row, channel]
  readonly gain: Value // as in the norm
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

  outputs({ x, gain, residual, places }, { kind, heads }) {
    if (heads) checkSplit(x, gain, heads, kind === 'rms' && !residual && !places)
    return { dx: x }
  },

  composite({ dy, x, gain, residual, places }, attributes) {
    if (attributes.heads) {
      const { rowsOf, gains, withValuesOf } = splitNormed(gain, attributes.heads)
      const rows = rowsOf(x)
      return { dx: withValuesOf(dy, gradientOf(rowsOf(dy), rows, gains(rows.shape[0]), attributes)) }
    }
    const dx = gradientOf(placed(dy, places), x, gain, attributes)
    return { dx: residual ? tf.add(dx, residual) : dx }
  },

  shader({ inputs: { residual, places }, outputs, attributes }) {
    const { kind, epsilon, heads } = attributes
    const { groups, width, invocations } = gridOf(outputs.dx, heads)
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
  for (var place = local; place < count; place += ${invocations}u) {
    let element = x[first + place];
    let slope = dy[second + place] * gain[gainFirst + place];
    sums += vec2f(${sum('element')}, ${sum('slope')});
  }
  let means = total(sums, local) / width;`
    const withoutGradient = `if (places[group] < 0) {
    for (var place = local; place < count; place += ${invocations}u) {
      dx[first + place] = ${type}()${residualAt};
    }
    return;
  }`
    const code = `${declare(bindings)}${constants({ count, width: float(width), epsilon: float(epsilon) })}
${reduction('total', 'vec2f', invocations, 'one + other')}
${main(
  invocations,
  groups,
  `  let first = group * count;
  ${findGain(heads, invocations, 'dx[first + place] = dy[first + place];')}
  ${places ? withoutGradient : ''}
  let second = ${places ? 'u32(places[group])' : 'group'} * count;
  ${kind === 'layer' ? means : 'let means = vec2f();'}
  var products = vec2f();
  for (var place = local; place < count; place += ${invocations}u) {
    let centred = x[first + place] - means.x;
    let slope = dy[second + place] * gain[gainFirst + place];
    products += vec2f(${sum('(centred * centred)')}, ${sum('(centred * slope)')});
  }
  let variance = total(products, local) / width; // and the mean of slope · centred
  let scale = inverseSqrt(variance.x + epsilon);
  for (var place = local; place < count; place += ${invocations}u) {
    let z = (x[first + place] - means.x) * scale;
    let slope = dy[second + place] * gain[gainFirst + place];
    dx[first + place] = (slope - means.y - z * (variance.y * scale)) * scale${residualAt};
  }`,
)}`
    return { code, bindings, groups: spread(groups) }
  },

  simd({ inputs: { dy, x, gain, residual, places }, outputs: { dx }, attributes }, at, module) {
    const { kind, epsilon, heads: split } = attributes
    const [rows, width] = dx.shape
    if (split) {
      const { heads, keyValueHeads, headWidth } = split
      module.normOfHeadsGradient(
        at(dy),
        at(x),
        at(gain),
        at(dx),
        rows,
        heads,
        keyValueHeads,
        headWidth,
        epsilon,
      )
      return
    }
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

/** Without a residual; of each row its own dy. */
function gradientOf(
  dy: tf.Tensor, // [row, channel]
  x: tf.Tensor, // [row, channel]
  gain: tf.Tensor, // [channel], or [row, channel]
  attributes: NormAttributes,
): tf.Tensor {
  const { z, scale } = normalised(x, attributes)
  const slope = tf.mul(dy, gain) // [row, channel]
  const along = tf.mul(z, tf.mean(tf.mul(slope, z), 1, true))
  const isLayer = attributes.kind === 'layer'
  const across = isLayer ? tf.sub(slope, tf.mean(slope, 1, true)) : slope
  return tf.mul(tf.sub(across, along), scale)
}

/** Rows of dy where `places` wants them, zeros where it is negative. */
function placed(dy: tf.Tensor, places: tf.Tensor | null | undefined): tf.Tensor {
  if (!places) return dy
  const numbers = tf.cast(places, 'float32') // as floats: tfjs on wasm aborts over comparisons of integers
  const isThere = tf.clipByValue(tf.add(numbers, 1), 0, 1) // 1 where there is a place, 0 where it is -1 [row]
  const found = tf.gather(dy, tf.cast(tf.relu(numbers), 'int32')) // [row, channel]
  return tf.mul(found, tf.expandDims(isThere, 1))
}
