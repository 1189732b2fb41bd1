import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matrixBytes, nf4Codes, type PackedFormat, packMatrix, rowWords, unpackMatrix } from './packing'

const formats: PackedFormat[] = ['float16', 'int8', 'nf4']

const matrices = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 150 }))
  .chain(([rows, columns]) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      data: fc.float32Array({
        minLength: rows * columns,
        maxLength: rows * columns,
        min: -100,
        max: 100,
        noNaN: true,
      }),
    }),
  )

const through = (data: Float32Array, rows: number, columns: number, format: PackedFormat) =>
  unpackMatrix(packMatrix(data, rows, columns, format), rows, columns, format)

const largest = (numbers: Float32Array) =>
  numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0)

describe('a packed matrix', () => {
  it('errs by half a step of its format at most', () => {
    fc.assert(
      fc.property(matrices, fc.constantFrom(...formats), ({ rows, columns, data }, format) => {
        const back = through(data, rows, columns, format)
        for (let at = 0; at < data.length; at++) {
          const row = Math.floor(at / columns)
          const begin = row * columns + (format === 'nf4' ? 64 * Math.floor((at % columns) / 64) : 0)
          const end = format === 'nf4' ? Math.min(begin + 64, (row + 1) * columns) : (row + 1) * columns
          const scale = largest(data.subarray(begin, end))
          // The widest gap between nf4 codes is that from -1 to -0.696.
          const bound = {
            float16: Math.max(2 ** -25, Math.abs(data[at]) * 2 ** -11),
            int8: (scale / 127) * 0.50001 + 2 ** -140,
            nf4: scale * 0.15191,
          }[format]
          expect(Math.abs(back[at] - data[at])).toBeLessThanOrEqual(bound)
        }
      }),
    )
  })

  it('changes no more when it is packed again', () => {
    fc.assert(
      fc.property(
        matrices,
        fc.constantFrom('float16' as const, 'nf4' as const),
        ({ rows, columns, data }, format) => {
          const once = through(data, rows, columns, format)
          expect(through(once, rows, columns, format)).toEqual(once)
        },
      ),
    )
  })

  it('holds exactly what its format can say', () => {
    const halves = Float32Array.of(1, -2, 0.333251953125, 2 ** -24, 65_472, 0)
    expect(through(halves, 2, 3, 'float16')).toEqual(halves)
    const bytes = Float32Array.from({ length: 255 }, (_, index) => 0.5 * (index - 127))
    expect(through(bytes, 1, 255, 'int8')).toEqual(bytes)
    const codes = nf4Codes.map((code) => 4 * code)
    expect(through(codes, 1, 16, 'nf4')).toEqual(codes)
    for (const format of formats)
      expect(through(new Float32Array(6), 2, 3, format)).toEqual(new Float32Array(6))
  })

  it('lies in words as the shaders read it', () => {
    expect(packMatrix(Float32Array.of(1, -2, 0.5), 1, 3, 'float16').words).toEqual(
      Uint32Array.of(0xc000_3c00, 0x0000_3800),
    )
    const bytes = packMatrix(Float32Array.of(127, -127, 1, 2, -1, 0, 0, 0, 0, 254), 2, 5, 'int8')
    expect(bytes.words).toEqual(Uint32Array.of(0x0201_817f, 0x0000_00ff, 0, 0x0000_007f))
    expect(bytes.scales).toEqual(Float32Array.of(1, 2))
    const nf4 = packMatrix(Float32Array.of(-3, 3, 0, ...new Array(62).fill(0), 5), 1, 66, 'nf4')
    expect(nf4.words).toEqual(
      Uint32Array.of(
        0x7777_77f0,
        ...new Array(7).fill(0x7777_7777),
        0x7777_77f7,
        ...new Array(7).fill(0x7777_7777),
      ),
    )
    expect(nf4.scales).toEqual(Float32Array.of(3, 5))
  })

  it('takes the bytes that are announced', () => {
    for (const format of formats) {
      const { words, scales } = packMatrix(new Float32Array(3 * 70), 3, 70, format)
      expect(words.length).toBe(3 * rowWords(70, format))
      expect(words.byteLength + (scales?.byteLength ?? 0)).toBe(matrixBytes(3, 70, format))
    }
    expect(matrixBytes(3, 70, 'float32')).toBe(840)
  })

  it('refuses as float16 what a half cannot hold, by name', () => {
    const pack = (value: number) => () => packMatrix(Float32Array.of(0, value), 1, 2, 'float16', '"h.0.up"')
    expect(pack(65_503)).not.toThrow()
    for (const value of [65_504, -70_000, Number.NaN, Number.POSITIVE_INFINITY])
      expect(pack(value)).toThrow(/"h.0.up" holds the number .* too large for float16/)
  })
})
