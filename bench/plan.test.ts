import { expect, test } from 'vitest'
import { planOf } from './plan'
import { contextLength, generation } from './shapes'

test('--quick is the smallest shape on WebAssembly, two rounds of all trainers', () => {
  const { shape, backend, round, rounds } = planOf(['--quick'])
  expect([shape.name, backend, rounds]).toEqual(['S0', 'wasm', 2])
  expect(round.map(({ peer }) => peer)).toEqual(['gossamer', 'stock', 'jax', 'nanogpt'])
  expect(round.every(({ warmUp, steps }) => warmUp === 2 && steps === 6)).toBe(true)
})

test('a Qwen3 is Gossamer’s alone, and runs only where it is asked for', () => {
  for (const kind of ['training', 'generation']) {
    const { shape, round } = planOf(['--shape', 'S3', '--backend', 'webgpu', '--kind', kind])
    expect(shape.name).toBe('S3')
    expect(round.map(({ peer }) => peer)).toEqual(['gossamer'])
  }
  for (const usual of [['--quick'], [], ['--backend', 'webgpu']]) expect(planOf(usual).shape.name).toBe('S0')
})

test('a longer prompt gives every peer a longer context', () => {
  const { shape } = planOf(['--kind', 'generation', '--prompt', '1024'])
  expect(contextLength(shape)).toBe(1024 + generation.tokens)
  expect(contextLength(planOf([]).shape)).toBe(96)
})

test('peers run in the order in which they were named', () => {
  const { round } = planOf(['--peers', 'jax,gossamer'])
  expect(round.map(({ peer }) => peer)).toEqual(['jax', 'gossamer'])
})

test('several threads are measured where they are named', () => {
  const { round } = planOf(['--peers', 'gossamer,gossamer-threads'])
  expect(round.map(({ peer }) => peer)).toEqual(['gossamer', 'gossamer-threads'])
})

test.each([
  ['--shape S9', /--shape must be S0 or C1 or S1 or S2 or S3/],
  ['--backend gpu', /--backend must be wasm or webgpu/],
  ['--peers tfjs', /knows no "tfjs"\. Choose from gossamer,stock,jax,nanogpt/],
  ['--kind generation --peers jax', /Choose from gossamer,stock,ort/],
  ['--targets c_foo', /Choose from c_attn,c_proj,c_fc/],
  ['--shape S2', /S2 is GPT-2 small and takes minutes .* add --backend webgpu/],
  ['--shape S3', /S3 is Qwen3-0\.6B and takes minutes .* add --backend webgpu/],
  [
    '--shape S3 --backend webgpu --peers gossamer,jax',
    /a Qwen3, which jax does not compute here: leave --peers out/,
  ],
  ['--peers gossamer-threads --backend webgpu', /on the processor: add --backend wasm/],
  ['--prompt 128', /add --kind generation/],
  ['--profile', /add --backend webgpu/],
  ['--phone', /limits what a GPU offers: add --backend webgpu/],
  ['--steps none', /--steps must be a number, not "none"/],
  ['--step 3', /no flag --step\. Flags here: .*--steps/],
])('%s is refused with the words that are right', (words, message) => {
  expect(() => planOf(words.split(' '))).toThrow(message)
})
