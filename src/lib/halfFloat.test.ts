import { describe, expect, it } from 'vitest'
import { halfOfBits, halfTable } from './halfFloat'

const bitsOf = (value: number): number => new Uint32Array(new Float32Array([value]).buffer)[0]
const half = (value: number): number => halfOfBits(bitsOf(value))

describe('halves', () => {
  it('come back from floats unchanged, all finite ones', () => {
    const table = halfTable()
    for (let bits = 0; bits < 65_536; bits++)
      if (Number.isFinite(table[bits])) expect(half(table[bits])).toBe(bits)
  })

  it('are the nearest to any float, and in the middle the even one', () => {
    const table = halfTable()
    for (let bits = 0; bits < 0x7bff; bits++) {
      const [low, high] = [table[bits], table[bits + 1]]
      const middle = (low + high) / 2 // exact in float32
      expect(half(middle)).toBe(bits % 2 === 0 ? bits : bits + 1)
      expect(half(low + (high - low) / 4)).toBe(bits)
      expect(half(high - (high - low) / 4)).toBe(bits + 1)
      expect(half(-middle)).toBe(half(middle) | 0x8000)
    }
  })

  it('end in infinity', () => {
    expect(half(65_519)).toBe(0x7bff)
    expect(half(65_520)).toBe(0x7c00)
    expect(half(-3e38)).toBe(0xfc00)
  })
})
