import { beforeAll, describe, expect, it } from 'vitest'
import { sequentialBatches } from '../../training/batches'
import { evaluate } from '../../training/evaluate'
import { windows } from '../../training/rows'
import { randomModel } from '../../training/testing'
import { train } from '../../training/train'
import { type Adapter, adapterHash } from '../adapter'
import { parseConfig } from '../config'
import type { LanguageModel } from '../languageModel'
import { AdapterError, adapterLayout, targetsOf } from '../lora'
import { oracleModel } from '../oracle'
import { decodeSafetensors, encodeSafetensors, type TensorMap } from '../safetensors'
import { decodePeft, encodePeft } from './peft'
import { changes, expectSame, good, grown, model, only, plain, read, whole } from './testing'

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

describe.each(['qwen2-tied-sharded', 'qwen3-tied-sharded'] as const)('an adapter of %s', (name) => {
  const { config: json, start } = oracleModel(name)
  const qwen = parseConfig(json)
  const all = encodePeft(start, name)
  const reading = (settings: object, wanted: RegExp) =>
    decodePeft(
      {
        config: JSON.stringify({ ...JSON.parse(all.config), ...settings }),
        weights: encodeSafetensors(only(start, wanted)),
      },
      qwen,
    )

  it('is called as in PEFT, and its layers are those of a LLaMA', () => {
    const names = [...decodeSafetensors(all.weights).tensors.keys()]
    expect(names).toContain('base_model.model.model.layers.1.self_attn.k_proj.lora_A.weight')
    expect(names).toHaveLength(2 * 2 * 7)
    expect(reading({ target_modules: 'all-linear' }, /./).config.targets.toSorted()).toEqual(
      targetsOf('llama').toSorted(),
    )
    expect(reading({ target_modules: null }, /[qv]_proj/).config.targets).toEqual(['q_proj', 'v_proj'])
  })

  it('is refused where it changes the head or norms', () => {
    expect(() => reading({ target_modules: ['q_proj', 'lm_head'] }, /q_proj/)).toThrow(/changes lm_head/)
    expect(() => reading({ target_modules: ['q_norm', 'k_norm'] }, /q_proj/)).toThrow(
      /none of the model's layers is meant\. They are called q_proj, k_proj, v_proj/,
    )
  })
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
