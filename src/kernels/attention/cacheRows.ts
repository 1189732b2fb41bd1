/**
 * Puts the keys and values of some rows of some texts into the texts' caches, and attends to nothing: what a layer that a
 * token skips must still remember of it, so that later tokens find it there. Rows and spans are those of cachedAttention.ts,
 * and so are the bits that a cache then holds.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel'
import type { ProgramBuilder, Value } from '../program'
import { constants, declare, elementGroups, elementwise } from '../wgsl/text'
import { type CacheOperands, checkCache, findText, intoSlot, rowsOfSlot } from './cache'
import { checkHeads, type HeadShape, splitHeads } from './heads'
import { headOperand, ropeOperand, rotatedQkv, unitOf, unitsOf } from './units'

export type CacheRowsOperands = CacheOperands & {
  /** Keys, not rotated, then values; no queries. */
  readonly qkv: Value // [row, 2 keyValueHeads headWidth]
}

/** Rows without queries. */
export type KeyValueShape = Omit<HeadShape, 'heads'>

/** Overwrites the cache, which has no other result. */
export function cacheRows(
  program: ProgramBuilder,
  operands: CacheRowsOperands,
  shape: KeyValueShape,
): { readonly cache: Value } {
  return program.call(cacheRowsKernel, operands, shape)
}

const withoutQueries = (shape: KeyValueShape): HeadShape => ({ ...shape, heads: 0 })

export const cacheRowsKernel: Kernel<CacheRowsOperands, { readonly cache: Value }, KeyValueShape> = {
  name: 'cacheRows',

  outputs({ qkv, cache, spans, rope }, shape) {
    checkHeads(qkv, rope, withoutQueries(shape))
    checkCache(cache, spans, withoutQueries(shape))
    return { cache }
  },

  inPlace: { cache: 'cache' },

  composite({ qkv, cache, spans, rope }, { headWidth }) {
    const [rows] = qkv.shape
    const [slots] = cache.shape
    const [keys, values] = tf.split(splitHeads(qkv, 1, headWidth), 2, 1)
    const filled = Array.from({ length: slots }, (_, slot) =>
      intoSlot(slot, cache, keys, values, rowsOfSlot(slot, rows, spans, rope)),
    )
    return { cache: tf.stack(filled) }
  },

  shader({ inputs, attributes: shape }) {
    const { keyValueHeads } = shape
    const units = unitsOf(withoutQueries(shape), inputs.rope != null)
    const [slots, , capacity] = inputs.cache.shape
    const blocks = 2 * keyValueHeads
    const count = inputs.qkv.shape[0] * blocks * units.count
    const bindings = [
      headOperand('qkv', units),
      ...ropeOperand(units),
      headOperand('cache', units, 'read_write'),
      { operand: 'spans', access: 'read', type: 'i32' } as const,
    ]
    const code = `${declare(bindings)}${constants({ slots, capacity })}
${rotatedQkv(withoutQueries(shape), units)}
${elementwise(
  count,
  `  let unit = index % ${units.count}u;
  let block = index / ${units.count}u % ${blocks}u;
  let row = index / ${blocks * units.count}u;
${findText('row')}
  if (slot == slots) { return; }
  let position = u32(spans[2u * slot]) + row - begin;
  let half = block / ${keyValueHeads}u;
  let place = (((2u * slot + half) * capacity + position) * ${keyValueHeads}u + block % ${keyValueHeads}u) * ${units.count}u + unit;
  if (half == 0u) {
    cache[place] = rotatedQkv(row, block, unit, position);
  } else {
    cache[place] = ${unitOf('qkv', blocks, units)};
  }`,
)}`
    return { code, bindings, groups: elementGroups(count) }
  },

  simd({ inputs: { qkv, spans, rope }, outputs: { cache }, attributes }, at, module) {
    const { keyValueHeads, headWidth } = attributes
    const [rows] = qkv.shape
    const [slots, , capacity] = cache.shape
    const sizes = [slots, rows, capacity, keyValueHeads, headWidth] as const
    module.cacheRows(at(qkv), at(rope), at(cache), at(spans), ...sizes)
  },
}
