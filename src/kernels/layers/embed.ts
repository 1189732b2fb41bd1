/**
 * The first layer: y[r] = tokens[ids[r]] + positions[positionIds[r]], rows looked up in two frozen tables. Models with
 * rotary positions have no second table. There is no gradient: nothing below learns.
 *
 * A vocabulary too large for one binding is cut into shards of rows. Each shard's line adds, in place, the rows of those
 * ids that lie in it; the first has no `into` and leaves zeros for the others. WebAssembly has no such limit, so the SIMD
 * form knows whole tables only.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import { type ProgramBuilder, sizeOf, type Value } from '../program'
import { dense, matrix } from '../wgsl/matrix'
import { constants, declare, elementGroups, elementwise } from '../wgsl/text'
import { weight } from '../wgsl/weights'

export type EmbedOperands = {
  readonly ids: Value // [row] int32
  readonly positionIds: Value // [row] int32
  /** Token rows `firstRow` and following. */
  readonly tokens: Value // [token, channel]
  readonly positions?: Value | null // [position, channel]
  /** What the rows are added to, in place. */
  readonly into?: Value | null // [row, channel]
}

export interface EmbedAttributes {
  readonly firstRow: number
}

export function embed(
  program: ProgramBuilder,
  operands: EmbedOperands,
  { firstRow }: EmbedAttributes = { firstRow: 0 },
): Value {
  return program.call(embedKernel, operands, { firstRow }).y // [row, channel]
}

export const embedKernel: Kernel<EmbedOperands, { readonly y: Value }, EmbedAttributes> = {
  name: 'embed',

  outputs({ ids, tokens }) {
    return { y: { shape: [sizeOf(ids), tokens.shape[1]], type: 'float32' } }
  },

  inPlace: { y: 'into' },

  composite({ ids, positionIds, tokens, positions, into }, { firstRow }) {
    const [shardRows] = tokens.shape
    const places = tf.sub(ids, tf.scalar(firstRow, 'int32')) // [row]
    const isHere = tf.logicalAnd(tf.greaterEqual(places, 0), tf.less(places, shardRows)) // [row]
    const found = tf.gather(tokens, tf.mul(places, tf.cast(isHere, 'int32'))) // [row, channel]
    let y = tf.mul(found, tf.expandDims(tf.cast(isHere, 'float32'), 1))
    if (positions) y = tf.add(y, tf.gather(positions, positionIds as tf.Tensor1D))
    return { y: into ? tf.add(into, y) : y }
  },

  shader({ inputs, outputs, attributes }) {
    const { firstRow } = attributes
    const { tokens, positions, into } = inputs
    const [rows, width] = outputs.y.shape
    const quads = Math.ceil(width / 4)
    const texts = [
      weight('tokens', tokens),
      ...(positions ? [weight('positions', positions)] : []),
      matrix('y', into ? 'read_write' : 'write', { y: dense(outputs.y) }),
    ]
    const bindings = [
      { operand: 'ids', access: 'read', type: 'i32' } as const,
      ...(positions ? [{ operand: 'positionIds', access: 'read', type: 'i32' } as const] : []),
      ...texts.flatMap(({ declarations }) => declarations),
    ]
    const code = `${declare(bindings)}${constants({ quads, shardRows: tokens.shape[0] })}
${texts.map(({ functions }) => functions).join('')}
${elementwise(
  rows * quads,
  `  let row = index / quads;
  let column = 4u * (index % quads);
  let place = ids[row] - ${firstRow};
  var sum = ${into ? 'readY(row, column)' : 'vec4f()'};
  if (place >= 0 && place < i32(shardRows)) { sum += readTokens(u32(place), column); }
  ${positions ? 'sum += readPositions(u32(positionIds[row]), column);' : ''}
  writeY(row, column, sum);`,
)}`
    return { code, bindings, groups: elementGroups(rows * quads) }
  },

  simd({ inputs, outputs, attributes }, at, module) {
    const { ids, positionIds, tokens, positions, into } = inputs
    if (attributes.firstRow > 0 || into)
      throw new RangeError(
        'On WebAssembly a vocabulary needs no shards: build the program with the whole table.',
      )
    const { y } = outputs
    module.embed(at(ids), at(positionIds), at(tokens), at(positions), at(y), y.shape[0], y.shape[1])
  },
}
