/**
 * `finetune`: LoRA steps over a text file. Running text is one stream of tokens, cut into windows of T predictions; of tables
 * and JSON the answers are learned. A line of JSON per step, the adapter as a PEFT directory at the end.
 */
import { resolve } from 'node:path'
import { z } from 'zod'
import { adapterHash } from '../model/adapter'
import { initialAdapter, targetsOf } from '../model/lora'
import { sequentialBatches, shuffledBatches } from '../training/batches'
import { loadDirectory } from '../training/headless'
import { train } from '../training/train'
import { readAdapter, writeAdapter } from './adapterFiles'
import { backend, counting, list, parseFlags, positive, precision, text, UsageError, whole } from './flags'
import { printLine } from './output'
import { readText } from './textFiles'

const flags = z.object({
  model: text,
  text,
  steps: counting,
  rank: counting.default(8),
  alpha: positive.default(16),
  targets: list.optional(),
  lr: positive.default(1e-3),
  batch: counting.default(8),
  seq: counting.default(64),
  seed: whole.default(0),
  initAdapter: text.optional(),
  order: z.enum(['sequential', 'shuffled'], 'must be sequential or shuffled').default('shuffled'),
  backend,
  precision,
  out: text,
})

export const usage =
  'finetune --model DIR --text FILE --steps N --rank R --alpha A --targets LIST --lr X --batch B --seq T --seed S ' +
  '[--init-adapter DIR] [--order sequential|shuffled] [--backend wasm|cpu|webgpu] [--precision float32|float16|int8|nf4] --out DIR'

export async function finetune(args: readonly string[]): Promise<void> {
  const wish = parseFlags(flags, args)
  const corpus = await readText(wish.text)
  const given = wish.initAdapter === undefined ? null : await readAdapter(wish.initAdapter)
  const model = await loadDirectory(wish.model, wish.backend, wish.precision)
  const { contextLength, family } = model.config
  const targets = wish.targets ?? targetsOf(family)
  if (wish.seq > contextLength)
    throw new UsageError(`--seq ${wish.seq} is longer than the model's ${contextLength} positions. Lower it.`)

  const rows = corpus
    .rowsOf(model.tokenizer, wish.seq)
    .filter(({ tokens }) => !corpus.isStream || tokens.length === wish.seq + 1)
  if (rows.length === 0)
    throw new UsageError(`${wish.text} is too short for one window of ${wish.seq} tokens. Lower --seq.`)
  const batches =
    wish.order === 'sequential'
      ? sequentialBatches(rows, wish.batch, wish.seq)
      : shuffledBatches(rows, wish.batch, contextLength, wish.seed)

  const trained = await train({
    model,
    adapter: given ?? initialAdapter(model.config, { ...wish, targets }, wish.seed),
    batches,
    steps: wish.steps,
    learningRate: wish.lr,
    onStep: ({ step, loss }) => printLine({ step, loss }),
  })
  await writeAdapter(wish.out, trained.adapter, resolve(wish.model))
  printLine({
    adapterHash: adapterHash(trained.adapter),
    steps: wish.steps,
    tokensPerSecond: trained.tokens / trained.seconds,
    backend: model.backend,
  })
}
