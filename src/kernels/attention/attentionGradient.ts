/**
 * The backward pass of attention, in two kernels over one matrix dQkv: the gradient of the queries, for which a workgroup
 * keeps 32 queries and walks over the keys they see, and that of keys and values, for which it keeps 32 keys and walks over
 * the queries that see them, of all heads that share the keys. Two walks, so that nobody adds to what another workgroup
 * adds to: no atomics, and the same bits each time. With P the probabilities, made again from scores and log Σ exp,
 *   dV = Pᵀ dO,  dP = dO Vᵀ,  dS = P (dP - rowDots),  dQ = dS K / sqrt(channels),  dK = dSᵀ Q / sqrt(channels),
 * where rowDots = Σ dO O of each query and head, which the first kernel leaves for the second.
 *
 * On a CPU one walk does both: the SIMD form of the first kernel fills all of dQkv (and no rowDots), and that of the second
 * has nothing left to do.
 * Source: Dao et al., FlashAttention, arXiv 2205.14135, appendix B.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel, Tensors } from '../kernel'
import type { ProgramBuilder, Value } from '../program'
import { declare, main, spread } from '../wgsl/text'
import {
  type AttentionShape,
  blocksOf,
  causalMask,
  checkHeads,
  joinHeads,
  rotate,
  splitHeads,
  splitQkv,
  sumOverGroup,
} from './heads'
import * as tiles from './tiles'
import {
  headOperand,
  quadReader,
  quadWriter,
  ropeOperand,
  rotateBack,
  rotatedQkv,
  scaleText,
  type Units,
  unitOf,
  unitsOf,
} from './units'

export type QueryGradientOperands = {
  readonly dOut: Value // [batch time, heads headWidth]
  readonly qkv: Value // [batch time, (heads + 2 keyValueHeads) headWidth]
  readonly out: Value // [batch time, heads headWidth]
  readonly logSumExp: Value // [batch time, heads]
  readonly rope?: Value | null // [context, headWidth]
}

export type KeyValueGradientOperands = {
  readonly dOut: Value // [batch time, heads headWidth]
  readonly qkv: Value // [batch time, (heads + 2 keyValueHeads) headWidth]
  readonly logSumExp: Value // [batch time, heads]
  readonly rope?: Value | null // [context, headWidth]
  readonly rowDots: Value // [batch time, heads]
  /** Holds the gradient of the queries. */
  readonly dQkv: Value // as qkv
}

export type QueryGradientResults = {
  readonly dQkv: Value // as qkv
  readonly rowDots: Value // [batch time, heads]
}

/** Writes the columns of the queries in dQkv. */
export function attentionQueryGradient(
  program: ProgramBuilder,
  operands: QueryGradientOperands,
  shape: AttentionShape,
): QueryGradientResults {
  return program.call(attentionQueryGradientKernel, operands, shape)
}

/** Writes the columns of keys and values, in place. */
export function attentionKeyValueGradient(
  program: ProgramBuilder,
  operands: KeyValueGradientOperands,
  shape: AttentionShape,
): Value {
  return program.call(attentionKeyValueGradientKernel, operands, shape).dQkv
}

export const attentionQueryGradientKernel: Kernel<
  QueryGradientOperands,
  QueryGradientResults,
  AttentionShape
> = {
  name: 'attentionQueryGradient',

  outputs({ qkv, logSumExp, rope }, shape) {
    checkHeads(qkv, rope, shape)
    return { dQkv: qkv, rowDots: logSumExp }
  },

  composite(inputs, shape) {
    const { batch, headWidth, heads, keyValueHeads, time } = shape
    const dots = tf.sum(
      tf.mul(splitHeads(inputs.dOut, batch, headWidth), splitHeads(inputs.out, batch, headWidth)),
      3,
      true,
    )
    const { dScores, k, rotation } = recompute(inputs, dots, shape)
    const dQ = joinHeads(rotate(tf.matMul(dScores, k), rotation, true)) // [batch time, heads headWidth]
    const rest = tf.zeros([batch * time, 2 * keyValueHeads * headWidth])
    return { dQkv: tf.concat([dQ, rest], 1), rowDots: tf.reshape(joinHeads(dots), [batch * time, heads]) }
  },

  shader({ inputs, attributes: shape }) {
    const units = unitsOf(shape, inputs.rope != null)
    const { heads, keyValueHeads } = shape
    const groups = tiles.tilesOf(shape) * shape.batch * heads
    const bindings = [
      headOperand('dOut', units),
      headOperand('qkv', units),
      headOperand('out', units),
      { operand: 'logSumExp', access: 'read', type: 'f32' } as const,
      ...ropeOperand(units),
      headOperand('dQkv', units, 'read_write'),
      { operand: 'rowDots', access: 'read_write', type: 'f32' } as const,
    ]
    const code = `${declare(bindings)}${functions(shape, units)}
${quadReader('readOut', units, unitOf('out', heads, units))}
${main(
  tiles.tileInvocations,
  groups,
  `  let tile = ${tiles.tilesOf(shape) - 1}u - group / ${shape.batch * heads}u; // those with most keys first
  let head = group % heads;
  let sequence = group / heads % ${shape.batch}u;
  let keyBlock = heads + head / ${heads / keyValueHeads}u;
  let valueBlock = keyBlock + ${keyValueHeads}u;
  let row = local / 8u;
  let column = local % 8u;
  let firstQuery = ${tiles.tileSide}u * tile;
  let queries = vec4u(firstQuery + row) + vec4u(0u, 8u, 16u, 24u);
  var dots = vec4f();
  for (var quad = column; quad < headQuads; quad += 8u) {
    dots += ${tiles.ofLines((n) => `dot(readDOut(sequence, head, queries[${n}], quad), readOut(sequence, head, queries[${n}], quad))`)};
  }
  dots = sumOfRow(dots, row, local);
  if (column == 0u) {
    for (var line = 0u; line < 4u; line++) {
      if (queries[line] < time) { rowDots[(sequence * time + queries[line]) * heads + head] = dots[line]; }
    }
  }
  let logSums = ${ofPositions('logSumExp', 'queries')};
  ${tiles.declareSums('dQ', shape)}
  for (var firstKey = 0u; firstKey <= firstQuery; firstKey += ${tiles.tileSide}u) {
    let keys = vec4u(firstKey + column) + vec4u(0u, 8u, 16u, 24u);
    ${tiles.products('scores', quads('rotated', 'head', 'firstQuery'), quads('rotated', 'keyBlock', 'firstKey'))}
    ${tiles.products('pulls', quads('readDOut', 'head', 'firstQuery'), quads('plain', 'valueBlock', 'firstKey'))}
    ${tiles.eachLine(
      (n) => `let p${n} = probabilities(scores[${n}], vec4f(logSums[${n}]), keys <= vec4u(queries[${n}]));
    pulls[${n}] = scale * p${n} * (pulls[${n}] - dots[${n}]);`,
    )}
    factorsPut(row, column, pulls);
    ${tiles.addPartners('dQ', 'factors', quads('rotated', 'keyBlock', 'firstKey'), shape)}
  }
  ${tiles.writeSums('dQ', 'writeDQkv', 'head', 'firstQuery', shape)}
  ${rotateBack('head', 'firstQuery', tiles.tileSide, tiles.tileInvocations, shape, units)}`,
)}`
    return { code, bindings, groups: spread(groups) }
  },

  simd({ inputs, outputs, attributes }, at, module) {
    const { batch, time, heads, keyValueHeads, headWidth } = attributes
    const { dOut, qkv, rope, out, logSumExp } = inputs
    const sizes = [time, heads, keyValueHeads, headWidth] as const
    const scratch = at.scratch(module.attentionGradientScratchBytes(batch, ...sizes))
    const kept = [at(dOut), at(qkv), at(rope), at(out), at(logSumExp)] as const
    module.attentionGradient(...kept, at(outputs.dQkv), 0, batch * keyValueHeads, ...sizes, scratch)
  },
}

export const attentionKeyValueGradientKernel: Kernel<
  KeyValueGradientOperands,
  { readonly dQkv: Value },
  AttentionShape
> = {
  name: 'attentionKeyValueGradient',

  outputs({ dQkv }) {
    return { dQkv }
  },

  inPlace: { dQkv: 'dQkv' },

  composite(inputs, shape) {
    const { batch, time, heads, keyValueHeads, headWidth } = shape
    const dots = splitHeads(inputs.rowDots, batch, 1) // [batch, head, time, 1]
    const { p, dScores, q, dO, rotation } = recompute(inputs, dots, shape)
    const dK = rotate(sumOverGroup(tf.matMul(dScores, q, true, false), keyValueHeads), rotation, true)
    const dV = sumOverGroup(tf.matMul(p, dO, true, false), keyValueHeads)
    const dQ = tf.slice2d(inputs.dQkv as tf.Tensor2D, [0, 0], [batch * time, heads * headWidth])
    return { dQkv: tf.concat([dQ, joinHeads(dK), joinHeads(dV)], 1) }
  },

  shader({ inputs, attributes: shape }) {
    const units = unitsOf(shape, inputs.rope != null)
    const { heads, keyValueHeads } = shape
    const groups = tiles.tilesOf(shape) * shape.batch * keyValueHeads
    const bindings = [
      headOperand('dOut', units),
      headOperand('qkv', units),
      { operand: 'logSumExp', access: 'read', type: 'f32' } as const,
      { operand: 'rowDots', access: 'read', type: 'f32' } as const,
      ...ropeOperand(units),
      headOperand('dQkv', units, 'read_write'),
    ]
    const code = `${declare(bindings)}${functions(shape, units)}
${main(
  tiles.tileInvocations,
  groups,
  `  let tile = group / ${shape.batch * keyValueHeads}u; // those with most queries come first
  let keyBlock = heads + group % ${keyValueHeads}u;
  let valueBlock = keyBlock + ${keyValueHeads}u;
  let sequence = group / ${keyValueHeads}u % ${shape.batch}u;
  let row = local / 8u;
  let column = local % 8u;
  let firstKey = ${tiles.tileSide}u * tile;
  let keys = vec4u(firstKey + row) + vec4u(0u, 8u, 16u, 24u);
  ${tiles.declareSums('dK', shape)}
  ${tiles.declareSums('dV', shape)}
  for (var member = 0u; member < ${heads / keyValueHeads}u; member++) {
    let head = (keyBlock - heads) * ${heads / keyValueHeads}u + member;
    for (var firstQuery = firstKey; firstQuery < time; firstQuery += ${tiles.tileSide}u) {
      let queries = vec4u(firstQuery + column) + vec4u(0u, 8u, 16u, 24u);
      let logSums = ${ofPositions('logSumExp', 'queries')};
      let dots = ${ofPositions('rowDots', 'queries')};
      let isThere = queries < vec4u(time);
      ${tiles.products('scores', quads('rotated', 'keyBlock', 'firstKey'), quads('rotated', 'head', 'firstQuery'))}
      ${tiles.products('pulls', quads('plain', 'valueBlock', 'firstKey'), quads('readDOut', 'head', 'firstQuery'))}
      ${tiles.eachLine(
        (n) => `scores[${n}] = probabilities(scores[${n}], logSums, isThere & (vec4u(keys[${n}]) <= queries));
      pulls[${n}] = scale * scores[${n}] * (pulls[${n}] - dots);`,
      )}
      factorsPut(row, column, scores);
      leftPut(row, column, pulls);
      ${tiles.addPartners('dV', 'factors', quads('readDOut', 'head', 'firstQuery'), shape)}
      ${tiles.addPartners('dK', 'left', quads('rotated', 'head', 'firstQuery'), shape)}
    }
  }
  ${tiles.writeSums('dK', 'writeDQkv', 'keyBlock', 'firstKey', shape)}
  ${tiles.writeSums('dV', 'writeDQkv', 'valueBlock', 'firstKey', shape)}
  ${rotateBack('keyBlock', 'firstKey', tiles.tileSide, tiles.tileInvocations, shape, units)}`,
)}`
    return { code, bindings, groups: spread(groups) }
  },

  simd() {},
}

/** What both composites need: everything [batch, head, time, ..], and the rotation to undo. */
function recompute(
  inputs: Pick<Tensors<KeyValueGradientOperands>, 'dOut' | 'qkv' | 'logSumExp' | 'rope'>,
  dots: tf.Tensor,
  shape: AttentionShape,
) {
  const { batch, time, headWidth } = shape
  const { q, k, v, rotation } = splitQkv(inputs.qkv, inputs.rope, shape)
  const scale = 1 / Math.sqrt(headWidth)
  const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), scale), causalMask(time))
  const p = tf.exp(tf.sub(scores, splitHeads(inputs.logSumExp, batch, 1))) // [batch, head, time, time]
  const dO = splitHeads(inputs.dOut, batch, headWidth)
  const dP = tf.matMul(dO, v, false, true)
  return { q, k, dO, p, dScores: tf.mul(tf.mul(p, tf.sub(dP, dots)), scale), rotation }
}

/** WGSL that both kernels need. */
const functions = (shape: AttentionShape, units: Units): string => `${tiles.tileFunctions(shape)}
const scale = ${scaleText(shape)};
fn probabilities(products: vec4f, logSums: vec4f, isSeen: vec4<bool>) -> vec4f {
  return select(vec4f(), exp(min(scale * products - logSums, vec4f())), isSeen);
}
${rotatedQkv(shape, units)}
${quadReader('rotated', units, 'rotatedQkv(row, block, unit, position)')}
${quadReader('plain', units, unitOf('qkv', blocksOf(shape), units))}
${quadReader('readDOut', units, unitOf('dOut', shape.heads, units))}
${quadWriter('writeDQkv', 'dQkv', blocksOf(shape), units)}`

/** Four numbers of a [batch time, heads] operand; those of the last position stand for positions beyond it. */
const ofPositions = (operand: string, positions: string): string =>
  tiles.ofLines((n) => `${operand}[(sequence * time + min(${positions}[${n}], time - 1u)) * heads + head]`)

const quads =
  (reader: string, block: string, first: string): tiles.QuadText =>
  (line, quad) =>
    `${reader}(sequence, ${block}, ${first} + ${line}, ${quad})`
