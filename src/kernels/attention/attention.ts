/**
 * Causal attention over whole sequences: softmax(Q Kᵀ / sqrt(channels per head)) V, each position looking back only. It
 * reads queries, keys and values where one linear layer left them, side by side in the rows of `qkv`, and rotates queries
 * and keys as it loads them where the model has rotary positions.
 *
 * The probabilities [time, time] never exist: a workgroup keeps 32 queries of a head, walks over the keys up to them 32 at
 * a time, and corrects its sums whenever a larger score turns up. It keeps log Σ exp(score) of each query, from which the
 * backward pass makes the probabilities again (attentionGradient.ts).
 * Source: Vaswani et al., arXiv 1706.03762; Dao et al., FlashAttention, arXiv 2205.14135, algorithm 1.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import type { ProgramBuilder, Value } from '../program'
import { declare, main, spread } from '../wgsl/text'
import { type AttentionShape, blocksOf, causalMask, checkHeads, joinHeads, splitQkv } from './heads'
import * as tiles from './tiles'
import {
  headOperand,
  quadReader,
  quadWriter,
  ropeOperand,
  rotatedQkv,
  scaleText,
  unitOf,
  unitsOf,
} from './units'

export type AttentionOperands = {
  readonly qkv: Value // [batch time, (heads + 2 keyValueHeads) headWidth]
  /** Cosines and sines of each position (heads.ts). */
  readonly rope?: Value | null // [context, headWidth]
}

export function attention(
  program: ProgramBuilder,
  operands: AttentionOperands,
  shape: AttentionShape,
): AttentionResults {
  return program.call(attentionKernel, operands, shape)
}

export type AttentionResults = {
  readonly out: Value // [batch time, heads headWidth]
  readonly logSumExp: Value // [batch time, heads]
}

export const attentionKernel: Kernel<AttentionOperands, AttentionResults, AttentionShape> = {
  name: 'attention',

  outputs({ qkv, rope }, shape) {
    checkHeads(qkv, rope, shape)
    const rows = shape.batch * shape.time
    return {
      out: { shape: [rows, shape.heads * shape.headWidth], type: 'float32' },
      logSumExp: { shape: [rows, shape.heads], type: 'float32' },
    }
  },

  composite({ qkv, rope }, shape) {
    const { q, k, v } = splitQkv(qkv, rope, shape)
    const scaled = tf.mul(q, 1 / Math.sqrt(shape.headWidth))
    const scores = tf.add(tf.matMul(scaled, k, false, true), causalMask(shape.time)) // [batch, head, time, time]
    const largest = tf.max(scores, 3, true)
    const exponentials = tf.exp(tf.sub(scores, largest))
    const sums = tf.sum(exponentials, 3, true) // [batch, head, time, 1]
    return {
      out: joinHeads(tf.matMul(tf.div(exponentials, sums), v)),
      logSumExp: joinHeads(tf.add(largest, tf.log(sums))),
    }
  },

  shader({ inputs, attributes: shape }) {
    const { batch, heads, keyValueHeads } = shape
    const units = unitsOf(shape, inputs.rope != null)
    const groups = tiles.tilesOf(shape) * batch * heads
    const bindings = [
      headOperand('qkv', units),
      ...ropeOperand(units),
      headOperand('out', units, 'read_write'),
      { operand: 'logSumExp', access: 'read_write', type: 'f32' } as const,
    ]
    const queries: tiles.QuadText = (line, quad) => `rotated(sequence, head, firstQuery + ${line}, ${quad})`
    const keys: tiles.QuadText = (line, quad) => `rotated(sequence, keyBlock, firstKey + ${line}, ${quad})`
    const values: tiles.QuadText = (line, quad) => `plain(sequence, valueBlock, firstKey + ${line}, ${quad})`
    const code = `${declare(bindings)}${tiles.tileFunctions(shape)}
const scale = ${scaleText(shape)};
${rotatedQkv(shape, units)}
${quadReader('rotated', units, 'rotatedQkv(row, block, unit, position)')}
${quadReader('plain', units, unitOf('qkv', blocksOf(shape), units))}
${quadWriter('writeOut', 'out', heads, units)}
${main(
  tiles.tileInvocations,
  groups,
  `  let tile = ${tiles.tilesOf(shape) - 1}u - group / ${batch * heads}u; // those with most keys first
  let head = group % heads;
  let sequence = group / heads % ${batch}u;
  let keyBlock = heads + head / ${heads / keyValueHeads}u;
  let valueBlock = keyBlock + ${keyValueHeads}u;
  let row = local / 8u;
  let column = local % 8u;
  let firstQuery = ${tiles.tileSide}u * tile;
  let queries = vec4u(firstQuery + row) + vec4u(0u, 8u, 16u, 24u);
  var largest = vec4f(${tiles.unseen});
  var sums = vec4f();
  ${tiles.declareSums('out', shape)}
  for (var firstKey = 0u; firstKey <= firstQuery; firstKey += ${tiles.tileSide}u) {
    ${tiles.products('scores', queries, keys)}
    let keys = vec4u(firstKey + column) + vec4u(0u, 8u, 16u, 24u);
    ${tiles.eachLine((n) => `scores[${n}] = select(vec4f(${tiles.unseen}), scale * scores[${n}], keys <= vec4u(queries[${n}]));`)}
    let found = ${tiles.ofLines((n) => `max(max(scores[${n}].x, scores[${n}].y), max(scores[${n}].z, scores[${n}].w))`)};
    let larger = max(largest, largestOfRow(found, row, local));
    let shrink = exp(largest - larger);
    largest = larger;
    ${tiles.eachLine((n) => `scores[${n}] = exp(scores[${n}] - larger[${n}]);`)}
    sums = sums * shrink + ${tiles.ofLines((n) => `dot(scores[${n}], vec4f(1.0))`)};
    factorsPut(row, column, scores);
    ${tiles.eachSlice(shape, (slice) => tiles.eachLine((n) => `out${slice}[${n}] *= shrink[${n}];`))}
    ${tiles.addPartners('out', 'factors', values, shape)}
  }
  sums = sumOfRow(sums, row, local);
  ${tiles.writeSums('out', 'writeOut', 'head', 'firstQuery', shape, (four, line) => `${four} / sums[${line}]`)}
  if (column == 0u) {
    for (var line = 0u; line < 4u; line++) {
      if (queries[line] < time) {
        logSumExp[(sequence * time + queries[line]) * heads + head] = largest[line] + log(sums[line]);
      }
    }
  }`,
)}`
    return { code, bindings, groups: spread(groups) }
  },

  simd({ inputs: { qkv, rope }, outputs: { out, logSumExp }, attributes }, at, module) {
    const { batch, time, heads, keyValueHeads, headWidth } = attributes
    const sizes = [time, heads, keyValueHeads, headWidth] as const
    const scratch = at.scratch(module.attentionScratchBytes(batch, ...sizes))
    const operands = [at(qkv), at(rope), at(out), at(logSumExp)] as const
    module.attention(...operands, 0, batch * keyValueHeads, ...sizes, scratch)
  },
}
