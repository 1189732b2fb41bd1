/** What hostile or careless files cost: bounds on the work, not on the time. */
import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, test, vi } from 'vitest'
import {
  maxOwnFileBytes,
  mostOwnExamples,
  mostOwnFiles,
  OwnTextError,
  readOwnFile,
  readOwnFiles,
  readOwnPaste,
} from '../own'
import { mostCells, mostColumns, rowsOfCsv } from './csv'
import { examplesOfRows } from './rows'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const codeOf = (attempt: () => unknown): string => {
  try {
    attempt()
  } catch (error) {
    if (error instanceof OwnTextError) return error.code
    throw error
  }
  return 'none'
}

describe('the work is bounded', () => {
  test('rows with ever new columns are read once, cell by cell', () => {
    let reads = 0
    const counting = (row: Record<string, string>) =>
      new Proxy(row, {
        get(target, name) {
          reads++
          return Reflect.get(target, name)
        },
      })
    const rows = Array.from({ length: 3000 }, (_, index) => counting({ [`column ${index}`]: 'some text' }))
    expect(examplesOfRows('a.jsonl', rows)).toHaveLength(1)
    expect(reads).toBeLessThanOrEqual(3 * rows.length)
  })

  test('what is said of ever new columns without text names a few of them', () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `{"c${index}":${index}}`).join('\n')
    expect(() => readOwnFile('a.jsonl', bytesOf(lines))).toThrow(/c0, c1, .*4992 more/)
    const long = JSON.stringify({ ['x'.repeat(100_000)]: 1 })
    expect(() => readOwnFile('a.jsonl', bytesOf(long))).toThrow(/^.{0,400}$/s)
  })

  test('a table of too many columns or cells is refused before it is parsed', () => {
    const wide = Array.from({ length: mostColumns + 1 }, (_, index) => `c${index}`).join(',')
    expect(codeOf(() => rowsOfCsv('a.csv', wide))).toBe('too-large')
    const high = `text,${'\n,'.repeat(mostCells + 1)}`
    expect(codeOf(() => rowsOfCsv('a.csv', high))).toBe('too-large')
    expect(rowsOfCsv('a.csv', `${wide.slice(0, wide.lastIndexOf(','))}\n1`)).toHaveLength(1)
  })

  test('quotes that close nothing, before a line that ends in blanks, are refused before they are parsed', () => {
    const parse = vi.spyOn(Papa, 'parse')
    const line = (quotes: number) => `text\n"a${'"x'.repeat(quotes)}${' '.repeat(quotes)}\n`
    expect(codeOf(() => readOwnFile('a.csv', bytesOf(line(1e6))))).toBe('broken-csv')
    expect(parse).not.toHaveBeenCalled()
    expect(codeOf(() => readOwnFile('a.csv', bytesOf(line(100))))).toBe('broken-csv')
    expect(parse).toHaveBeenCalledOnce()
    const inches = `text\n${'a 5" pipe\n'.repeat(5000)}${' '.repeat(5000)}\n`
    expect(readOwnFile('a.csv', bytesOf(inches))).toHaveLength(5000)
    parse.mockRestore()
  })

  test('more rows than a tab can use are refused, however many', () => {
    const paragraphs = (count: number) => 'a\n\n'.repeat(count)
    expect(readOwnPaste(paragraphs(mostOwnExamples))).toHaveLength(mostOwnExamples)
    expect(codeOf(() => readOwnPaste(paragraphs(mostOwnExamples + 1)))).toBe('too-large')
    const rows = bytesOf('{"text":"a"}\n'.repeat(500_000)) // a call has no place for so many arguments
    expect(codeOf(() => readOwnFile('a.jsonl', rows))).toBe('too-large')
    const half = { name: 'a.txt', bytes: bytesOf(paragraphs(mostOwnExamples / 2)) }
    expect(readOwnFiles([half, half])).toHaveLength(mostOwnExamples)
    expect(codeOf(() => readOwnFiles([half, half, half]))).toBe('too-large')
  })

  test('many files count together', () => {
    const small = { name: 'a.txt', bytes: bytesOf('a') }
    expect(codeOf(() => readOwnFiles(Array(mostOwnFiles + 1).fill(small)))).toBe('too-large')
    const large = { name: 'a.txt', bytes: new Uint8Array(maxOwnFileBytes).fill(97) }
    expect(codeOf(() => readOwnFiles([large, small]))).toBe('too-large')
  })
})

describe('whatever the bytes are', () => {
  const extension = fc.constantFrom('txt', 'md', 'csv', 'jsonl')
  const pieces = fc.constantFrom(
    ...['"', '""', ',', ';', '\t', '\n', '\r\n', ' ', '{', '}', '[', ']', ':', '\\', 'text', 'question'],
    ...['response', '__proto__', 'constructor', '__parsed_extra', '{"text":"a"}\n', '1', 'é', '\u0000'],
  )
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(pieces, { maxLength: 60 }).map((parts) => bytesOf(parts.join(''))),
  )

  test('they become examples with text, or an OwnTextError', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {}) // the CSV parser tells of headers that it renames
    fc.assert(
      fc.property(extension, content, (ending, bytes) => {
        if (codeOf(() => readOwnFile(`a.${ending}`, bytes)) !== 'none') return
        for (const { prompt, completion } of readOwnFile(`a.${ending}`, bytes)) {
          expect(typeof prompt).toBe('string')
          expect(completion.trim()).not.toBe('')
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('a name decides nothing that it should not', () => {
    for (const name of ['a.constructor', 'a.__proto__', 'a.toString', 'a', '.', ''])
      expect(codeOf(() => readOwnFile(name, bytesOf('text')))).toBe('unsupported')
  })
})
