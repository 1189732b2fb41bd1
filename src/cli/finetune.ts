/**
 * `finetune`: LoRA steps over a text file. Running text is one stream of tokens, cut into windows of T predictions; of tables
 * and JSON the answers are learned. A line of JSON per step, the adapter as a PEFT directory at the end.
 */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { Adapter } from '../model/adapter'
import { adapterHash } from '../model/adapter'
import type { ModelConfig } from '../model/config'
import { initialAdapter, targetsOf } from '../model/lora'
import { sequentialBatches, shuffledBatches } from '../training/batches'
import { findDirectory } from '../training/headless'
import { train } from '../training/train'
import { prepareAdapterDirectory, readAdapter, writeAdapter } from './adapterFiles'
import {
  backend,
  counting,
  depth,
  flagName,
  list,
  parseFlags,
  positive,
  precision,
  refusing,
  requireWindow,
  text,
  UsageError,
  whole,
} from './flags'
import { printLine } from './output'
import { readText } from './textFiles'

const flags = z.object({
  model: text,
  text,
  column: text.optional(),
  steps: counting,
  /** Of an adapter that is begun; one that is given has its own. */
  rank: counting.optional(),
  alpha: positive.optional(),
  targets: list.optional(),
  lr: positive.default(1e-3),
  batch: counting.default(8),
  seq: counting.default(64),
  seed: whole.default(0),
  depth,
  initAdapter: text.optional(),
  order: z.enum(['sequential', 'shuffled'], 'must be sequential or shuffled').default('shuffled'),
  backend,
  precision,
  out: text,
})

export const usage =
  'finetune --model DIR --text FILE [--column NAME] --steps N --rank R --alpha A --targets LIST --lr X --batch B --seq T --seed S ' +
  '[--depth N] [--init-adapter DIR] [--order sequential|shuffled] [--backend wasm|cpu|webgpu] [--precision float32|float16|int8|nf4] --out DIR'

export async function finetune(args: readonly string[]): Promise<void> {
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
  const adapter = await startOf(wish, config)
  const rows = corpus
    .rowsOf(tokenizer, wish.seq)
    .filter(({ tokens }) => !corpus.isStream || tokens.length === wish.seq + 1)
  if (rows.length === 0)
    throw new UsageError(`${wish.text} is too short for one window of ${wish.seq} tokens. Lower --seq.`)
  const batches =
    wish.order === 'sequential'
      ? sequentialBatches(rows, wish.batch, wish.seq)
      : shuffledBatches(rows, wish.batch, config.contextLength, wish.seed)
  await prepareAdapterDirectory(wish.out)
  const model = await load()

  const trained = await train({
    model,
    adapter,
    batches,
    steps: wish.steps,
    learningRate: wish.lr,
    onStep: ({ step, loss }) => printLine({ step, loss }),
  })
  await writeAdapter(wish.out, trained.adapter, resolve(wish.model), wish.depth)
  printLine({
    adapterHash: adapterHash(trained.adapter),
    steps: wish.steps,
    tokensPerSecond: trained.tokens / trained.seconds,
    backend: model.backend,
  })
}

type Wish = z.output<typeof flags>

const usual = { rank: 8, alpha: 16 }

/** What training begins with. Throws where flags ask for what the model or the given adapter has not. */
async function startOf(wish: Wish, model: ModelConfig): Promise<Adapter> {
  if (wish.initAdapter !== undefined) {
    const given = await readAdapter(wish.initAdapter, model)
    refuseContradiction(wish, given)
    return given
  }
  const { rank = usual.rank, alpha = usual.alpha, targets = targetsOf(model.family) } = wish
  return refusing(() => initialAdapter(model, { rank, alpha, targets }, wish.seed))
}

/** Flags beside `--init-adapter` may repeat what its adapter has, nothing else. */
function refuseContradiction(wish: Wish, { config }: Adapter): void {
  const asText = (value: number | readonly string[]) =>
    typeof value === 'number' ? String(value) : [...new Set(value)].sort().join(',')
  for (const name of ['rank', 'alpha', 'targets'] as const) {
    const said = wish[name]
    if (said !== undefined && asText(said) !== asText(config[name]))
      throw new UsageError(
        `${flagName(name)} ${said} contradicts --init-adapter ${wish.initAdapter}, whose ${name} is ${config[name]}. Leave ${flagName(name)} out, or start without --init-adapter.`,
      )
  }
}
