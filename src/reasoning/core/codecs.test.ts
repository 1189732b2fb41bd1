import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asReceived, bytesOfRow, codecNames, decodeRows, encodeRows } from './codecs'

describe('rows on their way', () => {
  it('as bytes are rounded to the even, with the row’s largest as 127, and zeros stay zeros', () => {
    const row = Float32Array.of(1, -0.4, 0.25, 0)
    const bytes = encodeRows(row, 4, 'int8')
    expect([...new Int8Array(bytes.slice(4).buffer)]).toEqual([127, -51, 32, 0])
    const decoded = [...decodeRows(bytes, 4, 'int8')!].map((number) => number.toFixed(6))
    expect(decoded).toEqual(['1.000000', '-0.401575', '0.251969', '0.000000'])
    expect([...asReceived(new Float32Array(4), 4, 'int8')]).toEqual([0, 0, 0, 0])
    // -63.5 and 62.5 lie between two: numpy, and we, take the even one.
    const ties = encodeRows(Float32Array.of(127, -63.5, 62.5, 0), 4, 'int8')
    expect([...new Int8Array(ties.slice(4).buffer)]).toEqual([127, -64, 62, 0])
  })
  it('have the bytes that are said', () => {
    for (const codec of codecNames)
      expect(encodeRows(new Float32Array(3 * 256), 256, codec).length).toBe(3 * bytesOfRow(codec, 256))
    expect(codecNames.map((codec) => bytesOfRow(codec, 256))).toEqual([1024, 512, 260])
  })
  it('lose at most half a step, and float32 nothing', () => {
    const rows = fc
      .array(fc.float({ min: -6e4, max: 6e4, noNaN: true }), { minLength: 8, maxLength: 8 })
      .map((numbers) => Float32Array.from(numbers))
    fc.assert(
      fc.property(rows, (row) => {
        const largest = Math.max(...row.map(Math.abs))
        expect(asReceived(row, 8, 'float32')).toEqual(row)
        for (const [index, number] of asReceived(row, 8, 'int8').entries())
          expect(Math.abs(number - row[index])).toBeLessThanOrEqual((largest / 127) * 0.5001)
        for (const [index, number] of asReceived(row, 8, 'float16').entries())
          expect(Math.abs(number - row[index])).toBeLessThanOrEqual(
            Math.abs(row[index]) * 2 ** -11 + 2 ** -24,
          )
      }),
    )
  })
  it('that are none are not read', () => {
    expect(decodeRows(new Uint8Array(7), 4, 'int8')).toBeNull()
    expect(decodeRows(new Uint8Array(0), 4, 'float16')).toBeNull()
    const endless = new Uint8Array(Float32Array.of(Number.NaN, 0, 0, 0).buffer)
    expect(decodeRows(endless, 4, 'float32')).toBeNull()
    expect(decodeRows(Uint8Array.of(0, 0, 0x80, 0x7f, 1, 1, 1, 1), 4, 'int8')).toBeNull()
  })
})
