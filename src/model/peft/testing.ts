/** For tests: adapters of the oracle's tiny GPT-2 with numbers in both factors, as PEFT would save them. */
import { expect } from 'vitest'

import type { Adapter, AdapterConfig } from '../adapter'
import { parseConfig } from '../config'
import { initialAdapter } from '../lora'
import { oracleModel } from '../oracle'
import { encodeSafetensors, type TensorMap } from '../safetensors'
import { decodePeft } from './peft'

/** d = 16, two blocks. */
export const model = parseConfig(oracleModel('gpt2').config)
export const plain: AdapterConfig = { rank: 3, alpha: 6, targets: ['c_proj', 'c_attn'] }

/** An adapter with numbers in both factors. */
export function grown(config: AdapterConfig): Adapter {
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
export const whole = grown(plain)
export const good = { peft_type: 'LORA', r: 3, lora_alpha: 6, target_modules: ['c_proj', 'c_attn'] }
export const read = (config: unknown, tensors: TensorMap = whole.tensors) =>
  decodePeft(
    {
      config: typeof config === 'string' ? config : JSON.stringify(config),
      weights: encodeSafetensors(tensors),
    },
    model,
  )
/** Only the tensors whose names fit. */
export const only = (adapter: Adapter, pattern: RegExp): TensorMap =>
  new Map([...adapter.tensors].filter(([name]) => pattern.test(name)))
/** B A times its scale, of every layer that has one. */
export function changes({ config, tensors }: Adapter): Map<string, number[]> {
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
export const expectSame = (one: Map<string, number[]>, other: Map<string, number[]>) => {
  expect([...one.keys()].sort()).toEqual([...other.keys()].sort())
  for (const [path, product] of one)
    for (const [at, value] of product.entries()) expect(value).toBeCloseTo(other.get(path)![at], 5)
}
