import { describe, expect, it } from 'vitest'
import type { TensorMap } from '../../model/safetensors'
import { sendingOf } from './lying'

const of = (name: string, ...values: number[]): TensorMap =>
  new Map([[name, { shape: [values.length, 1], data: Float32Array.from(values) }]])
const b = (...values: number[]) => of('w.lora_B.weight', ...values)
const a = (...values: number[]) => of('w.lora_A.weight', ...values)

describe('what a tab sends', () => {
  it('is what it has learned, also where it reads something else', () => {
    for (const attack of ['none', 'label-flip', 'backdoor'] as const) {
      const honest = b(1, 2)
      expect(sendingOf(() => ({ attack, seed: 1 }))(honest, 1, 0)).toBe(honest)
    }
  })

  it('is what its address asks for, as long as that stands', () => {
    let attack: 'none' | 'sign-flip' = 'sign-flip'
    const send = sendingOf(() => ({ attack, seed: 1 }))
    expect(send(b(1, 2), 1, 0)).toEqual(b(-3, -6))
    attack = 'none'
    expect(send(b(1, 2), 2, 0)).toEqual(b(1, 2))
  })

  it('repeats the first update of the same factors, where they take turns', () => {
    const send = sendingOf(() => ({ attack: 'lazy', seed: 1 }))
    expect(send(b(1), 1, 0)).toEqual(b(1))
    expect(send(a(2, 2), 2, 0)).toEqual(a(2, 2))
    expect(send(b(3), 3, 0)).toEqual(b(1))
    for (let round = 4; round < 12; round++) expect(send(b(round), round, 0)).toEqual(b(1))
  })
})
