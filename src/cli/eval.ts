/** `eval`: the mean loss of a text file, token by token (of examples: of their answers), of the base or with an adapter. One line of JSON. */
import { z } from 'zod'
import { evaluationBatches } from '../training/batches'
import { evaluate } from '../training/evaluate'
import { findDirectory } from '../training/headless'
import { readAdapter } from './adapterFiles'
import { backend, counting, onOff, parseFlags, precision, requireWindow, text, UsageError } from './flags'
import { printLine } from './output'
import { readText } from './textFiles'

const flags = z.object({
  model: text,
  adapter: text.optional(),
  text,
  seq: counting.default(64),
  perToken: onOff,
  backend,
  precision,
})

export const usage =
  'eval --model DIR [--adapter DIR] --text FILE --seq T [--per-token] [--backend wasm|cpu|webgpu] [--precision float32|float16|int8|nf4]'

export async function evaluateText(args: readonly string[]): Promise<void> {
  const wish = parseFlags(flags, args)
  const corpus = await readText(wish.text)
  const { config, tokenizer, load } = await findDirectory(wish.model, wish.backend, wish.precision)
  requireWindow(wish.seq, config)
  const adapter = wish.adapter === undefined ? null : await readAdapter(wish.adapter, config)
  const rows = corpus.rowsOf(tokenizer, wish.seq)
  if (rows.length === 0) throw new UsageError(`${wish.text} is too short: there is no token to predict.`)
  const model = await load()
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
