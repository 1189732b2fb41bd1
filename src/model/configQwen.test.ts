import { describe, expect, it } from 'vitest'
import { ModelError, parseConfig } from './config'
import { qwen2, qwen3 } from './fixtures/qwen'

describe('a configuration', () => {
  it('of Qwen2.5 is a LLaMA’s with biases of q, k and v', () => {
    expect(parseConfig(qwen2)).toEqual({
      type: 'qwen2',
      family: 'llama',
      vocabulary: 151_936,
      contextLength: 32_768,
      width: 896,
      layers: 24,
      heads: 14,
      keyValueHeads: 2,
      headWidth: 64,
      innerWidth: 4864,
      normEpsilon: 1e-6,
      eosIds: [151_643],
      tiedHead: true,
      qkvBias: true,
      headNorms: false,
      rope: { theta: 1_000_000, scaling: { kind: 'none' } },
    })
    expect(parseConfig({ ...qwen2, attention_bias: true })).toEqual(parseConfig(qwen2))
  })

  it('of Qwen3 is a LLaMA’s with norms of heads, whose width stands by itself', () => {
    expect(parseConfig(qwen3)).toEqual({
      type: 'qwen3',
      family: 'llama',
      vocabulary: 151_936,
      contextLength: 40_960,
      width: 1024,
      layers: 28,
      heads: 16,
      keyValueHeads: 8,
      headWidth: 128,
      innerWidth: 3072,
      normEpsilon: 1e-6,
      eosIds: [151_645],
      tiedHead: true,
      qkvBias: false,
      headNorms: true,
      rope: { theta: 1_000_000, scaling: { kind: 'none' } },
    })
  })

  it('of Qwen leaves out what transformers has a default for', () => {
    const sizes = {
      vocab_size: 64,
      max_position_embeddings: 8192,
      hidden_size: 2048,
      intermediate_size: 16,
      num_hidden_layers: 30,
      num_attention_heads: 32,
    }
    const usual = { keyValueHeads: 32, contextLength: 8192, normEpsilon: 1e-6, tiedHead: false }
    const rope = { theta: 10_000 }
    expect(parseConfig({ model_type: 'qwen2', ...sizes })).toMatchObject({ ...usual, headWidth: 64, rope })
    expect(parseConfig({ model_type: 'qwen3', ...sizes })).toMatchObject({ ...usual, headWidth: 128, rope })
    // A window that is switched on is 4096 long and begins with the layer 28.
    for (const model_type of ['qwen2', 'qwen3']) {
      const slides = (file: object) =>
        parseConfig({ model_type, ...sizes, use_sliding_window: true, ...file }).contextLength
      expect(slides({})).toBe(4096)
      expect(slides({ num_hidden_layers: 28 })).toBe(8192)
      expect(slides({ num_key_value_heads: null, sliding_window: null })).toBe(8192)
    }
  })

  it.each([qwen2, qwen3])('of $model_type ends where a window would begin to slide, if one does', (file) => {
    const context = (change: object) => parseConfig({ ...file, sliding_window: 512, ...change }).contextLength
    const { num_hidden_layers: layers } = file
    const kinds = (last: string) => [...Array(layers - 1).fill('full_attention'), last]
    expect(context({})).toBe(file.max_position_embeddings)
    expect(context({ layer_types: kinds('full_attention') })).toBe(file.max_position_embeddings)
    const on = { use_sliding_window: true }
    expect(context({ ...on, max_window_layers: layers })).toBe(file.max_position_embeddings)
    expect(context({ ...on, max_window_layers: layers - 1 })).toBe(512)
    expect(context({ ...on, max_window_layers: 0, layer_types: kinds('full_attention') })).toBe(
      file.max_position_embeddings,
    )
    expect(context({ ...on, max_window_layers: layers, layer_types: kinds('sliding_attention') })).toBe(512)
  })

  it.each<[string, object, RegExp]>([
    ['a Qwen2 without biases', { ...qwen2, attention_bias: false }, /attention_bias: false is.* only true/],
    ['a Qwen3 with biases', { ...qwen3, attention_bias: true }, /attention_bias: true is.* only false/],
    [
      'positions of pictures',
      { ...qwen2, use_mrope: true },
      /"use_mrope" is true: this setting is not known/,
    ],
    [
      'a stretch of Qwen’s',
      { ...qwen2, rope_scaling: { type: 'yarn', factor: 4 } },
      /rope_scaling.type: "yarn"/,
    ],
    [
      'a stretch of Qwen’s that knows its kind twice',
      { ...qwen3, rope_scaling: { rope_type: 'dynamic', factor: 4 } },
      /rope_scaling.rope_type: "dynamic"/,
    ],
    ['partly rotated heads of Qwen', { ...qwen3, partial_rotary_factor: 0.5 }, /partial_rotary_factor: 0.5/],
    ['another scale of scores', { ...qwen3, query_pre_attn_scalar: 256 }, /"query_pre_attn_scalar" is 256/],
    ['experts', { ...qwen3, num_experts: 128 }, /"num_experts" is 128/],
    ['code of its own', { ...qwen3, auto_map: { AutoModel: 'x.Y' } }, /"auto_map" is an object/],
    ['another activation of Qwen', { ...qwen3, hidden_act: 'gelu' }, /hidden_act: "gelu"/],
    ['heads wider than can be computed', { ...qwen3, head_dim: 256 }, /head_dim: must be 128 or less/],
    [
      'a window that is neither on nor off',
      { ...qwen2, use_sliding_window: 'yes' },
      /use_sliding_window: must/,
    ],
    [
      'layers that slide although none may',
      { ...qwen3, layer_types: ['sliding_attention'] },
      /"sliding_attention" contradicts use_sliding_window false/,
    ],
    ['a relative of Qwen', { ...qwen3, model_type: 'qwen3_moe' }, /"qwen3_moe" is unknown here/],
  ])('is refused for %s, by name', (_, json, message) => {
    expect(() => parseConfig(json)).toThrow(ModelError)
    expect(() => parseConfig(json)).toThrow(message)
  })

  it('of Qwen3 is refused for heads of a width that no model has', () => {
    for (const wrong of [0, -1, 1.5, 2 ** 31, 1e12, Number.MAX_SAFE_INTEGER, '8', Number.NaN])
      expect(() => parseConfig({ ...qwen3, head_dim: wrong }), `${wrong}`).toThrow(/head_dim: /)
  })
})
