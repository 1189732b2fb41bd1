/**
 * Writes a random model as a Hugging Face directory: `npx tsx bench/checkpoint.ts --shape S2 --out DIR` gives a model of the
 * size of GPT-2 small (0.5 GB) that has learned nothing, S3 one of the size of Qwen3-0.6B (1.2 GB). The same shape always
 * gives the same bytes.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { parseFlags, text, UsageError } from '../src/cli/flags'
import { checkpointFiles } from './files'
import { shapeName } from './plan'
import { shapes } from './shapes'
import { randomWeights } from './weights'

const flags = z.object({ shape: shapeName, out: text })

async function writeCheckpoint(args: readonly string[]): Promise<void> {
  const { shape: name, out } = parseFlags(flags, args)
  const shape = shapes[name]
  const { config, tokenizer, tokenizerSettings, weights } = checkpointFiles(shape, randomWeights(shape))
  await mkdir(out, { recursive: true })
  const json = (file: string, value: object) =>
    writeFile(join(out, file), `${JSON.stringify(value, null, 1)}\n`)
  await Promise.all([
    json('config.json', config),
    json('tokenizer.json', tokenizer),
    json('tokenizer_config.json', tokenizerSettings),
    writeFile(join(out, 'model.safetensors'), weights),
  ])
  console.log(`${out}: ${name}, ${(weights.length / 1e6).toFixed(1)} MB of random weights.`)
}

try {
  await writeCheckpoint(process.argv.slice(2))
} catch (problem) {
  if (!(problem instanceof UsageError)) throw problem
  console.error(`${problem.message}\nUsage: npx tsx bench/checkpoint.ts --shape S0|C1|S1|S2|S3 --out DIR`)
  process.exitCode = 2
}
