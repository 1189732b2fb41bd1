/**
 * `eval`: the mean loss of a text file, token by token (of examples: of their answers), of the base, with an adapter, or by several
 * adapters together. One line of JSON.
 */
import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { forcedThrough } from '../lab/reasoning/ensembles/forced'
import { openNodes } from '../lab/reasoning/room/nodes'
import { type Adapter, atScale } from '../model/adapter'
import { concatenated, configOfAll } from '../model/concatenation'
import { usualWish } from '../reasoning/usual'
import { evaluationBatches } from '../training/batches'
import { evaluate } from '../training/evaluate'
import { findDirectory } from '../training/headless'
import { countedTokens, type Row } from '../training/rows'
import { readAdapter } from './adapterFiles'
import {
  backend,
  counting,
  depth,
  list,
  notNegative,
  onOff,
  parseFlags,
  precision,
  repeated,
  requireWindow,
  text,
  UsageError,
} from './flags'
import { printLine } from './output'
import { readText } from './textFiles'
import { readWeights } from './weights'

const flags = z.object({
  model: text,
  adapter: repeated(text),
  weights: list.optional(),
  mode: z.enum(['alone', 'ensemble', 'mixture'], 'must be alone, ensemble or mixture').default('alone'),
  leastWeight: notNegative.default(usualWish.leastWeight),
  text,
  column: text.optional(),
  seq: counting.default(64),
  perToken: onOff,
  depth,
  backend,
  precision,
})
type Flags = z.output<typeof flags>

export const usage =
  'eval --model DIR [--adapter DIR]… --text FILE [--column NAME] --seq T [--mode alone|ensemble|mixture] [--weights W,…] [--least-weight W] [--per-token] [--depth N] [--backend wasm|cpu|webgpu] [--precision float32|float16|int8|nf4]'

export async function evaluateText(args: readonly string[]): Promise<void> {
  const wish = parseFlags(flags, args)
  const corpus = await readText(wish.text, wish)
  const { config, tokenizer, load } = await findDirectory(
    wish.model,
    wish.backend,
    wish.precision,
    wish.depth,
    availableParallelism(),
  )
  requireWindow(wish.seq, config)
  const adapters = await Promise.all(wish.adapter.map((directory) => readAdapter(directory, config)))
  if (wish.mode === 'alone' && adapters.length > 1)
    throw new UsageError('Several adapters need --mode ensemble or --mode mixture.')
  if (wish.mode !== 'alone' && adapters.length < 2)
    throw new UsageError(`--mode ${wish.mode} needs several adapters. Give --adapter DIR for each.`)
  const rows = corpus.rowsOf(tokenizer, wish.seq)
  if (rows.length === 0) throw new UsageError(`${wish.text} is too short: there is no token to predict.`)
  if (wish.mode === 'ensemble') return printLine(await byEnsemble(wish, adapters, rows))

  const model = await load()
  const adapter = wish.mode === 'mixture' ? mixtureOf(wish, adapters) : (adapters[0] ?? null)
  const batches = evaluationBatches(rows, config.contextLength, true)
  const { loss, tokens, perToken } = await evaluate(model, adapter, batches)
  printLine({
    loss,
    perplexity: Math.exp(loss),
    tokens,
    backend: model.backend,
    ...(wish.perToken ? { perTokenNll: perToken } : {}),
  })
}

/** All adapters in one, each with its weight; even ones where none are given. */
function mixtureOf({ weights }: Flags, adapters: readonly Adapter[]): Adapter {
  const given = readWeights(weights, adapters.length) ?? adapters.map(() => 1 / adapters.length)
  const parts = adapters.map(({ tensors, config }, index) => ({
    tensors,
    scale: config.alpha / config.rank,
    weight: given[index],
  }))
  return { config: configOfAll(adapters.map(({ config }) => config)), tensors: concatenated(parts, 1) }
}

async function byEnsemble(wish: Flags, adapters: readonly Adapter[], rows: readonly Row[]) {
  if (rows.some(({ skips }) => skips))
    throw new UsageError('An ensemble reads running text or prompts with one answer, no conversations.')
  const [{ config }] = adapters
  const own = adapters.map((adapter) => atScale(adapter, config.alpha / config.rank))
  const nodes = await openNodes({
    ...wish,
    count: own.length,
    caps: new Map(),
    own,
    merged: null,
    millisecondsPerLayer: 1,
  })
  const members = nodes.map(({ sessions, ownAdapter = null }) => ({ sessions, adapter: ownAdapter }))
  const weights = readWeights(wish.weights, adapters.length)
  const { losses, byMember, questions } = await forcedThrough(members, rows, { ...wish, weights })
  const mean = (numbers: readonly number[]) =>
    numbers.reduce((sum, number) => sum + number, 0) / numbers.length
  const tokens = rows.reduce((sum, row) => sum + countedTokens(row), 0)
  const loss = mean(losses)
  return {
    loss,
    perplexity: Math.exp(loss),
    tokens,
    backend: nodes[0].backend,
    byAdapter: byMember.map(mean),
    /** Of the questions that asking everybody for every token would have taken. */
    asked: questions / (losses.length * (members.length - 1)),
    ...(wish.perToken ? { perTokenNll: losses } : {}),
  }
}
