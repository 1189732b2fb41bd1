/** Rows that are no well-formed CSV, and of which it shows all the same what they mean. */
import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { learned, read } from '../testing'

const mended = (count: number, line: number) => ({ kind: 'mended-rows', count, line })

describe('read as it seems to be meant, and said,', () => {
  test.each<[string, string, string[], object[]]>([
    [
      'a comma within a sentence without quotes',
      'id,text\n1,hello, with comma\n2,fine words\n3,more fine words\n4,ok then\n',
      ['hello, with comma', 'fine words', 'more fine words', 'ok then'],
      [mended(1, 2)],
    ],
    [
      'text in single quotes, beside an apostrophe',
      "id;text\n1;'single; quoted'\n2;don't stop\n",
      ['single; quoted', "don't stop"],
      [mended(1, 2)],
    ],
    [
      'blanks before quotes',
      'id, text , by\n1, "quoted, here" , x y\n2, plain words , z w\n',
      ['quoted, here', 'plain words'],
      [],
    ],
    [
      'blanks before a quote that goes on below',
      'id, text\n1, "one\ntwo, three"\n2, plain words\n',
      ['one\ntwo, three', 'plain words'],
      [],
    ],
    [
      'words behind a quote, and quotes within one',
      'id,text\n1,"multi\n\nline, with ""quotes"""\n2,an "inner" quote\n3,"tail" extra\n4,"a "quoted" word"\n5,"He said "hi", and left"\n6,fine\n',
      [
        'multi\n\nline, with "quotes"',
        'an "inner" quote',
        '"tail" extra',
        'a "quoted" word',
        'He said "hi", and left',
        'fine',
      ],
      [mended(3, 6)],
    ],
    [
      'quotes behind backslashes',
      'id,text\n1,"he said \\"hi\\" to me"\n2,plain words\n',
      ['he said "hi" to me', 'plain words'],
      [mended(1, 2)],
    ],
  ])('%s', (_, csv, texts, notes) => {
    const reading = read('a.csv', csv, { column: 'text' })
    expect(learned(reading)).toEqual(texts)
    expect(reading.leftOut).toEqual([])
    expect(reading.notes).toEqual(notes)
  })
})

test('where it does not show what a row means, it is left out, and others are read', () => {
  const reading = read(
    'a.csv',
    'id,text,by\n1, hello,there,me\n2,fine words,me\n3,one,two,three,me\n4,good,me\n',
  )
  expect(learned(reading)).toEqual(['fine words', 'good'])
  expect(reading.leftOut).toEqual([{ count: 2, reason: { kind: 'cells', line: 2 } }])
})

test('nothing in a well-formed file is mended, whatever stands in its cells', () => {
  const cell = fc.string({ unit: fc.constantFrom(...'ab ,;"\'\n'), maxLength: 12 }).map((text) => `w${text}w`)
  fc.assert(
    fc.property(fc.array(fc.record({ text: cell, by: cell }), { minLength: 2, maxLength: 6 }), (rows) => {
      const csv = Papa.unparse(
        rows.map((row, index) => ({ id: index + 1, ...row })),
        { newline: '\n', quotes: true },
      )
      const reading = read('a.csv', csv, { column: 'text' })
      expect(learned(reading)).toEqual(rows.map(({ text }) => text))
      expect(reading.notes).toEqual([])
    }),
    { seed: 7, numRuns: 300 },
  )
})
