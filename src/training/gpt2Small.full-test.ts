/** A checkpoint of GPT-2-small's shape, random weights, made here and not stored: it loads, and learns a step on the CPU. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { checkpointFiles } from '../../bench/files'
import { shapes } from '../../bench/shapes'
import { randomWeights } from '../../bench/weights'
import { initialAdapter } from '../model/lora'
import { sequentialBatches } from './batches'
import { openOn } from './testing'
import { train } from './train'

const directory = mkdtempSync(join(tmpdir(), 'gossamer-gpt2-'))
afterAll(() => rmSync(directory, { recursive: true }))

it('a GPT-2 of 124 million parameters trains a step of one sequence of 64 tokens', async () => {
  const shape = shapes.S2
  const { config, tokenizer, weights } = checkpointFiles(shape, randomWeights(shape))
  writeFileSync(join(directory, 'config.json'), JSON.stringify(config))
  writeFileSync(join(directory, 'tokenizer.json'), JSON.stringify(tokenizer))
  writeFileSync(join(directory, 'model.safetensors'), weights)

  const model = await openOn('wasm', directory)
  expect(model.parameters).toBeGreaterThan(123_000_000)
  const adapter = initialAdapter(model.config, { rank: 8, alpha: 16, targets: ['c_attn'] }, 1)
  const tokens = Array.from({ length: 65 }, (_, place) => (977 * place) % model.config.vocabulary)
  const batches = sequentialBatches([{ tokens, countFrom: 1 }], 1, 64)
  const losses: number[] = []
  await train({
    model,
    adapter,
    batches,
    steps: 2,
    learningRate: 1e-2,
    onStep: ({ loss }) => losses.push(loss),
  })
  expect(losses[0]).toBeGreaterThan(5) // it knows nothing
  expect(losses[1]).toBeLessThan(losses[0])
})
