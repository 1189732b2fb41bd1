/** `generate`: a prompt's continuation by the base or with an adapter. One line of JSON. */
import { z } from 'zod'
import { generateText } from '../training/generateText'
import { findDirectory } from '../training/headless'
import { readAdapter } from './adapterFiles'
import {
  backend,
  counting,
  fraction,
  list,
  notNegative,
  parseFlags,
  precision,
  text,
  UsageError,
  whole,
} from './flags'
import { printLine } from './output'

const flags = z.object({
  model: text,
  adapter: text.optional(),
  prompt: text,
  tokens: counting.default(32),
  temperature: notNegative.default(0),
  seed: whole.default(0),
  topK: whole.default(0),
  topP: fraction.default(1),
  stop: list.optional(),
  backend,
  precision,
})

export const usage =
  'generate --model DIR [--adapter DIR] --prompt TEXT --tokens N --temperature X --seed S [--top-k K] [--top-p P] [--stop WORD,…] [--backend wasm|cpu|webgpu] [--precision float32|float16|int8|nf4]'

export async function generate(args: readonly string[]): Promise<void> {
  const wish = parseFlags(flags, args)
  const { config, tokenizer, load } = await findDirectory(wish.model, wish.backend, wish.precision)
  if (tokenizer.encode(wish.prompt).length === 0)
    throw new UsageError(
      `--prompt ${JSON.stringify(wish.prompt)} has no token. Give the model something to continue.`,
    )
  if (wish.topK > config.vocabulary)
    throw new UsageError(
      `--top-k ${wish.topK} is more than the model's ${config.vocabulary} tokens. Lower it.`,
    )
  const adapter = wish.adapter === undefined ? null : await readAdapter(wish.adapter, config)
  const model = await load()
  printLine({ ...(await generateText(model, adapter, wish)), backend: model.backend })
}
