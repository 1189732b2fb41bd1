/**
 * Cross-entropy in nats of each row's logits against its target, and its gradient, written over the logits in the same
 * dispatch: losses = log Σ exp(logits) - logits[target], dLogits = weight (softmax(logits) - onehot(target)). The weight
 * says how much a row counts; a row of weight 0 has a loss all the same. The caller gives logits a chunk of rows at a time,
 * so that there is never a [row, vocabulary] matrix of a whole batch. Rows may be padded, so that a GPU reads them by fours:
 * what stands in the padding does not matter, and becomes zero.
 *
 * The largest logit is subtracted before anything is exponentiated; largest and sum are found in one reading.
 * Source: Milakov and Gimelshein, Online normalizer calculation for softmax, arXiv 1805.02867.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import { columnsOf } from '../products/composites'
import { type ProgramBuilder, sizeOf, type Value } from '../program'
import { declare, lanesOf, main, reduction, spread } from '../wgsl/text'

export type CrossEntropyOperands = {
  readonly logits: Value // [row, vocabulary or more]
  readonly targets: Value // [row] int32
  readonly weights: Value // [row]
}

export interface CrossEntropyAttributes {
  readonly vocabulary: number
}

export type CrossEntropyResults = {
  readonly dLogits: Value // as logits
  readonly losses: Value // [row]
}

/** `dLogits` takes the place of the logits. `into` may say where the losses are written to. */
export function crossEntropy(
  program: ProgramBuilder,
  operands: CrossEntropyOperands,
  attributes: CrossEntropyAttributes,
  into: { readonly losses?: Value } = {},
): CrossEntropyResults {
  return program.call(crossEntropyKernel, operands, attributes, into)
}

/** Stands for what padding holds; its exponential is zero. */
const unseen = '-1e38'

/** Invocations per row. */
const invocations = 256

export const crossEntropyKernel: Kernel<CrossEntropyOperands, CrossEntropyResults, CrossEntropyAttributes> = {
  name: 'crossEntropy',

  outputs({ logits, targets }) {
    return { dLogits: logits, losses: { shape: [sizeOf(targets)], type: 'float32' } }
  },

  inPlace: { dLogits: 'logits' },

  composite({ logits, targets, weights }, { vocabulary }) {
    const [, stride] = logits.shape
    const counted = columnsOf(logits, 0, vocabulary)
    const shifted = tf.sub(counted, tf.max(counted, 1, true)) // [row, vocabulary]
    const exponentials = tf.exp(shifted)
    const sums = tf.sum(exponentials, 1, true) // [row, 1]
    // As int32: on wasm, tfjs writes the bits of integers into a float32 one-hot.
    const target = tf.cast(tf.oneHot(targets as tf.Tensor1D, vocabulary, 1, 0, 'int32'), 'float32') // [row, vocabulary]
    const losses = tf.sub(tf.log(tf.squeeze(sums, [1])), tf.sum(tf.mul(shifted, target), 1)) // [row]
    const pull = tf.sub(tf.div(exponentials, sums), target)
    const dLogits = tf.mul(pull, tf.expandDims(weights, 1)) as tf.Tensor2D
    return {
      dLogits: tf.pad2d(dLogits, [
        [0, 0],
        [0, stride! - vocabulary],
      ]),
      losses,
    }
  },

  shader({ outputs, attributes: { vocabulary } }) {
    const [rows, stride] = outputs.dLogits.shape
    const { type, count, sum } = lanesOf(stride)
    const isVector = type === 'vec4f'
    const bindings = [
      { operand: 'dLogits', access: 'read_write', type },
      { operand: 'targets', access: 'read', type: 'i32' },
      { operand: 'weights', access: 'read', type: 'f32' },
      { operand: 'losses', access: 'read_write', type: 'f32' },
    ] as const
    const join =
      'vec2f(max(one.x, other.x), one.y * exp(min(one.x - other.x, 0.0)) + other.y * exp(min(other.x - one.x, 0.0)))'
    const largest = isVector ? 'max(max(logit.x, logit.y), max(logit.z, logit.w))' : 'logit'
    const seen = isVector
      ? `4u * place + vec4u(0u, 1u, 2u, 3u) < vec4u(${vocabulary}u)`
      : `place < ${vocabulary}u`
    const read =
      stride === vocabulary
        ? 'dLogits[first + place]'
        : `select(${type}(${unseen}), dLogits[first + place], ${seen})`
    const code = `${declare(bindings)}
// Of some logits: the largest, and the sum of the exponentials of what the others are below it.
${reduction('joined', 'vec2f', invocations, join)}
${main(
  invocations,
  rows,
  `  let first = group * ${count}u;
  var seen = vec2f(${unseen}, 0.0);
  for (var place = local; place < ${count}u; place += ${invocations}u) {
    let logit = ${read};
    let largest = max(seen.x, ${largest});
    let exponential = exp(logit - largest);
    seen = vec2f(largest, seen.y * exp(seen.x - largest) + ${sum('exponential')});
  }
  seen = joined(seen, local);
  let wanted = u32(targets[group]);
  let weight = weights[group];
  for (var place = local; place < ${count}u; place += ${invocations}u) {
    let below = ${read} - seen.x;
    var pull = exp(below) / seen.y;
    ${
      isVector
        ? `if (place == wanted / 4u) {
      losses[group] = log(seen.y) - below[wanted % 4u];
      pull[wanted % 4u] -= 1.0;
    }`
        : `if (place == wanted) {
      losses[group] = log(seen.y) - below;
      pull -= 1.0;
    }`
    }
    dLogits[first + place] = weight * pull;
  }`,
)}`
    return { code, bindings, groups: spread(rows) }
  },

  simd({ inputs: { targets, weights }, outputs: { dLogits, losses }, attributes }, at, module) {
    const [rows, stride] = dLogits.shape
    const { vocabulary } = attributes
    module.crossEntropy(at(dLogits), stride, at(targets), at(weights), at(losses), rows, vocabulary)
  },
}
