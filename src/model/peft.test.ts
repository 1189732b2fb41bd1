import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseConfig } from './config'
import { AdapterError, adapterLayout } from './lora'
import { decodePeft, encodePeft, maxConfigCharacters, mostRank } from './peft'
import { encodeSafetensors, SafetensorsError } from './safetensors'

const tensors = new Map([['base_model.model.x.lora_A.weight', { shape: [1, 2], data: new Float32Array(2) }]])
const weights = encodeSafetensors(tensors)
const good = { peft_type: 'LORA', r: 8, lora_alpha: 16, target_modules: ['c_attn'] }
const read = (config: unknown) =>
  decodePeft({ config: typeof config === 'string' ? config : JSON.stringify(config), weights })

describe('adapter_config.json', () => {
  it('comes back as it was written', () => {
    const adapter = { config: { rank: 8, alpha: 16, targets: ['c_attn'] }, tensors }
    expect(decodePeft(encodePeft(adapter, 'toy'))).toEqual(adapter)
  })

  it.each<[string, string, unknown[]]>([
    ['r', 'r', [0, -1, 1.5, 4e9, mostRank + 1, null, '8']],
    ['lora_alpha', 'lora_alpha', [0, -1, 1e300, null, 'x']],
    ['target_modules', 'target_modules', [[], [''], 'all-linear', ['x'.repeat(201)], Array(1001).fill('x')]],
  ])('is refused for an impossible %s, by name', (_, name, values) => {
    for (const value of values) {
      expect(() => read({ ...good, [name]: value }), String(value)).toThrow(AdapterError)
      expect(() => read({ ...good, [name]: value })).toThrow(`adapter_config.json: ${name}`)
    }
  })

  it('is refused for numbers that JSON cannot say', () => {
    for (const number of ['NaN', 'Infinity', '-Infinity', '1e999'])
      expect(() => read(`{"peft_type":"LORA","r":8,"lora_alpha":${number},"target_modules":["x"]}`)).toThrow(
        AdapterError,
      )
  })

  it('is refused by its length before it is parsed', () => {
    const long = JSON.stringify({ ...good, note: 'x'.repeat(maxConfigCharacters) })
    expect(() => read(long)).toThrow(/characters, more than 100000/)
  })

  it('of anything is one that can be used, or refused by an AdapterError or a SafetensorsError', () => {
    const value = fc.oneof(fc.jsonValue(), fc.integer({ min: -1, max: 5 }), fc.constantFrom(4e9, 0.5, 1e300))
    const config = fc.oneof(
      fc.string(),
      fc.jsonValue().map((json) => JSON.stringify(json)),
      fc
        .dictionary(fc.constantFrom(...Object.keys(good), 'rank_pattern', 'bias', 'use_dora'), value)
        .map((change) => JSON.stringify({ ...good, ...change })),
    )
    fc.assert(
      fc.property(config, fc.oneof(fc.constant(weights), fc.uint8Array()), (text, bytes) => {
        try {
          const { rank, alpha } = decodePeft({ config: text, weights: bytes }).config
          expect(rank >= 1 && rank <= mostRank && alpha > 0 && Number.isFinite(alpha)).toBe(true)
        } catch (problem) {
          expect(problem instanceof AdapterError || problem instanceof SafetensorsError).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the layout of an adapter', () => {
  const gpt2 = { model_type: 'gpt2', vocab_size: 10, n_positions: 8, n_embd: 8, n_layer: 1, n_head: 2 }
  it.each([
    { rank: 4e9, alpha: 16 },
    { rank: Number.NaN, alpha: 16 },
    { rank: 8, alpha: 0 },
    { rank: 8, alpha: -1 },
    { rank: 8, alpha: Number.NaN },
    { rank: 8, alpha: Number.POSITIVE_INFINITY },
  ])('is refused for rank $rank and alpha $alpha before anything is allocated', (numbers) => {
    expect(() => adapterLayout(parseConfig(gpt2), { ...numbers, targets: ['c_attn'] })).toThrow(AdapterError)
  })
})
