/**
 * Whole sequences through all blocks: from token ids to the hidden rows that the head reads. Training, evaluation and
 * probes share it. Rows of all sequences lie below each other, [batch time, width].
 *
 * The head reads only rows whose prediction counts: the last norm picks them out (`rowIndex`), and its gradient puts theirs
 * back into their places. Prompts and padding then cost nothing in the largest product of a small model.
 */
import { attention } from '../../kernels/attention/attention'
import { embed } from '../../kernels/layers/embed'
import { norm } from '../../kernels/layers/norm'
import { crossEntropy } from '../../kernels/loss/crossEntropy'
import { linear } from '../../kernels/products/linear'
import { linearGradient } from '../../kernels/products/linearGradient'
import { type ProgramBuilder, partAlignment, type Value } from '../../kernels/program'
import { type Attend, type BlockTrace, blockOutput, blockTrace } from './block'
import type { ModelValues } from './values'

export interface SequenceShape {
  readonly batch: number
  readonly time: number
  /** Rows that the head reads, padded to a bucket. */
  readonly counted: number
}

/** Ids and positions of all rows: the inputs `ids` and `positionIds` [batch time]. Ids may lie elsewhere. */
export function embedded(
  p: ProgramBuilder,
  model: ModelValues,
  rows: number,
  ids: Value = p.input('ids', [rows], 'int32'),
): Value {
  const positionIds = p.input('positionIds', [rows], 'int32')
  const [first, ...others] = model.tokens
  const { positions } = model
  let y = embed(p, { ids, positionIds, tokens: first.value, positions })
  for (const { value, firstRow } of others)
    y = embed(p, { ids, positionIds, tokens: value, into: y }, { firstRow })
  return y
}

/** Causal attention inside each sequence. */
export const sequenceAttention =
  (p: ProgramBuilder, model: ModelValues, { batch, time }: SequenceShape): Attend =>
  (qkv) => {
    const { heads, keyValueHeads, headWidth } = model.config
    return attention(p, { qkv, rope: model.rope }, { batch, time, heads, keyValueHeads, headWidth })
  }

export interface ForwardPass {
  /** The last block's output [batch time, width]. */
  readonly y: Value
  readonly traces: readonly BlockTrace[]
}

export function forward(p: ProgramBuilder, model: ModelValues, shape: SequenceShape): ForwardPass {
  const attend = sequenceAttention(p, model, shape)
  const traces: BlockTrace[] = []
  let x = embedded(p, model, shape.batch * shape.time)
  for (let block = 0; block < model.config.layers; block++) {
    const { y, trace } = blockOutput(p, model, block, blockTrace(p, model, block, x, attend))
    traces.push(trace)
    x = y
  }
  return { y: x, traces }
}

/** The rows that count, normalised: what the head multiplies [counted, width]. Input `rowIndex` [counted]. */
export function countedRows(p: ProgramBuilder, model: ModelValues, y: Value, counted: number): Value {
  const rowIndex = p.input('rowIndex', [counted], 'int32')
  return norm(p, { x: y, ...model.norm('final', 'finalNorm'), rowIndex }, model.normAttributes)
}

/** [rows, vocabulary], or with rows padded to `stride`; shard by shard where the head is cut. */
export function logitsOf(
  p: ProgramBuilder,
  model: ModelValues,
  x: Value,
  stride = model.config.vocabulary,
): Value {
  const plain = { scale: 0, segments: [], activation: 'none' } as const
  const [{ value: weight }, ...others] = model.head
  if (others.length === 0 && stride === model.config.vocabulary) return linear(p, { x, weight }, plain).y
  let into = p.room([x.shape[0], stride])
  for (const { value: weight, firstRow } of model.head)
    into = linear(p, { x, weight, into }, { ...plain, firstColumn: firstRow }).y
  return into
}

/** The logits of one chunk hold at most so many numbers: 32 MB. */
const chunkNumbers = 2 ** 23

/**
 * Cross-entropy of the counted rows, chunk by chunk, so that there is never a [counted, vocabulary] matrix of them all.
 * Since the head is frozen, the gradient of a chunk's rows is finished while its logits are at hand.
 * Inputs `targets` and `weights` [counted]. `losses` [counted] are unweighted; `dHidden` is that of Σ weight · loss.
 * Source: Wijmans et al., Cut Your Losses, arXiv 2411.09009.
 */
export function headLoss(
  p: ProgramBuilder,
  model: ModelValues,
  hidden: Value,
  wantsGradient: boolean,
): { readonly losses: Value; readonly dHidden: Value | null } {
  const [counted, width] = hidden.shape
  const targets = p.input('targets', [counted], 'int32')
  const weights = p.input('weights', [counted])
  const losses = p.room([counted])
  const dHidden = wantsGradient ? p.room([counted, width]) : null
  const { vocabulary } = model.config
  const step = chunkRows(vocabulary)
  for (let from = 0; from < counted; from += step) {
    const to = Math.min(counted, from + step)
    const part = (value: Value) => p.part(value, from, [to - from])
    const x = p.rows(hidden, from, to)
    const logits = logitsOf(p, model, x, paddedToFours(vocabulary))
    const { dLogits } = crossEntropy(
      p,
      { logits, targets: part(targets), weights: part(weights) },
      { vocabulary },
      { losses: part(losses) },
    )
    if (!dHidden) continue
    const dx = p.rows(dHidden, from, to)
    for (const { value: weight, firstRow } of model.head)
      linearGradient(
        p,
        { dy: dLogits, weight, into: firstRow > 0 ? dx : null },
        { activation: 'none', firstColumn: firstRow },
        firstRow > 0 ? {} : { dx },
      )
  }
  return { losses, dHidden }
}

/** So that a GPU reads rows four numbers at a time. */
const paddedToFours = (columns: number): number => 4 * Math.ceil(columns / 4)

/** Rows of the head at once: a multiple of what parts may begin with. */
const chunkRows = (vocabulary: number): number =>
  partAlignment * Math.max(1, Math.floor(chunkNumbers / vocabulary / partAlignment))
