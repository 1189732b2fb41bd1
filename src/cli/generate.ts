/** `generate`: a prompt's continuation by the base or with an adapter. One line of JSON. */
import { z } from 'zod'
import { generateText } from '../training/generateText'
import { loadDirectory } from '../training/headless'
import { readAdapter } from './adapterFiles'
import { backend, counting, fraction, list, notNegative, parseFlags, precision, text, whole } from './flags'
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
  const adapter = wish.adapter === undefined ? null : await readAdapter(wish.adapter)
  const model = await loadDirectory(wish.model, wish.backend, wish.precision)
  printLine({ ...(await generateText(model, adapter, wish)), backend: model.backend })
}
