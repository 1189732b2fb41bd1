/** The oracle is PEFT: `bench/oracle/peft_oracle.py` has saved adapters of every form, and what they add to each layer. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Adapter } from '../adapter'
import { parseConfig } from '../config'
import { adapterLayout, flatten } from '../lora'
import { encodeSafetensors } from '../safetensors'
import { decodePeft } from './peft'

interface Form {
  readonly model: object
  readonly config: object
  readonly tensors: Readonly<Record<string, { readonly shape: number[]; readonly data: number[] }>>
  /** By layer, for the input x[i] = sin(i). */
  readonly added: Readonly<Record<string, number[]>>
}
const forms: Readonly<Record<string, Form>> = JSON.parse(readFileSync('src/model/fixtures/peft.json', 'utf8'))

/** (alpha / rank) B A x of each layer for which that is not zero. */
function addedBy({ config, tensors }: Adapter): Record<string, number[]> {
  const added: Record<string, number[]> = {}
  for (const [name, a] of tensors) {
    if (!name.endsWith('.lora_A.weight')) continue
    const b = tensors.get(name.replace('.lora_A.', '.lora_B.'))!
    const [rank, inSize] = a.shape
    const u = Array.from({ length: rank }, (_, row) =>
      a.data
        .subarray(row * inSize, (row + 1) * inSize)
        .reduce((sum, value, at) => sum + value * Math.sin(at), 0),
    )
    const y = Array.from({ length: b.shape[0] }, (_, row) =>
      u.reduce((sum, value, at) => sum + value * b.data[row * rank + at], 0),
    )
    const path = name.slice('base_model.model.'.length, -'.lora_A.weight'.length)
    if (y.some((value) => value !== 0)) added[path] = y.map((value) => (value * config.alpha) / rank)
  }
  return added
}

describe.each(Object.entries(forms))(
  'an adapter that PEFT saved: %s',
  (_, { model, config, tensors, added }) => {
    const parsed = parseConfig(model)
    const weights = encodeSafetensors(
      new Map(
        Object.entries(tensors).map(([name, { shape, data }]) => [
          name,
          { shape, data: Float32Array.from(data) },
        ]),
      ),
    )
    const adapter = decodePeft({ config: JSON.stringify(config), weights }, parsed)

    it('adds to the same layers, and the same, as in PEFT', () => {
      const own = addedBy(adapter)
      expect(Object.keys(own).sort()).toEqual(Object.keys(added).sort())
      for (const [path, values] of Object.entries(added))
        for (const [at, value] of values.entries()) expect(own[path][at]).toBeCloseTo(value, 4)
    })

    it('is one that the engine takes', () => {
      expect(() => flatten(adapterLayout(parsed, adapter.config), adapter)).not.toThrow()
    })
  },
)
