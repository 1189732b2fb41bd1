/** Bytes become letters as their writer saw them, or are refused: nothing is trained on that was never written. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from './decode'
import { fixture, learned, problemOf } from './testing'

const bytes = (...values: (number | string)[]) =>
  Uint8Array.from(
    values.flatMap((value) =>
      typeof value === 'number' ? [value] : [...value].map((letter) => letter.charCodeAt(0)),
    ),
  )
const utf16 = (text: string, isBig: boolean, mark: boolean) => {
  const codes = [...(mark ? '\uFEFF' : ''), ...text].join('').split('')
  return Uint8Array.from(
    codes.flatMap((letter) => {
      const code = letter.charCodeAt(0)
      return isBig ? [code >> 8, code & 255] : [code & 255, code >> 8]
    }),
  )
}
const textOf = (given: Uint8Array) => decode('a.txt', given).text
const codeOf = (name: string, given: Uint8Array) => problemOf(() => decode(name, given)).code

describe('letters', () => {
  test('come back from UTF-8 and UTF-16, and no mark is left', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aé漢😀 \n'.split(/(?:)/u)) }), (text) => {
        expect(textOf(new TextEncoder().encode(text))).toBe(text)
        expect(textOf(new TextEncoder().encode(`\uFEFF${text}`))).toBe(text)
        for (const isBig of [false, true]) expect(textOf(utf16(text, isBig, true))).toBe(text)
      }),
      { seed: 1 },
    )
    for (const isBig of [false, true])
      expect(textOf(utf16('Plain words without a mark.', isBig, false))).toBe('Plain words without a mark.')
  })

  test('of files that people had', () => {
    expect(learned(fixture('utf16be.txt'))).toEqual(['Hello'])
    expect(fixture('utf16le-excel.csv')).toMatchObject({ column: 'text', columns: ['id', 'text'] })
    expect(learned(fixture('utf16le-excel.csv'))).toEqual(['Hello'])
    expect(fixture('cp1252.txt')).toMatchObject({
      examples: [{ completion: 'Café “smart” quotes – dash' }],
      notes: [{ kind: 'windows-1252' }],
    })
  })

  test('of Windows-1252 are read where they make sense, and refused where they do not', () => {
    expect(textOf(bytes('f', 0xfc, 'r 5 ', 0x80))).toBe('für 5 €')
    const foreign = [
      bytes(0xef, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, ' ', 0xec, 0xe8, 0xf0), // "привет мир" in Windows-1251
      bytes('ja', 0xbc, 'm'), // "jaźm" in Latin-2
      bytes(0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea, 0x82, 0xcc, 0x95, 0xb6, 0x8f, 0xcd), // "日本語の文章" in Shift-JIS
      bytes('a', 0x81),
    ]
    for (const each of foreign) expect(codeOf('a.txt', each)).toBe('unknown-encoding')
  })

  test('of UTF-16 without a mark that are not Western are refused as such, in either order', () => {
    const chinese = utf16('苔藓生长在阴凉处，在河边。\n它喝雨水。\n'.repeat(9), false, false)
    const swapped = utf16('苔藓生长在阴凉处，在河边。\n它喝雨水。\n'.repeat(9), true, false)
    for (const each of [chinese, swapped]) expect(codeOf('a.txt', each)).toBe('unknown-encoding')
  })

  test('that are cut off at the end of a part are left away', () => {
    const whole = new TextEncoder().encode('a 漢')
    expect(decode('a.txt', whole.subarray(0, 4), true)).toEqual({ text: 'a ', notes: [] })
  })
})

describe('what is no text', () => {
  test.each([
    ['binary', 'photo.txt', bytes(0x89, 'PNG', 13, 10)],
    ['binary', 'a.csv', bytes('a', 0, 'b')],
    ['binary', 'late.txt', bytes('a'.repeat(100_000), 0)],
    ['binary', 'bell.txt', bytes(...Array(40).fill(7))],
    ['binary', 'letter.txt', bytes('PK', 3, 4)],
    ['unsupported', 'paper.txt', bytes('%PDF-1.7 ...')],
    ['unsupported', 'letter.txt', bytes('{\\rtf1\\ansi Hello}')],
  ])('is refused as %s: %s', (code, name, given) => {
    const problem = problemOf(() => decode(name, given))
    expect(problem.code).toBe(code)
    expect(problem.message).toMatch(/^".{10,}[.:].{10,}\.$/)
  })
})
