import { describe, expect, it } from 'vitest'
import { parseConfig } from '../config'
import { type DeviceRoom, fitOf, requireFit } from './fit'

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
