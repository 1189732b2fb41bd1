/**
 * A LLaMA in many shards, as large models come: narrow and random, but with a vocabulary whose embedding takes several pieces.
 * What is counted is what the real one is bound by: bytes that lie between the files and the machine, and how often each is
 * read.
 */
import { describe, expect, it } from 'vitest'
import { sizeOfShape } from '../../kernels/value'
import { random } from '../../lib/rng'
import { findModel } from '../../model/checkpoint/openModel'
import { parseConfig } from '../../model/config'
import { tokenizer } from '../../model/fixtures/folders'
import { encodeSafetensors, type Tensor } from '../../model/safetensors'
import { fileAtHand } from '../../model/source/atHand'
import type { ModelSource } from '../../model/source/source'
import { weightSlots } from '../../model/weights'
import { loadFound } from '../loadModel'
import { keepingMachine } from './testing'

const config = {
  model_type: 'llama',
  vocab_size: 40_000,
  max_position_embeddings: 32,
  hidden_size: 64,
  intermediate_size: 172,
  num_hidden_layers: 6,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  tie_word_embeddings: false,
}
const mebibyte = 2 ** 20

const tensors = new Map<string, Tensor>(
  weightSlots(parseConfig(config))
    .flatMap((slot) => slot.tensors)
    .map(({ name, shape }) => {
      const { next } = random(5, name)
      const data = Float32Array.from({ length: sizeOfShape(shape) }, () => next() - 0.5)
      return [name.startsWith('lm_head') ? name : `model.${name}`, { shape, data }]
    }),
)
const whole = new Map([['model.safetensors', encodeSafetensors(tensors)]])

/** Tensors go round: those that the engine stacks lie in different files. */
function inShards(count: number): Map<string, Uint8Array> {
  const nameOf = (shard: number) => `model-${String(shard + 1).padStart(5, '0')}-of-${count}.safetensors`
  const names = [...tensors.keys()]
  const files = new Map<string, Uint8Array>()
  for (let shard = 0; shard < count; shard++) {
    const own = names.filter((_, place) => place % count === shard)
    files.set(nameOf(shard), encodeSafetensors(new Map(own.map((name) => [name, tensors.get(name)!]))))
  }
  const map = Object.fromEntries(names.map((name, place) => [name, nameOf(place % count)]))
  const index = new TextEncoder().encode(JSON.stringify({ metadata: {}, weight_map: map }))
  return files.set('model.safetensors.index.json', index)
}

/** Counts what is read of weights' files. */
function counting(files: ReadonlyMap<string, Uint8Array>) {
  const json = (value: object) => new TextEncoder().encode(JSON.stringify(value))
  const all = new Map([
    ...files,
    ['config.json', json(config)],
    ['tokenizer.json', json(tokenizer as object)],
  ])
  const counted = { bytes: 0, largest: 0, total: 0 }
  const source: ModelSource = {
    name: 'narrow',
    isListed: true,
    has: async (name) => all.has(name),
    async open(name) {
      const bytes = all.get(name)!
      const isWeights = name.endsWith('.safetensors')
      if (isWeights) counted.total += bytes.length
      const read = async (begin: number, end: number) => {
        if (isWeights) counted.bytes += end - begin
        if (isWeights) counted.largest = Math.max(counted.largest, end - begin)
        return bytes.slice(begin, end)
      }
      return fileAtHand(name, { size: bytes.length, read })
    },
  }
  return { source, counted }
}

async function load(files: ReadonlyMap<string, Uint8Array>) {
  const { source, counted } = counting(files)
  let written = 0
  let mostBetween = 0
  const machine = keepingMachine({
    onWrite(name, _, rows) {
      mostBetween = Math.max(mostBetween, counted.bytes - headers - written)
      written += 4 * rows * (machine.rooms().get(name)!.shape[1] ?? 1)
    },
  })
  const found = await findModel(source, null)
  const headers = counted.bytes
  const model = await loadFound(found, machine, { precision: 'nf4' })
  const fromFiles = written - 4 * sizeOfShape(machine.rooms().get('rope')!.shape)
  return { machine, model, counted, headers, mostBetween, fromFiles }
}

describe('a large LLaMA', () => {
  it('in 17 shards has, as NF4, the bits that it has from one file, and the hash of its shards', async () => {
    const one = await load(whole)
    const many = await load(inShards(17))
    expect([...many.machine.rooms()]).toEqual([...one.machine.rooms()])
    expect(many.machine.rooms().get('h.3.gateUp')?.format).toBe('nf4')
    for (const [name, numbers] of many.machine.numbers())
      expect(
        Buffer.compare(Buffer.from(numbers.buffer), Buffer.from(one.machine.numbers().get(name)!.buffer)),
        name,
      ).toBe(0)
    expect([...many.machine.numbers().values()].flatMap((numbers) => [...numbers]).some(Number.isNaN)).toBe(
      false,
    )
    expect(many.model.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(many.model.hash).not.toBe(one.model.hash)
  })

  it.each([
    ['one file', whole],
    ['17 shards', inShards(17)],
  ])(
    'in %s is read once, and hardly more than three pieces lie between it and the machine',
    async (_, files) => {
      const { counted, headers, mostBetween, fromFiles } = await load(files)
      expect(counted.bytes - headers).toBe(counted.total) // hashed as it is read: the headers come once more
      expect(fromFiles).toBeLessThan(counted.total)
      expect(counted.largest).toBeLessThanOrEqual(4 * mebibyte)
      // Two pieces that were read and the one that is decoded; the embedding alone has ten megabytes.
      expect(mostBetween).toBeLessThanOrEqual(12.1 * mebibyte)
      expect(tensors.get('model.embed_tokens.weight')!.data.byteLength).toBeGreaterThan(9.7 * mebibyte)
    },
  )
})
