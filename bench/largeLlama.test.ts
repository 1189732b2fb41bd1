import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { directorySource } from '../src/model/source/directory'
import { keepingMachine } from '../src/training/loading/testing'
import { loadModel } from '../src/training/loadModel'
import { llama7B, writeLargeLlama } from './largeLlama'

it('a checkpoint of LLaMA-7B’s kind, a narrow one, is written in a shard a layer and loads as NF4', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'gossamer-llama-'))
  try {
    const narrow = {
      ...llama7B,
      vocab_size: 9000,
      hidden_size: 32,
      intermediate_size: 88,
      num_attention_heads: 4,
    }
    const sides = { ...narrow, num_key_value_heads: 4, num_hidden_layers: 3, max_position_embeddings: 64 }
    const bytes = await writeLargeLlama(directory, sides)
    expect(bytes).toBeGreaterThan(2 * 2 * 9000 * 32)
    const shards = (await readdir(directory)).filter((name) => name.endsWith('.safetensors'))
    expect(shards).toHaveLength(4)
    const machine = keepingMachine()
    const model = await loadModel(directorySource(directory), machine, { precision: 'nf4' })
    expect(model.parameters).toBeGreaterThan(600_000)
    const numbers = machine.numbers().get('tokens')!
    expect(numbers).toHaveLength(9000 * 32)
    expect(numbers.some((number) => !Number.isFinite(number))).toBe(false)
    expect(Math.max(...numbers.subarray(-100))).toBeGreaterThan(0.1) // also beyond what was drawn
  } finally {
    await rm(directory, { recursive: true })
  }
})
