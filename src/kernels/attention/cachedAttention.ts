/**
 * Causal attention of some new positions of some texts, each against all its own positions before them, whose keys and values
 * lie in the texts' caches, one slot each: generation. Rows of the texts lie one after the other, in the order of the slots.
 * `spans` says for each slot at which position its new rows begin and how many there are; a slot without rows is left alone,
 * and rows behind the last text's pad the shape: they give zeros and leave no trace. The new positions' own keys and values
 * are put into the cache in the same dispatch, where nobody reads them yet: rows of one call read each other's from qkv.
 *
 * A row's result does not depend, to the last bit, on which rows are computed with it, its own text's or others': it walks
 * over its text's positions in one order, and a key that it rotates is rotated by the same instructions that the cache's were.
 * So a text may be checked in one call that was written in many, and several may be written in one.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import type { ProgramBuilder, Value } from '../program'
import { constants, declare, main, reduction, spread } from '../wgsl/text'
import { type CacheOperands, checkCache, findText, intoSlot, rowsOfSlot } from './cache'
import { blocksOf, checkHeads, type HeadShape, joinHeads, rotate, splitHeads, spreadOverGroup } from './heads'
import { unseen } from './tiles'
import { headOperand, ropeOperand, rotatedQkv, scaleText, unitOf, unitsOf } from './units'

export type CachedAttentionOperands = CacheOperands & {
  readonly qkv: Value // [row, (heads + 2 keyValueHeads) headWidth]
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

  outputs({ qkv, cache, spans, rope }, shape) {
    checkHeads(qkv, rope, shape)
    checkCache(cache, spans, shape)
    return { out: { shape: [qkv.shape[0], shape.heads * shape.headWidth], type: 'float32' }, cache }
  },

  inPlace: { cache: 'cache' },

  composite({ qkv, cache, spans, rope }, { heads, keyValueHeads, headWidth }) {
    const [rows] = qkv.shape
    const [slots, , capacity] = cache.shape
    const [q, k, v] = tf.split(splitHeads(qkv, 1, headWidth), [heads, keyValueHeads, keyValueHeads], 1)
    let out: tf.Tensor = tf.zeros([rows, heads * headWidth])
    const filled: tf.Tensor[] = []
    for (let slot = 0; slot < slots; slot++) {
      const own = rowsOfSlot(slot, rows, spans, rope)
      const slotCache = intoSlot(slot, cache, k, v, own) // [2, capacity, ..]
      filled.push(slotCache)
      const [keys, values] = tf.split(slotCache, 2, 0).map((half) => {
        const split = splitHeads(tf.squeeze(half, [0]), 1, headWidth) // [1, keyValueHeads, capacity, channel]
        return spreadOverGroup(split, heads)
      })
      const scaled = tf.mul(rotate(q, own.rotation), 1 / Math.sqrt(headWidth))
      const isHidden = tf.greater(tf.range(0, capacity, 1, 'int32'), tf.expandDims(own.positions, 1)) // [row, capacity]
      const scores = tf.add(tf.matMul(scaled, keys, false, true), tf.mul(tf.cast(isHidden, 'float32'), -1e9))
      const attended = joinHeads(tf.matMul(tf.softmax(scores), values)) // [row, heads headWidth]
      out = tf.where(tf.expandDims(own.isRow, 1), attended, out)
    }
    return { out, cache: tf.stack(filled) }
  },

  shader({ inputs, outputs, attributes: shape }) {
    const { heads, keyValueHeads } = shape
    const units = unitsOf(shape, inputs.rope != null)
    const { type, count } = units
    const [slots, , capacity] = inputs.cache.shape
    const groups = outputs.out.shape[0] * heads
    const teams = Math.floor(invocations / count)
    const bindings = [
      headOperand('qkv', units),
      ...ropeOperand(units),
      headOperand('cache', units, 'read_write'),
      { operand: 'spans', access: 'read', type: 'i32' } as const,
      headOperand('out', units, 'read_write'),
    ]
    const cached = (half: string, position: string, unit: string) =>
      `cache[(((2u * slot + ${half}) * capacity + ${position}) * ${keyValueHeads}u + keyHead) * units + ${unit}]`
    const code = `${declare(bindings)}${constants({ heads, units: count, slots, capacity })}
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
${findText('ownRow')}
  if (slot == slots) {
    for (var unit = local; unit < units; unit += ${invocations}u) { out[group * units + unit] = ${type}(); }
    return;
  }
  let first = u32(spans[2u * slot]);
  let own = first + ownRow - begin;
  for (var unit = local; unit < units; unit += ${invocations}u) {
    query[unit] = scale * rotatedQkv(ownRow, head, unit, own);
  }
  workgroupBarrier();

  let unit = local % units;
  let team = local / units; // each team of invocations adds up its share of the positions
  var largest = ${unseen};
  var sum = 0.0;
  var channels = ${type}();
  for (var start = 0u; start <= own; start += ${invocations}u) {
    let position = start + local;
    var score = ${unseen};
    if (position <= own) {
      score = 0.0;
      for (var unit = 0u; unit < units; unit++) {
        var key: ${type};
        if (position < first) {
          key = ${cached('0u', 'position', 'unit')};
        } else {
          key = rotatedQkv(begin + position - first, heads + keyHead, unit, position);
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
    let end = min(start + ${invocations}u, own + 1u);
    for (var position = start + team; team < ${teams}u && position < end; position += ${teams}u) {
      var value: ${type};
      if (position < first) {
        value = ${cached('1u', 'position', 'unit')};
      } else {
        let row = begin + position - first;
        let block = heads + ${keyValueHeads}u + keyHead;
        value = ${unitOf('qkv', blocksOf(shape), units)};
      }
      if (keeps && position == own) { ${cached('1u', 'position', 'unit')} = value; }
      channels += factors[position - start] * value;
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

  simd({ inputs: { qkv, spans, rope }, outputs: { out, cache }, attributes }, at, module) {
    const { heads, keyValueHeads, headWidth } = attributes
    const [rows] = out.shape
    const [slots, , capacity] = cache.shape
    const sizes = [rows, capacity, heads, keyValueHeads, headWidth] as const
    const scratch = at.scratch(module.cachedAttentionScratchBytes(...sizes))
    module.cachedAttention(at(qkv), at(rope), at(cache), at(spans), at(out), slots, ...sizes, scratch)
  },
}
