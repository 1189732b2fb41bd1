/**
 * The next rows of some texts, against caches of keys and values: generation. The number of rows is fixed per program and
 * the rest is padding, so that one program serves prompts in chunks, single tokens, and the check of several drafted ones.
 * Every kernel computes a row alike however many stand beside it, its own text's or another's, so checking k tokens at once
 * gives the same bits as reading them one by one. For the same reason a stretch of the layers can run by itself: what it reads
 * and gives are then the rows between two layers.
 *
 * States: `cache.{block}` [slots, 2, capacity, key-value width], and `parameters` where there is an adapter. Inputs: `ids` and
 * `positionIds` [rows], or `hidden` [rows, width]; `spans` [slots, 2] (of each text the first position, and how many rows are
 * its); `rowIndex` [wanted]. Result `logits` [wanted, vocabulary], or `hidden` [rows, width].
 */
import type { CacheOperands } from '../../kernels/attention/cache'
import { cachedAttention } from '../../kernels/attention/cachedAttention'
import { type Program, ProgramBuilder, type Value } from '../../kernels/program'
import type { AdapterLayout } from '../lora'
import type { Span, Stretch } from '../stretch'
import { type Attend, blockOutput, blockTrace } from './block'
import { countedRows, embedded, logitsOf } from './forward'
import { type ModelShape, type ModelValues, modelValues } from './values'

export interface CacheShape {
  /** Texts that there are caches for. */
  readonly slots: number
  /** Positions that each holds. */
  readonly capacity: number
}

export interface DecodingShape extends Stretch, CacheShape {
  /** Rows read at once. */
  readonly rows: number
  /** Rows whose logits are wanted; of rows for the next layer all are. */
  readonly wanted: number
}

export function decodingProgram(
  shape: ModelShape,
  { rows, wanted, layers, reads, gives, ...caches }: DecodingShape,
  layout: AdapterLayout | null,
): Program {
  const p = new ProgramBuilder()
  const model = modelValues(p, shape, layout && { layout, learns: { a: false, b: false } })
  const x = reads === 'ids' ? embedded(p, model, rows) : p.input('hidden', [rows, model.config.width])
  const y = throughLayers(p, model, x, { layers, ...caches })
  if (gives === 'hidden') p.result('hidden', y)
  else p.result('logits', logitsOf(p, model, countedRows(p, model, y, wanted)))
  return p.build(`decoding ${rows}`, { exact: true })
}

/** Rows [rows, width] through some layers, beside what their caches hold. */
export function throughLayers(
  p: ProgramBuilder,
  model: ModelValues,
  x: Value,
  { layers, ...caches }: CacheShape & { readonly layers: Span },
): Value {
  const { heads, keyValueHeads, headWidth } = model.config
  const attend: Attend = (qkv, block) => {
    const operands = { qkv, ...cacheOperands(p, model, block, caches) }
    const { out } = cachedAttention(p, operands, { heads, keyValueHeads, headWidth })
    return { out, logSumExp: null }
  }
  let y = x
  for (let block = layers.from; block < layers.to; block++)
    y = blockOutput(p, model, block, blockTrace(p, model, block, y, attend)).y
  return y
}

/** What kernels need to find the texts' caches of a layer. */
export function cacheOperands(
  p: ProgramBuilder,
  model: ModelValues,
  block: number,
  { slots, capacity }: CacheShape,
): CacheOperands {
  const { keyValueHeads, headWidth } = model.config
  return {
    cache: p.state(cacheName(block), [slots, 2, capacity, keyValueHeads * headWidth]),
    spans: p.input('spans', [slots, 2], 'int32'),
    rope: model.rope,
  }
}

export const cacheName = (block: number): string => `cache.${block}`
