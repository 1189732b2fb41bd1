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

/** The numbers that share a scale with that at a place of a matrix of these columns. */
function neighboursOf(data: Float32Array, at: number, columns: number, format: PackedFormat): Float32Array {
  const row = Math.floor(at / columns)
  const begin = row * columns + (format === 'nf4' ? 64 * Math.floor((at % columns) / 64) : 0)
  const end = (row + 1) * columns
  return data.subarray(begin, format === 'nf4' ? Math.min(begin + 64, end) : end)
}

describe('a packed matrix', () => {
  it('errs by half a step of its format at most; what shares a scale below 2^-119 is zero', () => {
    fc.assert(
      fc.property(matrices, fc.constantFrom(...formats), ({ rows, columns, data }, format) => {
        const back = through(data, rows, columns, format)
        for (let at = 0; at < data.length; at++) {
          const scale = largest(neighboursOf(data, at, columns, format))
          const isZero = format !== 'float16' && scale < 2 ** -119
          // The widest gap between nf4 codes is that from -1 to -0.696; halves are 2^-24 apart where they are subnormal.
          const bound = {
            float16: Math.max(2 ** -25, Math.abs(data[at]) * 2 ** -11),
            int8: (scale / 127) * 0.50001,
            nf4: scale * 0.15191,
          }[format]
          if (isZero) expect(Math.abs(back[at])).toBe(0)
          else expect(Math.abs(back[at] - data[at])).toBeLessThanOrEqual(bound)
        }
      }),
    )
  })

  it('has of each number the nearest code of nf4, of two that are as near the lower one', () => {
    const middles = [...nf4Codes.slice(1)].map((code, index) => Math.fround((nf4Codes[index] + code) / 2))
    const nearest = (number: number) => nf4Codes[middles.filter((middle) => number > middle).length]
    const units = Float32Array.from({ length: 4096 }, (_, step) => step / 2048 - 1)
    const beside = middles.flatMap((middle) => [middle, middle - 2 ** -25, middle + 2 ** -25])
    const numbers = Float32Array.of(1, ...beside, -1, ...units).map((number) => Math.max(-1, number))
    for (let begin = 0; begin < numbers.length; begin += 63) {
      const some = Float32Array.of(1, ...numbers.slice(begin, begin + 63)) // a scale of one
      expect(through(some, 1, some.length, 'nf4')).toEqual(some.map(nearest))
    }
  })

  it('gives nobody a subnormal number, which a GPU may take for zero', () => {
    const tiny = fc.integer({ min: -(2 ** 24), max: 2 ** 24 }).map((units) => Math.fround(units * 2 ** -140))
    const rows = fc.tuple(tiny, fc.constantFrom(1, 2 ** -9, 2 ** 14)).map(([number, by]) => number * by)
    fc.assert(
      fc.property(
        fc.array(rows, { minLength: 1, maxLength: 130 }),
        fc.constantFrom(...formats),
        (row, format) => {
          const packed = packMatrix(Float32Array.from(row), 1, row.length, format)
          const back = unpackMatrix(packed, 1, row.length, format)
          const isNormal = (number: number) => number === 0 || Math.abs(number) >= 2 ** -126
          expect([...(packed.scales ?? []), ...back].filter((number) => !isNormal(number))).toEqual([])
        },
      ),
    )
  })

  it('keeps nothing of 5 and -4 times 2^-149, where a code would err by twice the half step', () => {
    const subnormal = Float32Array.of(5, -4).map((units) => units * 2 ** -149)
    for (const format of ['int8', 'nf4'] as const)
      expect(through(subnormal, 1, 2, format)).toEqual(new Float32Array(2))
    for (const format of ['int8', 'nf4'] as const)
      expect(through(Float32Array.of(2 ** -119), 1, 1, format)).toEqual(Float32Array.of(2 ** -119))
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
