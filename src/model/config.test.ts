import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { largest, ModelError, parseConfig } from './config'

/** As published with HuggingFaceTB/SmolLM2-135M. */
const smolLm2 = {
  architectures: ['LlamaForCausalLM'],
  attention_bias: false,
  attention_dropout: 0,
  bos_token_id: 0,
  eos_token_id: 0,
  hidden_act: 'silu',
  hidden_size: 576,
  initializer_range: 0.041666666666666664,
  intermediate_size: 1536,
  is_llama_config: true,
  max_position_embeddings: 8192,
  model_type: 'llama',
  num_attention_heads: 9,
  num_hidden_layers: 30,
  num_key_value_heads: 3,
  pretraining_tp: 1,
  rms_norm_eps: 1e-5,
  rope_interleaved: false,
  rope_scaling: null,
  rope_theta: 100_000,
  tie_word_embeddings: true,
  torch_dtype: 'bfloat16',
  use_cache: true,
  vocab_size: 49_152,
}
const llama3Scaling = {
  factor: 32,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
  rope_type: 'llama3',
}
const gpt2 = { model_type: 'gpt2', vocab_size: 10, n_positions: 8, n_embd: 8, n_layer: 1, n_head: 2 }

describe('a configuration', () => {
  it('of the shipped toy', () => {
    expect(parseConfig(JSON.parse(readFileSync('public/models/toy/config.json', 'utf8')))).toEqual({
      family: 'gpt2',
      vocabulary: 1280,
      contextLength: 128,
      width: 64,
      layers: 2,
      heads: 4,
      keyValueHeads: 4,
      headWidth: 16,
      innerWidth: 256,
      normEpsilon: 1e-5,
      eosId: 0,
      tiedHead: true,
      rope: null,
    })
  })

  it('of SmolLM2', () => {
    expect(parseConfig(smolLm2)).toEqual({
      family: 'llama',
      vocabulary: 49_152,
      contextLength: 8192,
      width: 576,
      layers: 30,
      heads: 9,
      keyValueHeads: 3,
      headWidth: 64,
      innerWidth: 1536,
      normEpsilon: 1e-5,
      eosId: 0,
      tiedHead: true,
      rope: { theta: 100_000, scaling: { kind: 'none' } },
    })
  })

  it('of LLaMA leaves out what has a default', () => {
    const { rope_theta, num_key_value_heads, tie_word_embeddings, eos_token_id, ...rest } = smolLm2
    expect(parseConfig({ ...rest, eos_token_id: [5, 6] })).toMatchObject({
      keyValueHeads: 9,
      tiedHead: false,
      eosId: 5,
      rope: { theta: 10_000 },
    })
  })

  it('scales rotary positions, under older and newer names', () => {
    const scaled = (file: object) => parseConfig({ ...smolLm2, ...file }).rope
    expect(scaled({ rope_scaling: llama3Scaling })?.scaling).toEqual({
      kind: 'llama3',
      factor: 32,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalContextLength: 8192,
    })
    expect(scaled({ rope_scaling: { type: 'linear', factor: 2 } })?.scaling).toEqual({
      kind: 'linear',
      factor: 2,
    })
    expect(scaled({ rope_parameters: { rope_type: 'default', rope_theta: 7 } })).toEqual({
      theta: 7,
      scaling: { kind: 'none' },
    })
  })

  it('of Mistral ends where its window would begin to slide', () => {
    const mistral = { ...smolLm2, model_type: 'mistral' }
    expect(parseConfig({ ...mistral, sliding_window: null }).contextLength).toBe(8192)
    expect(parseConfig({ ...mistral, sliding_window: 4096 }).contextLength).toBe(4096)
  })

  it.each<[string, object, RegExp]>([
    ['another architecture', { ...smolLm2, model_type: 'bert' }, /model_type: "bert".*Choose/],
    ['no architecture', {}, /model_type/],
    ['a bias in attention', { ...smolLm2, attention_bias: true }, /attention_bias/],
    ['a bias in the inner network', { ...smolLm2, mlp_bias: true }, /mlp_bias/],
    ['another activation', { ...smolLm2, hidden_act: 'gelu' }, /hidden_act/],
    ['another activation of GPT-2', { ...gpt2, activation_function: 'relu' }, /activation_function/],
    ['partly rotated heads', { ...smolLm2, partial_rotary_factor: 0.5 }, /partial_rotary_factor/],
    ['interleaved rotation', { ...smolLm2, rope_interleaved: true }, /rope_interleaved/],
    [
      'another scaling',
      { ...smolLm2, rope_scaling: { rope_type: 'yarn', factor: 2 } },
      /rope_scaling.rope_type/,
    ],
    ['a scaling without its factor', { ...smolLm2, rope_scaling: { type: 'linear' } }, /rope_scaling.factor/],
    ['packed weights', { ...smolLm2, quantization_config: { bits: 4 } }, /quantization_config: is not supp/],
    ['heads that do not divide the width', { ...gpt2, n_head: 3 }, /n_embd 8 is no multiple of n_head 3/],
    ['groups that do not divide the heads', { ...smolLm2, num_key_value_heads: 2 }, /num_key_value_heads 2/],
    ['odd heads', { ...smolLm2, head_dim: 63 }, /head_dim: 63 is odd/],
    ['layer-wise scores', { ...gpt2, scale_attn_by_inverse_layer_idx: true }, /scale_attn_by_inverse/],
    ['a size that is none', { ...gpt2, vocab_size: -1 }, /vocab_size/],
  ])('is refused for %s, by name', (_, json, message) => {
    expect(() => parseConfig(json)).toThrow(ModelError)
    expect(() => parseConfig(json)).toThrow(message)
  })

  it.each<[string, object]>([
    ['vocab_size', gpt2],
    ['n_positions', gpt2],
    ['n_embd', gpt2],
    ['n_layer', gpt2],
    ['n_head', gpt2],
    ['n_inner', gpt2],
    ['vocab_size', smolLm2],
    ['max_position_embeddings', smolLm2],
    ['hidden_size', smolLm2],
    ['num_hidden_layers', smolLm2],
    ['num_attention_heads', smolLm2],
    ['num_key_value_heads', smolLm2],
    ['head_dim', smolLm2],
    ['intermediate_size', smolLm2],
  ])('is refused for a %s that no model has', (name, file) => {
    for (const wrong of [0, -1, 1.5, 2 ** 31, 1e12, Number.MAX_SAFE_INTEGER, '8', Number.NaN])
      expect(() => parseConfig({ ...file, [name]: wrong }), `${wrong}`).toThrow(new RegExp(`${name}: `))
  })

  it('is refused for a stretch of positions that would make them no numbers', () => {
    const scaling = { ...llama3Scaling, low_freq_factor: 4 }
    expect(() => parseConfig({ ...smolLm2, rope_scaling: scaling })).toThrow(
      /high_freq_factor 4 is not above/,
    )
    expect(() => parseConfig({ ...smolLm2, rope_theta: 0 })).toThrow(/rope_theta/)
  })

  it('of anything is one within the limits, or refused by a ModelError', () => {
    const value = fc.oneof(
      fc.integer({ min: -2, max: 64 }),
      fc.constantFrom(1e12, 0.5, 8, 16),
      fc.jsonValue(),
    )
    const changed = (file: object) =>
      fc
        .dictionary(fc.constantFrom(...Object.keys(file), 'head_dim', 'n_inner', 'sliding_window'), value)
        .map((change) => ({ ...file, ...change }))
    fc.assert(
      fc.property(fc.oneof(changed(gpt2), changed(smolLm2), fc.jsonValue()), (json) => {
        let parsed: ReturnType<typeof parseConfig>
        try {
          parsed = parseConfig(json)
        } catch (problem) {
          expect(problem).toBeInstanceOf(ModelError)
          return
        }
        for (const name of Object.keys(largest) as (keyof typeof largest)[]) {
          expect(parsed[name]).toBeGreaterThanOrEqual(1)
          expect(parsed[name]).toBeLessThanOrEqual(largest[name])
        }
        expect(parsed.heads % parsed.keyValueHeads).toBe(0)
      }),
      { numRuns: 2000 },
    )
  })

  it('is refused when it is none', () => {
    for (const json of [null, [], 'gpt2']) expect(() => parseConfig(json)).toThrow(/the file|model_type/)
  })
})
