import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type ModelConfig, parseConfig } from './config'
import { ropeTable } from './rope'
import { parameterCount, weightSlots } from './weights'

const gpt2Small = parseConfig({
  model_type: 'gpt2',
  vocab_size: 50_257,
  n_positions: 1024,
  n_embd: 768,
  n_layer: 12,
  n_head: 12,
})
const smolLm2 = parseConfig({
  model_type: 'llama',
  vocab_size: 49_152,
  max_position_embeddings: 8192,
  hidden_size: 576,
  num_hidden_layers: 30,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  intermediate_size: 1536,
  rope_theta: 100_000,
  tie_word_embeddings: true,
})
const qwen = {
  vocab_size: 151_936,
  max_position_embeddings: 32_768,
  rope_theta: 1_000_000,
  tie_word_embeddings: true,
}
/** Qwen2.5-0.5B's sizes. */
const qwen2 = parseConfig({
  ...qwen,
  model_type: 'qwen2',
  hidden_size: 896,
  intermediate_size: 4864,
  num_hidden_layers: 24,
  num_attention_heads: 14,
  num_key_value_heads: 2,
})
/** Qwen3-0.6B's. */
const qwen3 = parseConfig({
  ...qwen,
  model_type: 'qwen3',
  head_dim: 128,
  hidden_size: 1024,
  intermediate_size: 3072,
  num_hidden_layers: 28,
  num_attention_heads: 16,
  num_key_value_heads: 8,
})
const slotOf = (config: ModelConfig, name: string) => weightSlots(config).find((slot) => slot.name === name)!

describe('the weights of a model', () => {
  it('are as many as its authors count', () => {
    expect(parameterCount(gpt2Small)).toBe(124_439_808)
    expect(parameterCount(smolLm2)).toBe(134_515_008)
    expect(parameterCount({ ...smolLm2, tiedHead: false })).toBe(134_515_008 + 49_152 * 576)
    expect(parameterCount(qwen2)).toBe(494_032_768)
    expect(parameterCount(qwen3)).toBe(596_049_920)
  })

  it('of GPT-2 are transposed where a Conv1D stores [in, out]', () => {
    expect(slotOf(gpt2Small, 'h.3.qkv')).toEqual({
      name: 'h.3.qkv',
      shape: [2304, 768],
      matrix: true,
      tensors: [{ name: 'h.3.attn.c_attn.weight', shape: [768, 2304], transposed: true }],
    })
    expect(slotOf(gpt2Small, 'h.3.down').shape).toEqual([768, 3072])
    expect(slotOf(gpt2Small, 'h.3.up.bias')).toMatchObject({ shape: [3072], matrix: false })
  })

  it('of LLaMA stack what one product computes', () => {
    const { shape, tensors } = slotOf(smolLm2, 'h.0.qkv')
    expect(shape).toEqual([(9 + 3 + 3) * 64, 576])
    expect(tensors.map(({ name }) => name.split('.')[3])).toEqual(['q_proj', 'k_proj', 'v_proj'])
    expect(slotOf(smolLm2, 'h.29.gateUp').shape).toEqual([3072, 576])
    expect(slotOf(smolLm2, 'h.0.norm1.offset')).toBeUndefined()
    expect(slotOf(smolLm2, 'rope').shape).toEqual([8192, 64])
  })

  it('of Qwen2 stack the biases of what one product computes, and no other layer has one', () => {
    expect(slotOf(qwen2, 'h.3.qkv.bias')).toEqual({
      name: 'h.3.qkv.bias',
      shape: [(14 + 2 + 2) * 64],
      matrix: false,
      tensors: [
        { name: 'layers.3.self_attn.q_proj.bias', shape: [896], transposed: false },
        { name: 'layers.3.self_attn.k_proj.bias', shape: [128], transposed: false },
        { name: 'layers.3.self_attn.v_proj.bias', shape: [128], transposed: false },
      ],
    })
    const biases = weightSlots(qwen2).filter(({ name }) => name.endsWith('.bias'))
    expect(biases.map(({ name }) => name)).toEqual(Array.from({ length: 24 }, (_, n) => `h.${n}.qkv.bias`))
  })

  it('of Qwen3 have a gain for the heads of queries and one for those of keys', () => {
    expect(slotOf(qwen3, 'h.0.qkv').shape).toEqual([(16 + 8 + 8) * 128, 1024])
    expect(slotOf(qwen3, 'h.0.attentionOut').shape).toEqual([1024, 16 * 128])
    expect(slotOf(qwen3, 'h.27.headNorm.gain')).toEqual({
      name: 'h.27.headNorm.gain',
      shape: [256],
      matrix: false,
      tensors: [
        { name: 'layers.27.self_attn.q_norm.weight', shape: [128], transposed: false },
        { name: 'layers.27.self_attn.k_norm.weight', shape: [128], transposed: false },
      ],
    })
    expect(weightSlots(qwen3).some(({ name }) => name.endsWith('.bias'))).toBe(false)
  })

  it('name each tensor of the shipped toy once', () => {
    const config = parseConfig(JSON.parse(readFileSync('public/models/toy/config.json', 'utf8')))
    const names = weightSlots(config).flatMap(({ tensors }) => tensors.map(({ name }) => name))
    expect(new Set(names).size).toBe(names.length)
    const file = readFileSync('public/models/toy/model.safetensors').subarray(8)
    for (const name of names) expect(file.includes(`${name}"`), name).toBe(true)
  })
})

describe('rotary positions', () => {
  const tiny = { contextLength: 5, headWidth: 4 }

  it('turn pair k by θ^(-2k / headWidth) per position', () => {
    const table = ropeTable({ ...tiny, rope: { theta: 100, scaling: { kind: 'none' } } })
    expect([...table.slice(0, 4)]).toEqual([1, 1, 0, 0])
    const expected = [Math.cos(3), Math.cos(0.3), Math.sin(3), Math.sin(0.3)]
    expect([...table.slice(12, 16)]).toEqual(expected.map(Math.fround))
  })

  it('stretched evenly, stand where an earlier position stood', () => {
    const table = ropeTable({ ...tiny, rope: { theta: 100, scaling: { kind: 'linear', factor: 2 } } })
    const plain = ropeTable({ ...tiny, rope: { theta: 100, scaling: { kind: 'none' } } })
    expect(table.slice(16, 20)).toEqual(plain.slice(8, 12))
  })

  it('of LLaMA 3 keep fast turns, stretch slow ones, and blend between', () => {
    // Turns in 100 positions: 15.9, 1.59, 0.159. Kept above 4, stretched below 1, between 0.197 of the way.
    const scaling = {
      kind: 'llama3' as const,
      factor: 8,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalContextLength: 100,
    }
    const table = ropeTable({ contextLength: 2, headWidth: 6, rope: { theta: 1000, scaling } })
    const angles = [...table.slice(9, 12)].map(Math.asin)
    expect(angles[0]).toBeCloseTo(1, 6)
    expect(angles[1]).toBeCloseTo(((1 - 0.197183) * 0.1) / 8 + 0.197183 * 0.1, 6)
    expect(angles[2]).toBeCloseTo(0.01 / 8, 6)
  })
})
