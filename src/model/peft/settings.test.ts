import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adapterHash } from '../adapter'
import { AdapterError } from '../lora'
import { encodeSafetensors, SafetensorsError } from '../safetensors'
import { decodePeft } from './peft'
import { maxConfigCharacters, mostRank } from './settings'
import { good, grown, model, plain, read, whole } from './testing'

/** As `LoraConfig().save_pretrained` of peft 0.21 writes it, with what was chosen for a GPT-2. */
const asSaved = {
  alora_invocation_tokens: null,
  alpha_pattern: {},
  arrow_config: null,
  auto_mapping: null,
  base_model_name_or_path: 'gpt2',
  bias: 'none',
  corda_config: null,
  ensure_weight_tying: false,
  eva_config: null,
  exclude_modules: null,
  fan_in_fan_out: true,
  inference_mode: true,
  init_lora_weights: true,
  kasa_config: null,
  layer_replication: null,
  layers_pattern: null,
  layers_to_transform: null,
  loftq_config: {},
  lora_alpha: 6,
  lora_bias: false,
  lora_dropout: 0.05,
  lora_ga_config: null,
  megatron_config: null,
  megatron_core: 'megatron.core',
  modules_to_save: null,
  monteclora_config: null,
  peft_type: 'LORA',
  peft_version: '0.21.0',
  qalora_group_size: 16,
  r: 3,
  rank_pattern: {},
  revision: null,
  target_modules: ['c_attn', 'c_proj'],
  target_parameters: null,
  task_type: 'CAUSAL_LM',
  trainable_token_indices: null,
  use_bdlora: null,
  use_dora: false,
  use_qalora: false,
  use_rslora: false,
  velora_config: null,
}

describe('adapter_config.json', () => {
  it.each<[string, object]>([
    ['as PEFT saves it', asSaved],
    [
      'with lists that are empty',
      { ...good, modules_to_save: [], layers_to_transform: [], layers_pattern: [] },
    ],
    ['with null for what is usual', { ...good, use_rslora: null, bias: null, rank_pattern: null }],
    [
      'with patterns that touch no target',
      { ...good, rank_pattern: { wte: 99 }, alpha_pattern: { 'x.*': 1 } },
    ],
    ['with a setting of later versions that is off', { ...good, use_newest: false, newest_config: null }],
    ['with another harmless start', { ...good, init_lora_weights: 'gaussian' }],
    ['with that start in capitals, as PEFT takes it', { ...good, init_lora_weights: 'Gaussian' }],
  ])('%s is the plain adapter', (_, config) => {
    expect(adapterHash(read(config))).toBe(adapterHash(whole))
  })

  it('of null or absent alpha and rank is PEFT’s usual 8', () => {
    const eight = grown({ rank: 8, alpha: 8, targets: plain.targets })
    const { r, lora_alpha, ...rest } = good
    for (const config of [rest, { ...rest, r: null, lora_alpha: null }])
      expect(read(config, eight.tensors).config).toMatchObject({ rank: 8, alpha: 8 })
  })

  it.each<[string, unknown, RegExp]>([
    ...['pissa', 'pissa_niter_4', 'olora', 'OLoRA', 'corda', 'lora_ga', 'loftq', 'newest'].map(
      (start): [string, unknown, RegExp] => [
        'init_lora_weights',
        start,
        /is not supported here: PEFT takes .* out of the base\. Convert it/,
      ],
    ),
    ['init_lora_weights', 'EVA', /"EVA" is not known to PEFT in capitals\. Write "eva"/],
    ['use_dora', true, /merge_and_unload/],
    ['use_qalora', true, /merge_and_unload/],
    ['use_bdlora', { nblocks: 2 }, /an object is not supported/],
    ['kasa_config', { beta: 1 }, /not supported/],
    ['arrow_config', { top_k: 2 }, /without arrow_config/],
    ['alora_invocation_tokens', [1, 2], /a list is not supported/],
    ['layer_replication', [[0, 1]], /base as it is/],
    ['modules_to_save', ['lm_head'], /without modules_to_save/],
    ['trainable_token_indices', [1], /not supported/],
    ['target_parameters', ['x'], /not supported/],
    ['lora_bias', true, /not supported/],
    ['bias', 'all', /"all" is not supported here, only none/],
    ['task_type', 'SEQ_CLS', /only CAUSAL_LM/],
    ['peft_type', 'IA3', /only LORA/],
    ['scale_by_surprise', 3, /"scale_by_surprise" is 3: this setting is not known here/],
    ['use_surprise', true, /"use_surprise" is true/],
  ])('is refused for %s: %j, by name and with what to do', (field, value, words) => {
    expect(() => read({ ...good, [field]: value })).toThrow(AdapterError)
    expect(() => read({ ...good, [field]: value })).toThrow(field)
    expect(() => read({ ...good, [field]: value })).toThrow(words)
  })

  it.each<[string, unknown[]]>([
    ['r', [0, -1, 1.5, 4e9, mostRank + 1, '8']],
    ['lora_alpha', [0, -1, 1e300, 'x']],
    ['target_modules', [[], [''], '', ['x'.repeat(201)], Array(1001).fill('x'), 7]],
  ])('is refused for an impossible %s, in plain words', (name, values) => {
    for (const value of values) {
      expect(() => read({ ...good, [name]: value }), String(value)).toThrow(AdapterError)
      expect(() => read({ ...good, [name]: value })).toThrow(`adapter_config.json: ${name}`)
      expect(() => read({ ...good, [name]: value })).not.toThrow(/expected|received|invalid/i)
    }
  })

  it('is refused for numbers that JSON cannot say', () => {
    for (const number of ['NaN', 'Infinity', '-Infinity', '1e999'])
      expect(() => read(`{"peft_type":"LORA","r":8,"lora_alpha":${number},"target_modules":["x"]}`)).toThrow(
        AdapterError,
      )
  })

  it('is refused by its length before it is parsed, and where it is none', () => {
    const long = JSON.stringify({ ...good, note: 'x'.repeat(maxConfigCharacters) })
    expect(() => read(long)).toThrow(/characters, more than 100000/)
    for (const none of ['{', '[]', 'null', '3']) expect(() => read(none)).toThrow(AdapterError)
  })

  it('of anything is one that can be used, or refused by an AdapterError or a SafetensorsError', () => {
    const value = fc.oneof(fc.jsonValue(), fc.integer({ min: -1, max: 5 }), fc.constantFrom(4e9, 0.5, 1e300))
    const fields = [...Object.keys(asSaved), 'surprise']
    const config = fc.oneof(
      fc.string(),
      fc.jsonValue().map((json) => JSON.stringify(json)),
      fc
        .dictionary(fc.constantFrom(...fields), value, { maxKeys: 3 })
        .map((change) => JSON.stringify({ ...good, ...change })),
    )
    const weights = encodeSafetensors(whole.tensors)
    fc.assert(
      fc.property(config, fc.oneof(fc.constant(weights), fc.uint8Array()), (text, bytes) => {
        try {
          const { rank, alpha } = decodePeft({ config: text, weights: bytes }, model).config
          expect(rank >= 1 && rank <= mostRank && alpha > 0 && Number.isFinite(alpha)).toBe(true)
        } catch (problem) {
          expect(problem instanceof AdapterError || problem instanceof SafetensorsError).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
