import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { constants, declare, float, spread } from './text'

describe('WGSL text', () => {
  it('spreads workgroups over dimensions that WebGPU allows, wasting less than one row', () => {
    const count = fc.integer({ min: 1, max: 2 ** 31 })
    fc.assert(
      fc.property(count, (count) => {
        const [x, y, z] = spread(count)
        expect(Math.max(x, y, z)).toBeLessThanOrEqual(65535)
        expect(x * y * z).toBeGreaterThanOrEqual(count)
        expect(x * y * z - count).toBeLessThan(y)
      }),
    )
    expect(spread(65535)).toEqual([65535, 1, 1])
  })

  it('writes floats that read back as the same 32 bits', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = float(value)
        expect(text).toMatch(/^\(?-?\d+(\.\d+)?(e[+-]?\d+)?f\)?$/)
        expect(Number.parseFloat(text.replace('(', '')) + 0).toBe(value + 0)
      }),
    )
    expect(() => float(Number.NaN)).toThrow(RangeError)
  })

  it('declares bindings in their order', () => {
    const text = declare([
      { operand: 'weight', buffer: 'words', access: 'read', type: 'u32' },
      { operand: 'weight', buffer: 'scales', access: 'read', type: 'f32' },
      { operand: 'y', access: 'read_write', type: 'vec4f' },
    ])
    expect(text).toBe(
      '@group(0) @binding(0) var<storage, read> weight: array<u32>;\n' +
        '@group(0) @binding(1) var<storage, read> weightScales: array<f32>;\n' +
        '@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;\n',
    )
    expect(constants({ rows: 3, epsilon: float(0.5) })).toBe('const rows = 3u;\nconst epsilon = 0.5f;\n')
  })
})
