/**
 * Causal attention of some new positions of one sequence against all positions before them, whose keys and values lie in a
 * cache: generation. `span` says at which position the new rows begin and how many of them count; the rest pads the shape,
 * gives zeros and leaves no trace. The new positions' own keys and values are put into the cache in the same dispatch, where
 * nobody reads them yet: rows of one call read each other's from qkv.
 *
 * A row's result does not depend, to the last bit, on which rows are computed with it: it walks over positions in one order,
 * and a key that it rotates is rotated by the same instructions that the cache's were. So a text may be checked in one call
 * that was written in many.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import type { ProgramBuilder, Value } from '../program'
import { constants, declare, main, reduction, spread } from '../wgsl/text'
import {
  blocksOf,
  checkHeads,
  type HeadShape,
  joinHeads,
  rotate,
  rotationAt,
  splitHeads,
  spreadOverGroup,
} from './heads'
import { unseen } from './tiles'
import { headOperand, ropeOperand, rotatedQkv, scaleText, unitOf, unitsOf } from './units'

export type CachedAttentionOperands = {
  readonly qkv: Value // [row, (heads + 2 keyValueHeads) headWidth]
  /** Rotated keys, then values, of all positions. Overwritten in place. */
  readonly cache: Value // [2, capacity, keyValueHeads headWidth]
  /** The position of the first row, and how many rows count. */
  readonly span: Value // [2] int32
  readonly rope?: Value | null // [context, headWidth]
}

export type CachedAttentionResults = {
  readonly out: Value // [row, heads headWidth]
  readonly cache: Value // as before
}

export function cachedAttention(
  program: ProgramBuilder,
  operands: CachedAttentionOperands,
  shape: HeadShape,
): CachedAttentionResults {
  return program.call(cachedAttentionKernel, operands, shape)
}

/** Invocations per row and head, and positions that are looked at together. */
const invocations = 128

export const cachedAttentionKernel: Kernel<CachedAttentionOperands, CachedAttentionResults, HeadShape> = {
  name: 'cachedAttention',

  outputs({ qkv, cache, rope }, shape) {
    checkHeads(qkv, rope, shape)
    return { out: { shape: [qkv.shape[0], shape.heads * shape.headWidth], type: 'float32' }, cache }
  },

  inPlace: { cache: 'cache' },

  composite({ qkv, cache, span, rope }, { heads, keyValueHeads, headWidth }) {
    const [rows] = qkv.shape
    const [, capacity] = cache.shape
    const [first, count] = tf.split(span as tf.Tensor1D, 2) // each [1]
    const order = tf.range(0, rows, 1, 'int32')
    const counts = tf.less(order, count) // [row]
    const positions = tf.mul(tf.add(order, first), tf.cast(counts, 'int32')) as tf.Tensor1D // [row]

    const rotation = rotationAt(rope, positions)
    const [q, k, v] = tf.split(splitHeads(qkv, 1, headWidth), [heads, keyValueHeads, keyValueHeads], 1)
    const fresh = tf.stack([joinHeads(rotate(k, rotation)), joinHeads(v)]) // [2, row, keyValueHeads headWidth]
    const isRow = tf.expandDims(tf.cast(counts, 'float32'), 1) // [row, 1]
    const placement = tf.mul(tf.cast(tf.oneHot(positions, capacity, 1, 0, 'int32'), 'float32'), isRow) // [row, capacity]
    const kept = tf.sub(1, tf.expandDims(tf.sum(placement, 0), 1)) // [capacity, 1]
    const spreadPlacement = tf.tile(tf.expandDims(tf.transpose(placement), 0), [2, 1, 1])
    const filled = tf.add(tf.mul(cache, kept), tf.matMul(spreadPlacement, fresh)) // [2, capacity, ..]

    const [keys, values] = tf.split(filled, 2, 0).map((half) => {
      const split = splitHeads(tf.squeeze(half, [0]), 1, headWidth) // [1, keyValueHeads, capacity, channel]
      return spreadOverGroup(split, heads)
    })
    const scaled = tf.mul(rotate(q, rotation), 1 / Math.sqrt(headWidth))
    const isHidden = tf.greater(tf.range(0, capacity, 1, 'int32'), tf.expandDims(positions, 1)) // [row, capacity]
    const scores = tf.add(tf.matMul(scaled, keys, false, true), tf.mul(tf.cast(isHidden, 'float32'), -1e9))
    const out = joinHeads(tf.matMul(tf.softmax(scores), values)) // [row, heads headWidth]
    return { out: tf.mul(out, isRow), cache: filled }
  },

  shader({ inputs, outputs, attributes: shape }) {
    const { heads, keyValueHeads } = shape
    const units = unitsOf(shape, inputs.rope != null)
    const { type, count } = units
    const [, capacity] = inputs.cache.shape
    const groups = outputs.out.shape[0] * heads
    const teams = Math.floor(invocations / count)
    const bindings = [
      headOperand('qkv', units),
      ...ropeOperand(units),
      headOperand('cache', units, 'read_write'),
      { operand: 'span', access: 'read', type: 'i32' } as const,
      headOperand('out', units, 'read_write'),
    ]
    const cached = (half: string, position: string, unit: string) =>
      `cache[((${half} * capacity + ${position}) * ${keyValueHeads}u + keyHead) * units + ${unit}]`
    const code = `${declare(bindings)}${constants({ heads, units: count, capacity })}
const scale = ${scaleText(shape)};
var<workgroup> query: array<${type}, ${count}>;
var<workgroup> factors: array<f32, ${invocations}>;
var<workgroup> shares: array<${type}, ${invocations}>;
${reduction('largestOf', 'f32', invocations, 'max(one, other)')}
${reduction('total', 'f32', invocations, 'one + other')}
${rotatedQkv(shape, units)}
${main(
  invocations,
  groups,
  `  let ownRow = group / heads;
  let head = group % heads;
  let keyHead = head / ${heads / keyValueHeads}u;
  let keeps = head % ${heads / keyValueHeads}u == 0u; // of the heads that share a key, one puts it into the cache
  let first = u32(span[0]);
  let own = first + ownRow;
  if (ownRow >= u32(span[1])) {
    for (var unit = local; unit < units; unit += ${invocations}u) { out[group * units + unit] = ${type}(); }
    return;
  }
  for (var unit = local; unit < units; unit += ${invocations}u) {
    query[unit] = scale * rotatedQkv(ownRow, head, unit, own);
  }
  workgroupBarrier();

  let unit = local % units;
  let team = local / units; // each team of invocations adds up its share of the positions
  var largest = ${unseen};
  var sum = 0.0;
  var channels = ${type}();
  for (var begin = 0u; begin <= own; begin += ${invocations}u) {
    let position = begin + local;
    var score = ${unseen};
    if (position <= own) {
      score = 0.0;
      for (var unit = 0u; unit < units; unit++) {
        var key: ${type};
        if (position < first) {
          key = ${cached('0u', 'position', 'unit')};
        } else {
          key = rotatedQkv(position - first, heads + keyHead, unit, position);
        }
        if (keeps && position == own) { ${cached('0u', 'position', 'unit')} = key; }
        score += ${units.sum('(query[unit] * key)')};
      }
    }
    let larger = max(largest, largestOf(score, local));
    let shrink = exp(largest - larger);
    let factor = exp(score - larger);
    largest = larger;
    sum = sum * shrink + factor;
    channels *= shrink;
    factors[local] = factor;
    workgroupBarrier();
    let end = min(begin + ${invocations}u, own + 1u);
    for (var position = begin + team; team < ${teams}u && position < end; position += ${teams}u) {
      var value: ${type};
      if (position < first) {
        value = ${cached('1u', 'position', 'unit')};
      } else {
        let row = position - first;
        let block = heads + ${keyValueHeads}u + keyHead;
        value = ${unitOf('qkv', blocksOf(shape), units)};
      }
      if (keeps && position == own) { ${cached('1u', 'position', 'unit')} = value; }
      channels += factors[position - begin] * value;
    }
  }
  sum = total(sum, local);
  shares[local] = channels;
  workgroupBarrier();
  if (team == 0u) {
    for (var other = 1u; other < ${teams}u; other++) { channels += shares[other * units + unit]; }
    out[group * units + unit] = channels / sum;
  }`,
)}`
    return { code, bindings, groups: spread(groups) }
  },

  simd({ inputs: { qkv, span, rope }, outputs: { out, cache }, attributes }, at, module) {
    const { heads, keyValueHeads, headWidth } = attributes
    const [rows] = out.shape
    const [, capacity] = cache.shape
    const sizes = [rows, capacity, heads, keyValueHeads, headWidth] as const
    const scratch = at.scratch(module.cachedAttentionScratchBytes(...sizes))
    module.cachedAttention(at(qkv), at(rope), at(cache), at(span), at(out), ...sizes, scratch)
  },
}
