import { readFileSync } from 'node:fs'
import { hexToBytes } from '@noble/hashes/utils.js'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../lib/hash'
import { ModelError, parseConfig } from '../config'
import { type Files, gpt2, gpt2Bytes, gpt2Json, source, tokenizer } from '../fixtures/folders'
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
  type Tensor,
  type TensorMap,
} from '../safetensors'
import { directorySource } from '../source/directory'
import { weightSlots } from '../weights'
import { findModel } from './openModel'

const llamaJson = {
  model_type: 'llama',
  vocab_size: 64,
  max_position_embeddings: 16,
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 4,
}

const qwen2Json = { ...llamaJson, model_type: 'qwen2', tie_word_embeddings: true }
const qwen3Json = { ...qwen2Json, model_type: 'qwen3', head_dim: 6 }

/** Tensors whose every number says where it stands: 1000 times the tensor's number, plus the index. */
function numbered(json: unknown, prefix: string): Map<string, Tensor> {
  const tensors = weightSlots(parseConfig(json)).flatMap((slot) => slot.tensors)
  return new Map(
    tensors.map(({ name, shape }, number) => [
      name.startsWith('lm_head') ? name : `${prefix}${name}`,
      {
        shape,
        data: Float32Array.from(
          { length: shape.reduce((a, b) => a * b, 1) },
          (_, index) => 1000 * number + index,
        ),
      },
    ]),
  )
}
const llama = (tensors: TensorMap = numbered(llamaJson, 'model.'), json: object = llamaJson) =>
  source({
    'config.json': json,
    'tokenizer.json': tokenizer,
    'model.safetensors': encodeSafetensors(tensors),
  })

/** All weights, put together from their rows. */
async function weightsOf(from: ReturnType<typeof source>) {
  const found = await findModel(from)
  const read = new Map(
    weightSlots(found.config).map(({ name, shape, matrix }) => {
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(Number.NaN)
      return [name, { shape, matrix, data }] as const
    }),
  )
  for await (const { name, firstRow, data } of (await found.fetchWeights()).read()) {
    const weight = read.get(name)!
    weight.data.set(data, firstRow * (weight.shape[1] ?? 1))
  }
  return read
}

describe('a model', () => {
  it('of GPT-2 is read with its matrices as [out, in]', async () => {
    const { tensors } = decodeSafetensors(gpt2Bytes)
    const weights = await weightsOf(gpt2())
    const file = [...tensors].find(([name]) => name.endsWith('h.1.mlp.c_fc.weight'))![1]
    const { shape, data, matrix } = weights.get('h.1.up')!
    expect(shape).toEqual([64, 16])
    expect(matrix).toBe(true)
    for (let out = 0; out < 64; out++)
      for (let at = 0; at < 16; at++) expect(data[out * 16 + at]).toBe(file.data[at * 64 + out])
    expect(weights.get('h.0.norm1.gain')!.data).toHaveLength(16)
    expect([...weights.keys()].sort()).toEqual(
      weightSlots(parseConfig(gpt2Json))
        .map(({ name }) => name)
        .sort(),
    )
  })

  it('of LLaMA is read with q, k, v and gate, up below each other', async () => {
    const tensors = numbered(llamaJson, 'model.')
    const weights = await weightsOf(llama(tensors))
    const rows = (name: string) => [...tensors.get(`model.layers.1.${name}.weight`)!.data]
    expect([...weights.get('h.1.qkv')!.data]).toEqual(
      ['q_proj', 'k_proj', 'v_proj'].flatMap((name) => rows(`self_attn.${name}`)),
    )
    expect([...weights.get('h.1.gateUp')!.data]).toEqual([...rows('mlp.gate_proj'), ...rows('mlp.up_proj')])
    expect([...weights.get('h.1.down')!.data]).toEqual(rows('mlp.down_proj'))
    expect([...weights.get('head')!.data]).toEqual([...tensors.get('lm_head.weight')!.data])
    expect(weights.get('rope')!.shape).toEqual([16, 4])
  })

  it('of Qwen2 is read with the biases of q, k and v end to end', async () => {
    const tensors = numbered(qwen2Json, 'model.')
    const bias = (await weightsOf(llama(tensors, qwen2Json))).get('h.1.qkv.bias')!
    expect(bias).toMatchObject({ shape: [32], matrix: false })
    expect([...bias.data]).toEqual(
      ['q', 'k', 'v'].flatMap((name) => [...tensors.get(`model.layers.1.self_attn.${name}_proj.bias`)!.data]),
    )
  })

  it('of Qwen3 is read with the gains of queries and keys end to end', async () => {
    const tensors = numbered(qwen3Json, 'model.')
    const gain = (await weightsOf(llama(tensors, qwen3Json))).get('h.1.headNorm.gain')!
    expect(gain).toMatchObject({ shape: [12], matrix: false })
    expect([...gain.data]).toEqual(
      ['q', 'k'].flatMap((name) => [...tensors.get(`model.layers.1.self_attn.${name}_norm.weight`)!.data]),
    )
  })

  it('of Qwen whose head is the embedding again may hold it once more', async () => {
    const head: Tensor = { shape: [64, 8], data: new Float32Array(512).fill(1) }
    for (const json of [qwen2Json, qwen3Json]) {
      const tensors = numbered(json, 'model.')
      const more = new Map([...tensors, ['lm_head.weight', head]])
      expect(await weightsOf(llama(more, json))).toEqual(await weightsOf(llama(tensors, json)))
    }
  })

  it('is the same under names with or without a prefix', async () => {
    const plain = await weightsOf(llama(numbered(llamaJson, '')))
    expect(plain).toEqual(await weightsOf(llama()))
  })

  it('that ships with this server opens, by its known hash', async () => {
    const found = await findModel(directorySource('public/models/toy'))
    expect(found.parameters).toBe(190_208)
    const fetched = await found.fetchWeights()
    const total = [0, 0]
    let numbers = 0
    for await (const { data } of fetched.read((...bytes) => total.splice(0, 2, ...bytes)))
      numbers += data.length
    expect(numbers).toBe(found.parameters)
    expect(total[0]).toBe(total[1])
    expect(total[0]).toBeLessThan(found.bytes) // but for the header
    expect(await fetched.hash()).toBe(sha256Hex(readFileSync('public/models/toy/model.safetensors')))
  })

  it('with redundant tensors is read without them', async () => {
    const { tensors } = decodeSafetensors(gpt2Bytes)
    const mask: Tensor = { shape: [1, 1, 32, 32], data: new Float32Array(1024) }
    const head: Tensor = { shape: [64, 16], data: new Float32Array(1024) }
    const more = encodeSafetensors(new Map([...tensors, ['h.0.attn.bias', mask], ['lm_head.weight', head]]))
    expect(await weightsOf(gpt2({ 'model.safetensors': more }))).toEqual(await weightsOf(gpt2()))
  })
})

describe('a model in shards', () => {
  const all = [...numbered(llamaJson, 'model.')]
  const half = all.length >> 1
  const shards = [all.slice(0, half), all.slice(half)].map((part) => encodeSafetensors(new Map(part)))
  const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']
  const map = Object.fromEntries(all.map(([name], index) => [name, names[index < half ? 0 : 1]]))
  const sharded = (files: Files = {}, weightMap: object = map) =>
    source({
      'config.json': llamaJson,
      'tokenizer.json': tokenizer,
      [names[0]]: shards[0],
      [names[1]]: shards[1],
      'model.safetensors.index.json': { metadata: { total_size: 1 }, weight_map: weightMap },
      ...files,
    })

  it('is the same as in one file, but for its hash', async () => {
    expect(await weightsOf(sharded())).toEqual(await weightsOf(llama()))
    const found = await findModel(sharded())
    expect(found.bytes).toBe(shards[0].length + shards[1].length)
    const digests = shards.flatMap((shard) => [...hexToBytes(sha256Hex(shard))])
    expect(await (await found.fetchWeights()).hash()).toBe(sha256Hex(Uint8Array.from(digests)))
  })

  it.each<[string, () => ReturnType<typeof source>, RegExp]>([
    ['a shard is missing', () => sharded({}, { ...map, x: 'model-3.safetensors' }), /no such file/],
    ['a name leads elsewhere', () => sharded({}, { x: '../../secret.safetensors' }), /no file of this model/],
    ['a shard lacks its tensor', () => sharded({}, { ...map, x: names[0] }), /holds "x", but it does not/],
    [
      'shards are exchanged',
      () => sharded({ [names[0]]: shards[1], [names[1]]: shards[0] }),
      /but it does not/,
    ],
    ['a tensor is in two', () => sharded({ [names[1]]: encodeSafetensors(new Map(all)) }), /twice/],
    ['a shard is cut off', () => sharded({ [names[1]]: shards[1].subarray(0, 500) }), /00002-of-.*cut off/],
    ['the index is none', () => sharded({ 'model.safetensors.index.json': [] }), /names no shards/],
  ])('is refused where %s', async (_, make, message) => {
    await expect(findModel(make())).rejects.toThrow(message)
  })
})

describe('a model is refused', () => {
  const tensors = numbered(llamaJson, 'model.')
  const without = (name: string) => new Map([...tensors].filter(([other]) => other !== name))
  const withTensor = (name: string, tensor: Tensor) => new Map([...tensors, [name, tensor]])
  const one: Tensor = { shape: [1], data: new Float32Array(1) }

  it.each<[string, () => ReturnType<typeof source>, RegExp]>([
    [
      'without weights',
      () => source({ 'config.json': llamaJson, 'tokenizer.json': tokenizer }),
      /no model.safetens/,
    ],
    ['without a tokenizer', () => source({ 'config.json': llamaJson }), /no tokenizer.json. Choose/],
    ['whose tokenizer is larger', () => llama(tensors, { ...llamaJson, vocab_size: 60 }), /knows 60 tokens/],
    ['that lacks a tensor', () => llama(without('model.norm.weight')), /no tensor "norm.weight"/],
    [
      'with a tensor of another shape',
      () => llama(withTensor('model.norm.weight', one)),
      /is \[1\], but.*\[8\]/,
    ],
    [
      'with a bias that its configuration denies',
      () => llama(withTensor('model.layers.0.self_attn.q_proj.bias', one)),
      /would not use/,
    ],
    [
      'of Qwen2 without its biases',
      () => llama(tensors, qwen2Json),
      /no tensor "layers.0.self_attn.q_proj.bias". They are no whole qwen2 model/,
    ],
    [
      'of Qwen3 with the norms of another width',
      () =>
        llama(
          new Map([...numbered(qwen3Json, 'model.'), ['model.layers.1.self_attn.k_norm.weight', one]]),
          qwen3Json,
        ),
      /"layers.1.self_attn.k_norm.weight" is \[1\], but config.json says \[6\]/,
    ],
    [
      'of Qwen3 with a bias',
      () =>
        llama(
          new Map([...numbered(qwen3Json, 'model.'), ['model.layers.1.self_attn.o_proj.bias', one]]),
          qwen3Json,
        ),
      /"layers.1.self_attn.o_proj.bias" that this engine would not use/,
    ],
    ['whose file is cut off', () => gpt2({ 'model.safetensors': gpt2Bytes.subarray(0, 20_000) }), /cut off/],
    [
      'whose file is none',
      () => gpt2({ 'model.safetensors': new Uint8Array(100) }),
      /not a JSON object|belong/,
    ],
  ])('%s, before its weights are fetched', async (_, make, message) => {
    const problem = await findModel(make()).catch((problem) => problem)
    expect(problem instanceof ModelError || problem instanceof SafetensorsError).toBe(true)
    expect(problem.message).toMatch(message)
  })

  it('whose numbers are not finite, by the tensor’s name', async () => {
    for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      const norm: Tensor = { shape: [8], data: new Float32Array(8).fill(bad) }
      await expect(weightsOf(llama(withTensor('model.norm.weight', norm)))).rejects.toThrow(
        /"norm.weight" holds/,
      )
    }
  })
})
