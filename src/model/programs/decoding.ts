/**
 * The next rows of one text, against a cache of keys and values: generation. The number of rows is fixed per program and
 * the rest is padding, so that one program serves prompts in chunks, single tokens, and the check of several drafted ones.
 * Every kernel computes a row alike however many stand beside it, so checking k tokens at once gives the same bits as
 * reading them one by one.
 *
 * States: `cache.{block}` [2, capacity, key-value width], and `parameters` where there is an adapter. Inputs: `ids` and
 * `positionIds` [rows], `span` [2] (first position, rows that are real), `rowIndex` [wanted]. Result `logits` [wanted,
 * vocabulary].
 */
import { cachedAttention } from '../../kernels/attention/cachedAttention'
import { type Program, ProgramBuilder } from '../../kernels/program'
import type { AdapterLayout } from '../lora'
import { type Attend, blockOutput, blockTrace } from './block'
import { countedRows, embedded, logitsOf } from './forward'
import { type ModelShape, modelValues } from './values'

export interface DecodingShape {
  /** Rows read at once. */
  readonly rows: number
  /** Rows whose logits are wanted. */
  readonly wanted: number
  /** Positions that the cache holds. */
  readonly capacity: number
}

export function decodingProgram(
  shape: ModelShape,
  { rows, wanted, capacity }: DecodingShape,
  layout: AdapterLayout | null,
): Program {
  const p = new ProgramBuilder()
  const model = modelValues(p, shape, layout && { layout, learns: { a: false, b: false } })
  const { layers, heads, keyValueHeads, headWidth } = model.config
  const span = p.input('span', [2], 'int32')
  const attend: Attend = (qkv, block) => {
    const cache = p.state(`cache.${block}`, [2, capacity, keyValueHeads * headWidth])
    const { out } = cachedAttention(
      p,
      { qkv, cache, span, rope: model.rope },
      { heads, keyValueHeads, headWidth },
    )
    return { out, logSumExp: null }
  }
  let x = embedded(p, model, rows)
  for (let block = 0; block < layers; block++)
    x = blockOutput(p, model, block, blockTrace(p, model, block, x, attend)).y
  const hidden = countedRows(p, model, x, wanted)
  p.result('logits', logitsOf(p, model, hidden))
  return p.build(`decoding ${rows}`, { exact: true })
}
