import { describe, expect, it } from 'vitest'
import { randomModelFiles } from '../training/testing'
import { type AdapterConfig, adapterHash, decodeAdapter, encodeAdapter } from './adapter'
import { parseConfig } from './config'
import { AdapterError, adapterLayout, flatten, initialAdapter, targetsFor, unflatten } from './lora'
import { oracleModel } from './oracle'

const model = parseConfig(randomModelFiles().config)
const config: AdapterConfig = { rank: 3, alpha: 6, targets: ['c_proj', 'c_attn'] }

describe('targets', () => {
  it('name layers as PEFT does: c_proj is two layers of each block', () => {
    const { slots } = adapterLayout(model, { ...config, targets: ['c_proj'] })
    expect(slots.map(({ name, shape }) => `${name} ${shape}`)).toEqual([
      'base_model.model.transformer.h.0.attn.c_proj.lora_A.weight 3,16',
      'base_model.model.transformer.h.0.attn.c_proj.lora_B.weight 16,3',
      'base_model.model.transformer.h.0.mlp.c_proj.lora_A.weight 3,64',
      'base_model.model.transformer.h.0.mlp.c_proj.lora_B.weight 16,3',
      'base_model.model.transformer.h.1.attn.c_proj.lora_A.weight 3,16',
      'base_model.model.transformer.h.1.attn.c_proj.lora_B.weight 16,3',
      'base_model.model.transformer.h.1.mlp.c_proj.lora_A.weight 3,64',
      'base_model.model.transformer.h.1.mlp.c_proj.lora_B.weight 16,3',
    ])
  })

  it('of LLaMA that the engine computes as one lie together: A below each other, B end to end', () => {
    const llama = parseConfig(oracleModel('llama-untied').config) // 4 heads of 8, 2 of keys and values
    const { linears, slots } = adapterLayout(llama, { rank: 4, alpha: 8, targets: ['v_proj', 'q_proj'] })
    expect(linears[0].qkv).toMatchObject({
      rows: 8,
      inSize: 32,
      bSize: (32 + 16) * 4,
      segments: [
        { from: 0, size: 32, rank: 4, bOffset: 0, uColumn: 0 },
        { from: 48, size: 16, rank: 4, bOffset: 128, uColumn: 4 },
      ],
    })
    expect(slots.map(({ name, shape }) => `${name} ${shape}`)).toEqual([
      'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight 4,32',
      'base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight 32,4',
      'base_model.model.model.layers.0.self_attn.v_proj.lora_A.weight 4,32',
      'base_model.model.model.layers.0.self_attn.v_proj.lora_B.weight 16,4',
    ])
  })

  it('never overlap in the flat vector', () => {
    const { slots, size } = adapterLayout(model, { ...config, targets: ['c_fc', 'c_proj', 'c_attn'] })
    let end = 0
    for (const { offset, shape } of slots.toSorted((one, other) => one.offset - other.offset)) {
      expect(offset).toBeGreaterThanOrEqual(end)
      end = offset + shape[0] * shape[1]
    }
    expect(end).toBeLessThanOrEqual(size)
  })

  it('of a GPT-2 mean the same layers of a LLaMA', () => {
    expect(targetsFor('llama', ['c_attn', 'c_fc'])).toEqual([
      'q_proj',
      'k_proj',
      'v_proj',
      'gate_proj',
      'up_proj',
    ])
    expect(targetsFor('llama', ['o_proj'])).toEqual(['o_proj'])
    expect(targetsFor('gpt2', ['c_proj'])).toEqual(['c_proj'])
  })

  it('of a Qwen3 have the size of its heads, whose width stands by itself', () => {
    const qwen = parseConfig(oracleModel('qwen3-untied').config) // 4 heads of 12 in a width of 32, 1 of keys and values
    const { slots } = adapterLayout(qwen, { rank: 2, alpha: 4, targets: ['q_proj', 'k_proj', 'o_proj'] })
    expect(slots.map(({ name, shape }) => `${name} ${shape}`)).toEqual([
      'base_model.model.model.layers.0.self_attn.k_proj.lora_A.weight 2,32',
      'base_model.model.model.layers.0.self_attn.k_proj.lora_B.weight 12,2',
      'base_model.model.model.layers.0.self_attn.o_proj.lora_A.weight 2,48',
      'base_model.model.model.layers.0.self_attn.o_proj.lora_B.weight 32,2',
      'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight 2,32',
      'base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight 48,2',
    ])
    const foreign = { rank: 2, alpha: 4, targets: ['c_attn'] }
    expect(() => adapterLayout(qwen, foreign)).toThrow(/^A Qwen3 has no layers named "c_attn"/)
  })

  it.each([
    [{ ...config, targets: ['q_proj'] }, /no layers named "q_proj". Targets are c_attn, c_proj, c_fc/],
    [{ ...config, targets: ['constructor'] }, /no layers named/],
    [{ ...config, targets: [] }, /at least one target/],
    [{ ...config, rank: 0 }, /whole number from 1/],
  ])('are refused where they mean nothing', (wrong, message) => {
    expect(() => adapterLayout(model, wrong)).toThrow(AdapterError)
    expect(() => adapterLayout(model, wrong)).toThrow(message)
  })
})

describe('the initial adapter', () => {
  it('is the same for the same seed and has B = 0, A within ±1/sqrt(in)', () => {
    const adapter = initialAdapter(model, config, 7)
    expect(adapterHash(adapter)).toBe(adapterHash(initialAdapter(model, config, 7)))
    expect(adapterHash(adapter)).not.toBe(adapterHash(initialAdapter(model, config, 8)))
    for (const [name, { shape, data }] of adapter.tensors) {
      const bound = name.includes('lora_A') ? 1 / Math.sqrt(shape[1]) : 0
      expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual(bound)
      if (bound) expect(Math.max(...data)).toBeGreaterThan(0.8 * bound)
    }
  })

  it('travels as bytes and as one flat array, and comes back the same', () => {
    const adapter = initialAdapter(model, config, 7)
    const again = decodeAdapter(encodeAdapter(adapter), config)
    expect(adapterHash(again)).toBe(adapterHash(adapter))
    const layout = adapterLayout(model, config)
    expect(adapterHash(unflatten(layout, config, flatten(layout, again)))).toBe(adapterHash(adapter))
  })
})

describe('an adapter of somebody else', () => {
  const adapter = initialAdapter(model, config, 7)
  const [firstName, first] = [...adapter.tensors][0]
  const withTensor = (name: string, tensor: typeof first) => ({
    config,
    tensors: new Map([...adapter.tensors, [name, tensor]]),
  })

  it.each([
    ['a missing tensor', { config, tensors: new Map([...adapter.tensors].slice(1)) }, /lacks/],
    ['a foreign tensor', withTensor('evil', first), /holds "evil"/],
    ['another rank', { ...adapter, config: { ...config, rank: 2 } }, /another rank/],
    [
      'numbers that are none',
      withTensor(firstName, { ...first, data: first.data.map(() => Number.NaN) }),
      /not finite/,
    ],
  ])('is refused for %s', (_, wrong, message) => {
    expect(() => flatten(adapterLayout(model, wrong.config), wrong)).toThrow(AdapterError)
    expect(() => flatten(adapterLayout(model, wrong.config), wrong)).toThrow(message)
  })
})
