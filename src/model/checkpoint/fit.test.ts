import { describe, expect, it } from 'vitest'
import { parseConfig } from '../config'
import { wholePart } from '../stretch'
import { type DeviceRoom, denserThan, fitOf, requireFit, weightBytes } from './fit'

const gpt2Small = parseConfig({
  model_type: 'gpt2',
  vocab_size: 50_257,
  n_positions: 1024,
  n_embd: 768,
  n_layer: 12,
  n_head: 12,
})
const llama8B = parseConfig({
  model_type: 'llama',
  vocab_size: 128_256,
  max_position_embeddings: 8192,
  hidden_size: 4096,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  intermediate_size: 14_336,
})
const qwen = { vocab_size: 151_936, tie_word_embeddings: true }
const qwen2 = parseConfig({
  ...qwen,
  model_type: 'qwen2',
  max_position_embeddings: 32_768,
  hidden_size: 896,
  num_hidden_layers: 24,
  num_attention_heads: 14,
  num_key_value_heads: 2,
  intermediate_size: 4864,
})
const qwen3 = parseConfig({
  ...qwen,
  model_type: 'qwen3',
  max_position_embeddings: 40_960,
  hidden_size: 1024,
  num_hidden_layers: 28,
  num_attention_heads: 16,
  num_key_value_heads: 8,
  intermediate_size: 3072,
})
const mebibyte = 2 ** 20
/** What every WebGPU device grants. */
const smallestGpu: DeviceRoom = {
  kind: 'webgpu',
  maxBufferBytes: 256 * mebibyte,
  maxBindingBytes: 128 * mebibyte,
}
const wasm: DeviceRoom = { kind: 'wasm', maxBytes: 4096 * mebibyte }

const bytesOf = (format: 'float32' | 'float16' | 'int8' | 'nf4') => {
  const fit = fitOf(gpt2Small, format, smallestGpu)
  return fit.fits ? fit.bytes : Number.NaN
}

describe('GPT-2 small', () => {
  it('fits the smallest GPU in every format, its embedding cut into pieces', () => {
    const matrices = 50_257 * 768 + 12 * 12 * 768 * 768
    const saved = (format: 'float16' | 'int8' | 'nf4') => (bytesOf('float32') - bytesOf(format)) / matrices
    expect(saved('float16')).toBe(2)
    expect(saved('int8')).toBeCloseTo(3, 2)
    expect(saved('nf4')).toBeCloseTo(4 - 0.5 - 4 / 64, 6)
    expect(bytesOf('float32') / 1e6).toBeGreaterThan(498) // the weights alone
    expect(bytesOf('float32') / 1e6).toBeLessThan(600)
  })

  it('fits WebAssembly, where formats save nothing', () => {
    expect(fitOf(gpt2Small, 'nf4', wasm)).toEqual(fitOf(gpt2Small, 'float32', wasm))
    expect(fitOf(gpt2Small, 'float32', wasm).fits).toBe(true)
  })
})

describe.each([
  ['Qwen2.5-0.5B', qwen2, 494_032_768],
  ['Qwen3-0.6B', qwen3, 596_049_920],
])('%s', (_, config, parameters) => {
  const bytesIn = (device: DeviceRoom, format: 'float16' | 'int8' | 'nf4') => {
    const fit = fitOf(config, format, device)
    return fit.fits ? fit.bytes / parameters : Number.NaN
  }

  it('fits the smallest GPU and WebAssembly: weights, angles and a small step', () => {
    for (const [format, least] of [
      ['float16', 2],
      ['int8', 1],
      ['nf4', 0.5],
    ] as const) {
      expect(bytesIn(smallestGpu, format)).toBeGreaterThan(least)
      expect(bytesIn(smallestGpu, format)).toBeLessThan(least + 0.6)
    }
    expect(bytesIn(wasm, 'float16')).toBeGreaterThan(4)
    expect(bytesIn(wasm, 'float16')).toBeLessThan(4.6)
  })

  it('does not fit a device with 2 GB, which is said', () => {
    expect(() => requireFit(config, 'float16', { kind: 'wasm', maxBytes: 2e9 })).toThrow(
      /needs 2\.\d GB of memory, but wasm has 2\.0 GB\. Choose a smaller model/,
    )
  })
})

describe('LLaMA-7B', () => {
  const llama7B = parseConfig({
    model_type: 'llama',
    vocab_size: 32_000,
    max_position_embeddings: 2048,
    hidden_size: 4096,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    intermediate_size: 11_008,
  })
  const bytesAs = (format: 'float16' | 'int8' | 'nf4') =>
    weightBytes(llama7B, format, wholePart(llama7B)) / 1e9

  it('takes 13.5, 6.7 and 3.8 GB, so that as NF4 it lies on one card', () => {
    expect(bytesAs('float16')).toBeCloseTo(13.48, 1)
    expect(bytesAs('int8')).toBeCloseTo(6.75, 1)
    expect(bytesAs('nf4')).toBeCloseTo(3.79, 1)
    expect(fitOf(llama7B, 'nf4', smallestGpu).fits).toBe(true)
    expect(denserThan('float16')).toEqual(['int8', 'nf4'])
  })

  it('does not fit WebAssembly, and is not sent there; what it would take on a GPU is said', () => {
    expect(() => requireFit(llama7B, 'float32', wasm)).toThrow(
      /WebGPU, where its weights take 13\.5 GB \(float16\), 6\.7 GB \(int8\), 3\.8 GB \(nf4\)/,
    )
    expect(() => requireFit(llama7B, 'float16', smallestGpu)).toThrow(/Keep its weights as int8\.$/)
  })
})

describe('LLaMA 8B', () => {
  it('does not fit WebAssembly, and the refusal says what to do', () => {
    expect(() => requireFit(llama8B, 'nf4', wasm)).toThrow(
      /needs 3\d\.\d GB.*wasm has 4\.3 GB. Choose a smaller model/,
    )
  })

  it('fits a GPU only in a denser format, which the refusal names', () => {
    expect(() => requireFit(llama8B, 'float32', smallestGpu)).toThrow(/takes 470 MB as float32.*as int8/)
    expect(fitOf(llama8B, 'int8', smallestGpu).fits).toBe(true)
    const tiny: DeviceRoom = { kind: 'webgpu', maxBufferBytes: mebibyte, maxBindingBytes: mebibyte }
    expect(() => requireFit(llama8B, 'nf4', tiny)).toThrow(/Choose a smaller model/)
  })
})
