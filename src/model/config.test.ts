import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ModelError, parseConfig } from './config'
import { largest } from './configFields'
import { qwen2, qwen3 } from './fixtures/qwen'

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
      type: 'gpt2',
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
      eosIds: [0],
      tiedHead: true,
      qkvBias: true,
      headNorms: false,
      rope: null,
    })
  })

  it('of SmolLM2', () => {
    expect(parseConfig(smolLm2)).toEqual({
      type: 'llama',
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
      eosIds: [0],
      tiedHead: true,
      qkvBias: false,
      headNorms: false,
      rope: { theta: 100_000, scaling: { kind: 'none' } },
    })
  })

  it('of LLaMA leaves out what has a default', () => {
    const { rope_theta, num_key_value_heads, tie_word_embeddings, eos_token_id, ...rest } = smolLm2
    expect(parseConfig({ ...rest, eos_token_id: [5, 6] })).toMatchObject({
      keyValueHeads: 9,
      tiedHead: false,
      eosIds: [5, 6],
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
    [
      'packed weights',
      { ...smolLm2, quantization_config: { bits: 4 } },
      /quantization_config: an object is not supp/,
    ],
    [
      'a multiplier that is not LLaMA’s',
      { ...smolLm2, embedding_multiplier: 12 },
      /"embedding_multiplier" is 12/,
    ],
    ['soft caps', { ...smolLm2, final_logit_softcapping: 30 }, /"final_logit_softcapping" is 30/],
    ['layers without rotation', { ...smolLm2, no_rope_layers: [1, 0] }, /"no_rope_layers" is a list/],
    [
      'another setting of GPT-2',
      { ...gpt2, rotary_dim: 64 },
      /"rotary_dim" is 64: this setting is not known/,
    ],
    ['pruned heads', { ...gpt2, pruned_heads: { 0: [1] } }, /pruned_heads: an object is not supported here/],
    [
      'a setting of another scaling',
      { ...smolLm2, rope_scaling: { type: 'linear', factor: 2, mrope_section: [1] } },
      /rope_scaling.*"mrope_section"/,
    ],
    ['another kind of layers', { ...smolLm2, layer_types: ['mamba'] }, /layer_types.0: "mamba" is not supp/],
    ['heads that are too wide', { ...gpt2, n_embd: 512 }, /256 channels wide, and up to 128/],
    ['two widths', { ...gpt2, hidden_size: 16 }, /hidden_size: 16 contradicts n_embd 8/],
    ['heads that do not divide the width', { ...gpt2, n_head: 3 }, /n_embd 8 is no multiple of n_head 3/],
    ['groups that do not divide the heads', { ...smolLm2, num_key_value_heads: 2 }, /num_key_value_heads 2/],
    ['odd heads', { ...smolLm2, head_dim: 63 }, /head_dim: 63 is odd/],
    ['layer-wise scores', { ...gpt2, scale_attn_by_inverse_layer_idx: true }, /scale_attn_by_inverse/],
    ['a size that is none', { ...gpt2, vocab_size: -1 }, /vocab_size/],
  ])('is refused for %s, by name', (_, json, message) => {
    expect(() => parseConfig(json)).toThrow(ModelError)
    expect(() => parseConfig(json)).toThrow(message)
  })

  it('reads null as absent, and turned-off or harmless settings as nothing', () => {
    const nulls = { rope_theta: null, tie_word_embeddings: null, hidden_act: null, rms_norm_eps: null }
    const { rope_theta, tie_word_embeddings, hidden_act, rms_norm_eps, ...rest } = smolLm2
    expect(parseConfig({ ...rest, ...nulls })).toEqual(parseConfig(rest))
    expect(parseConfig({ ...gpt2, activation_function: null, scale_attn_weights: null })).toEqual(
      parseConfig(gpt2),
    )
    const notes = {
      attn_pdrop: 0.1,
      summary_first_dropout: 0.1,
      _name_or_path: 'x',
      transformers_version: '5',
      summary_type: 'cls_index',
      n_ctx: 8,
    }
    const off = {
      pruned_heads: {},
      layer_scales: null,
      uses_memory: false,
      extra_tokens: [],
      rope_scaling: {},
    }
    expect(parseConfig({ ...gpt2, ...notes, ...off, reorder_and_upcast_attn: true })).toEqual(
      parseConfig(gpt2),
    )
  })

  it('of Mistral leaves out what Mistral has a default for', () => {
    const { num_key_value_heads, ...rest } = { ...smolLm2, num_attention_heads: 16, hidden_size: 576 }
    const mistral = parseConfig({ ...rest, model_type: 'mistral' })
    expect(mistral).toMatchObject({ keyValueHeads: 8, contextLength: 4096 })
    expect(parseConfig({ ...rest, model_type: 'mistral', num_key_value_heads: null }).keyValueHeads).toBe(16)
  })

  it('of GPT-2 may call its sizes by the names that transformers takes for them', () => {
    const { n_embd, n_layer, n_head, n_positions, ...rest } = gpt2
    const usual = { hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 2, max_position_embeddings: 8 }
    expect(parseConfig({ ...rest, ...usual })).toEqual(parseConfig(gpt2))
  })

  it('is refused in plain words that name setting, value and what to do', () => {
    const problem = (json: object) => {
      try {
        parseConfig(json)
        return ''
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(problem({ ...smolLm2, attention_bias: true })).toBe(
      'config.json: attention_bias: true is not supported here, only false. Choose another model of type llama, or download this one again.',
    )
    expect(problem({ ...smolLm2, rope_scaling: { rope_type: 'yarn', factor: 2 } })).toBe(
      'config.json: rope_scaling.rope_type: "yarn" is not supported here, only default or linear or llama3. Choose another model of type llama, or download this one again.',
    )
    expect(problem({ ...gpt2, vocab_size: '8' })).toMatch(/vocab_size: must be a number, not "8"\. /)
    expect(problem({ ...gpt2, vocab_size: undefined })).toMatch(/vocab_size: is missing\. /)
    for (const bad of [null, [], 'gpt2', {}, { ...gpt2, n_head: null }, { ...smolLm2, eos_token_id: 'x' }])
      expect(problem(bad as object)).not.toMatch(/expected|received|invalid|GPT-2 or LLaMA/i)
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
        .dictionary(
          fc.constantFrom(...Object.keys(file), 'head_dim', 'n_inner', 'sliding_window', 'layer_types'),
          value,
        )
        .map((change) => ({ ...file, ...change }))
    fc.assert(
      fc.property(fc.oneof(...[gpt2, smolLm2, qwen2, qwen3].map(changed), fc.jsonValue()), (json) => {
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
