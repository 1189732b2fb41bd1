import { describe, expect, it } from 'vitest'
import { halfOfBits, halfTable } from './halfFloat'

const bitsOf = (value: number): number => new Uint32Array(new Float32Array([value]).buffer)[0]
const half = (value: number): number => halfOfBits(bitsOf(value))

describe('halves', () => {
  it('come back from floats unchanged, all finite ones', () => {
    const back = Array.from(halfTable(), (value, bits) => (Number.isFinite(value) ? half(value) : bits))
    expect(back.findIndex((bits, index) => bits !== index)).toBe(-1)
  })

  it('are the nearest to any float, and in the middle the even one', () => {
    const table = halfTable()
    const wrong: number[] = []
    for (let bits = 0; bits < 0x7bff; bits++) {
      const [low, high] = [table[bits], table[bits + 1]]
      const middle = (low + high) / 2 // exact in float32
      const even = bits % 2 === 0 ? bits : bits + 1
      const found = [low + (high - low) / 4, middle, high - (high - low) / 4, -middle].map(half)
      if (found.join() !== [bits, even, bits + 1, even | 0x8000].join()) wrong.push(bits)
    }
    expect(wrong).toEqual([])
  })

  it('end in infinity', () => {
    expect(half(65_519)).toBe(0x7bff)
    expect(half(65_520)).toBe(0x7c00)
    expect(half(-3e38)).toBe(0xfc00)
  })
})
