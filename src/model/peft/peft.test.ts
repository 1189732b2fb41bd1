import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { sequentialBatches } from '../../training/batches'
import { evaluate } from '../../training/evaluate'
import { windows } from '../../training/rows'
import { randomModel, randomModelFiles } from '../../training/testing'
import { train } from '../../training/train'
import { type Adapter, type AdapterConfig, adapterHash } from '../adapter'
import { parseConfig } from '../config'
import type { LanguageModel } from '../languageModel'
import { AdapterError, adapterLayout, initialAdapter } from '../lora'
import { encodeSafetensors, SafetensorsError, type TensorMap } from '../safetensors'
import { decodePeft, encodePeft } from './peft'
import { maxConfigCharacters, mostRank } from './settings'

/** d = 16, two blocks. */
const model = parseConfig(randomModelFiles().config)
const plain: AdapterConfig = { rank: 3, alpha: 6, targets: ['c_proj', 'c_attn'] }

/** An adapter with numbers in both factors. */
function grown(config: AdapterConfig): Adapter {
  const { tensors } = initialAdapter(model, config, 7)
  const names = [...tensors.keys()].sort()
  const numbers = (name: string, size: number) =>
    Float32Array.from({ length: size }, (_, at) => Math.sin(at + 10 * names.indexOf(name)) / 4)
  return {
    config,
    tensors: new Map(
      [...tensors].map(([name, { shape, data }]) => [name, { shape, data: numbers(name, data.length) }]),
    ),
  }
}
const whole = grown(plain)
const good = { peft_type: 'LORA', r: 3, lora_alpha: 6, target_modules: ['c_proj', 'c_attn'] }
const read = (config: unknown, tensors: TensorMap = whole.tensors) =>
  decodePeft(
    {
      config: typeof config === 'string' ? config : JSON.stringify(config),
      weights: encodeSafetensors(tensors),
    },
    model,
  )
/** Only the tensors whose names fit. */
const only = (adapter: Adapter, pattern: RegExp): TensorMap =>
  new Map([...adapter.tensors].filter(([name]) => pattern.test(name)))
/** B A times its scale, of every layer that has one. */
function changes({ config, tensors }: Adapter): Map<string, number[]> {
  const products = new Map<string, number[]>()
  for (const [name, { shape, data }] of tensors) {
    if (!name.includes('.lora_A.')) continue
    const b = tensors.get(name.replace('.lora_A.', '.lora_B.'))!
    const [rank, inSize] = shape
    const product = Array.from({ length: b.shape[0] * inSize }, (_, at) => {
      const [row, column] = [Math.floor(at / inSize), at % inSize]
      let sum = 0
      for (let k = 0; k < rank; k++) sum += b.data[row * rank + k] * data[k * inSize + column]
      return (sum * config.alpha) / config.rank
    })
    if (product.some((value) => value !== 0)) products.set(name.split('.').slice(3, -2).join('.'), product)
  }
  return products
}
const expectSame = (one: Map<string, number[]>, other: Map<string, number[]>) => {
  expect([...one.keys()].sort()).toEqual([...other.keys()].sort())
  for (const [path, product] of one)
    for (const [at, value] of product.entries()) expect(value).toBeCloseTo(other.get(path)![at], 5)
}

describe('PEFT files', () => {
  it('hold what Python needs and come back the same', () => {
    const files = encodePeft(whole, 'models/toy')
    expect(JSON.parse(files.config)).toMatchObject({
      peft_type: 'LORA',
      task_type: 'CAUSAL_LM',
      base_model_name_or_path: 'models/toy',
      r: 3,
      lora_alpha: 6,
      target_modules: ['c_proj', 'c_attn'],
      fan_in_fan_out: true,
      bias: 'none',
    })
    const back = decodePeft(files, model)
    expect(back.config).toEqual(plain)
    expect(adapterHash(back)).toBe(adapterHash(whole))
  })
})

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
    ...['pissa', 'pissa_niter_4', 'olora', 'corda', 'lora_ga', 'loftq', 'newest'].map(
      (start): [string, unknown, RegExp] => [
        'init_lora_weights',
        start,
        /is not supported here: PEFT takes .* out of the base\. Convert it/,
      ],
    ),
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

describe('targets', () => {
  const everything = grown({ rank: 3, alpha: 6, targets: ['c_attn', 'c_proj', 'c_fc'] })
  const pathsOf = (adapter: Adapter) => [...changes(adapter).keys()].sort()

  it.each<[string, object, RegExp]>([
    ['a list of ends', { target_modules: ['attn.c_proj', 'c_fc'] }, /attn\.c_proj|c_fc/],
    ['a whole name', { target_modules: ['transformer.h.1.mlp.c_fc'] }, /h\.1\.mlp\.c_fc/],
    ['a pattern', { target_modules: 'transformer\\.h\\.\\d+\\.(attn|mlp)\\.c_proj' }, /c_proj/],
    ['a pattern with a name in it', { target_modules: '(?P<all>.*c_attn)' }, /c_attn/],
    ['all-linear', { target_modules: 'all-linear' }, /./],
    ['All-Linear', { target_modules: 'All-Linear' }, /./],
    ['nothing, which is what PEFT takes for GPT-2', { target_modules: null }, /c_attn/],
    [
      'a list with exceptions',
      { target_modules: ['c_proj', 'c_fc'], exclude_modules: ['mlp.c_proj'] },
      /attn\.c_proj|c_fc/,
    ],
    ['a pattern with exceptions', { target_modules: 'all-linear', exclude_modules: '.*h\\.0.*' }, /h\.1\./],
    ['one block', { target_modules: ['c_attn'], layers_to_transform: 1 }, /h\.1\.attn\.c_attn/],
    [
      'some blocks',
      { target_modules: ['c_attn'], layers_to_transform: [0, 5], layers_pattern: 'h' },
      /h\.0\.attn\.c_attn/,
    ],
  ])('may be %s', (_, said, meant) => {
    const adapter = read({ ...good, ...said }, only(everything, meant))
    const expected = pathsOf(everything).filter((path) => meant.test(path))
    expect(pathsOf(adapter)).toEqual(expected)
    const all = changes(everything)
    expectSame(changes(adapter), new Map(expected.map((path) => [path, all.get(path)!])))
  })

  it('are refused where files and names do not fit', () => {
    const two = { ...good, target_modules: ['c_attn'] }
    expect(() => read(two)).toThrow(/holds "base_model.*c_proj.*target_modules do not name/)
    expect(() => read(good, only(whole, /c_attn/))).toThrow(/lacks "base_model.*c_proj/)
    expect(() => read({ ...good, r: 2 })).toThrow(/another rank than adapter_config.json says/)
    expect(() => read({ ...good, target_modules: ['q_proj'] })).toThrow(/called c_attn, c_proj, c_fc/)
    expect(() => read({ ...good, target_modules: ['c_attn', 'lm_head'] })).toThrow(/changes lm_head/)
    expect(() => read({ ...good, target_modules: '.*' })).toThrow(/changes lm_head/)
  })

  it.each(['(a+)+b', '(?i)c_attn', '\\Ac_attn', '(', 'c_attn\\Z', '(?P=x)'])(
    'that are the pattern %j, which JavaScript would read otherwise, are refused',
    (pattern) => {
      expect(() => read({ ...good, target_modules: pattern })).toThrow(AdapterError)
      expect(() => read({ ...good, target_modules: pattern })).toThrow(/target_modules: .*Name the layers/)
    },
  )
})

describe('ranks and scales', () => {
  /** Each layer's factors at its own rank. */
  const ranked = (ranks: (name: string) => number): TensorMap =>
    new Map(
      [...whole.tensors].map(([name]) => {
        const at = grown({ ...plain, rank: ranks(name) })
        return [name, at.tensors.get(name)!]
      }),
    )
  const scaled = (tensors: TensorMap, scaleOf: (path: string, rank: number) => number) => {
    const found = new Map<string, number[]>()
    for (const [name, { shape }] of tensors) {
      if (!name.includes('.lora_A.')) continue
      const path = name.split('.').slice(3, -2).join('.')
      const rank = shape[0]
      const own = new Map([...tensors].filter(([other]) => other.includes(`.${path}.lora_`)))
      const adapter = { config: { ...plain, rank, alpha: scaleOf(path, rank) * rank }, tensors: own }
      found.set(path, changes(adapter).get(path)!)
    }
    return found
  }

  it('are alpha / √rank where the rank is stabilised', () => {
    const adapter = read({ ...good, use_rslora: true })
    expect(adapter.config.alpha / adapter.config.rank).toBeCloseTo(6 / Math.sqrt(3), 9)
  })

  it('may differ by patterns: what is learned stays the same', () => {
    const tensors = ranked((name) => (name.includes('c_attn') ? 5 : name.includes('h.1.mlp') ? 1 : 3))
    const config = {
      ...good,
      rank_pattern: { c_attn: 5, '^transformer\\.h\\.1\\.mlp\\.c_proj': 1, 'mlp.c_proj': 3 },
      alpha_pattern: { 'h.0.attn.c_attn': 1 },
    }
    const adapter = read(config, tensors)
    expect(adapter.config.rank).toBe(5)
    expectSame(
      changes(adapter),
      scaled(tensors, (path, rank) => (path === 'h.0.attn.c_attn' ? 1 : 6) / rank),
    )
  })

  it('may differ and be stabilised', () => {
    const tensors = ranked((name) => (name.includes('c_attn') ? 5 : 3))
    const adapter = read({ ...good, use_rslora: true, rank_pattern: { c_attn: 5 } }, tensors)
    expectSame(
      changes(adapter),
      scaled(tensors, (_, rank) => 6 / Math.sqrt(rank)),
    )
  })
})

describe('an adapter of some layers', () => {
  let base: LanguageModel
  beforeAll(async () => {
    base = await randomModel('wasm')
  })

  it('changes the loss, and training leaves the other layers and ranks at zero', async () => {
    const tensors = only(whole, /h\.1\.attn\.c_proj/)
    const adapter = read({ ...good, target_modules: ['h.1.attn.c_proj'] }, tensors)
    const rows = windows(
      [...'The cat sat on the mat.'].map((_, at) => (at * 7) % 60),
      8,
    )
    const batch = sequentialBatches(rows.slice(0, 2), 2, 8).next().value
    const lossOf = async (given: Adapter | null) => (await evaluate(base, given, [batch])).loss
    expect(await lossOf(adapter)).not.toBeCloseTo(await lossOf(null), 6)
    const trained = await train({
      model: base,
      adapter,
      batches: sequentialBatches(rows.slice(0, 2), 2, 8),
      steps: 3,
      learningRate: 1e-2,
    })
    expect([...changes(trained.adapter).keys()]).toEqual(['h.1.attn.c_proj'])
    expect(await lossOf(trained.adapter)).toBeLessThan(await lossOf(adapter))
  })
})

describe('the layout of an adapter', () => {
  it.each([
    { rank: 4e9, alpha: 16 },
    { rank: Number.NaN, alpha: 16 },
    { rank: 8, alpha: 0 },
    { rank: 8, alpha: -1 },
    { rank: 8, alpha: Number.NaN },
    { rank: 8, alpha: Number.POSITIVE_INFINITY },
  ])('is refused for rank $rank and alpha $alpha before anything is allocated', (numbers) => {
    expect(() => adapterLayout(model, { ...numbers, targets: ['c_attn'] })).toThrow(AdapterError)
  })
})
