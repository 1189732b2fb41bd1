/**
 * What layers remember of tokens that skip them (early exit): the keys and values that each would have computed, had the rows
 * reached it as they are. Later tokens look at them as at any others. No queries, no attention, nothing behind it: two of the
 * twelve matrices' worth of a GPT-2's layer. A row's bits are those that `decoding.ts` would have left.
 *
 * States and `spans` as in `decoding.ts`; input `hidden` [rows, width]. There is no result.
 * Source: Schuster et al., Confident Adaptive Language Modeling, arXiv 2207.07061, section 3.1 (state propagation).
 */
import { cacheRows } from '../../kernels/attention/cacheRows'
import { norm } from '../../kernels/layers/norm'
import { down } from '../../kernels/products/down'
import { linear } from '../../kernels/products/linear'
import { segmentsBehind } from '../../kernels/products/segments'
import { type Program, ProgramBuilder, type Value } from '../../kernels/program'
import type { AdapterLayout } from '../lora'
import type { Span } from '../stretch'
import { headsOf } from './block'
import { type CacheShape, cacheOperands } from './decoding'
import { type ModelShape, type ModelValues, modelValues } from './values'

export interface FillingShape extends CacheShape {
  readonly layers: Span
  readonly rows: number
}

export function fillingProgram(
  shape: ModelShape,
  { layers, rows, ...caches }: FillingShape,
  layout: AdapterLayout | null,
): Program {
  const p = new ProgramBuilder()
  const model = modelValues(p, shape, layout && { layout, learns: { a: false, b: false } })
  const x = p.input('hidden', [rows, model.config.width])
  for (let block = layers.from; block < layers.to; block++) {
    const n1 = norm(p, { x, ...model.norm(block, 'norm1') }, model.normAttributes)
    const qkv = headsOf(p, model, block, keysAndValues(p, model, block, n1), 0)
    cacheRows(p, { qkv, ...cacheOperands(p, model, block, caches) }, model.config)
  }
  return p.build(`filling ${rows}`, { exact: true })
}

/** The columns behind the queries of what the layer's first matrix and its adapters give [rows, 2 key-value width]. */
function keysAndValues(p: ProgramBuilder, model: ModelValues, block: number, x: Value): Value {
  const { heads, headWidth } = model.config
  const queries = heads * headWidth
  const { weight, bias } = model.linear(block, 'qkv')
  const columns = weight.shape[0]
  const factors = model.factors(block, 'qkv')
  const segments = segmentsBehind(factors?.segments ?? [], queries)
  const adapted = factors && segments.length > 0 ? { u: down(p, { x, a: factors.a }), b: factors.b } : {}
  const operands = {
    x,
    weight: p.rows(weight, queries, columns),
    bias: bias && p.part(bias, queries, [columns - queries]),
    ...adapted,
  }
  return linear(p, operands, { scale: model.scale, segments, activation: 'none' }).y
}
