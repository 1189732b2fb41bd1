/** What large, hostile or careless files cost: bounds on the work, not on the time; what is beyond them is counted. */
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { mostBytes, readFile, readPaste } from '../own'
import { tableOfRows } from './json/flat'
import { mostCells, mostColumns, mostExamples } from './limits'
import { readRows } from './rows/rows'
import { costlyQuote } from './table/records'
import { tableOf } from './table/table'
import { bytesOf, learned, problemOf, read } from './testing'

const many = 130_000 // more than a call has places for arguments

describe('long files are read from their beginning, and the rest is counted', () => {
  const beyond = (count: number) => [{ count, reason: { kind: 'beyond', most: mostExamples } }]

  test.each([
    ['csv', `id,text\n${'1,a word\n'.repeat(many)}`],
    ['jsonl', '{"text":"a word"}\n'.repeat(many)],
    ['json', `[${Array(many).fill('{"text":"a word"}').join(',')}]`],
    ['txt', 'a word\n\n'.repeat(many)],
    ['txt', 'A word.\n'.repeat(many)],
    ['srt', '1\n00:01,000 --> 00:02,000\nA word.\n\n'.repeat(many)],
  ])('of .%s: the first 50,000 of 130,000', (ending, text) => {
    expect(read(`a.${ending}`, text)).toMatchObject({
      examples: { length: mostExamples },
      leftOut: beyond(many - mostExamples),
    })
  })

  test('of what is pasted', () => {
    expect(readPaste('a word\n\n'.repeat(many)).leftOut).toEqual(beyond(many - mostExamples))
    const { examples, notes } = readPaste('a'.repeat(mostBytes + 5))
    expect(examples.reduce((sum, { completion }) => sum + completion.length, 0)).toBe(mostBytes)
    expect(notes).toEqual([{ kind: 'parted' }, { kind: 'first-bytes', read: mostBytes, of: mostBytes + 5 }])
  })

  test('of which only the first bytes were taken: what is not whole at their end is left away', () => {
    const part = (name: string, text: string) => {
      const bytes = bytesOf(text)
      return readFile({ name, bytes, size: 1000 })
    }
    const notes = (text: string) => [{ kind: 'first-bytes', read: text.length, of: 1000 }]
    const csv = 'id,text\n1,One.\n2,"Two,\nand a ha'
    expect(part('a.csv', csv)).toMatchObject({ examples: [{ completion: 'One.' }], notes: notes(csv) })
    const json = '[{"text":"One, [1]."},{"text":"T]wo\\"."},{"text":"Thr'
    expect(learned(part('a.json', json))).toEqual(['One, [1].', 'T]wo".'])
    const jsonLines = '{"text":"One."}\n{"text":"Two."}\n{"te'
    expect(learned(part('a.jsonl', jsonLines))).toEqual(['One.', 'Two.'])
    expect(problemOf(() => part('a.json', '{"data":[{"text":"One."},{"te')).message).toMatch(/JSON lines/)
  })
})

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
    const { examples, leftOut } = readRows(tableOfRows('a.jsonl', rows))
    expect([examples.length, leftOut[0].count]).toEqual([1, 2999])
    expect(reads).toBeLessThanOrEqual(3 * rows.length)
  })

  test('what is said of ever new columns without text names a few of them', () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `{"c${index}":${index}}`).join('\n')
    expect(problemOf(() => read('a.jsonl', lines)).message).toMatch(/c0, c1, .*4992 more/)
    const long = JSON.stringify({ ['x'.repeat(100_000)]: 1 })
    expect(problemOf(() => read(`${'y'.repeat(300)}.jsonl`, long)).message.length).toBeLessThan(400)
  })

  test('a table of too many columns or cells is refused before it is parsed', () => {
    const wide = Array.from({ length: mostColumns + 1 }, (_, index) => `c${index}`).join(',')
    expect(problemOf(() => tableOf('a.csv', `${wide}\n`)).code).toBe('too-wide')
    const high = `text,b\n${'a,\n'.repeat(mostCells + 1)}`
    expect(problemOf(() => tableOf('a.csv', high)).code).toBe('too-wide')
    expect(tableOf('a.csv', `${wide.slice(0, wide.lastIndexOf(','))}\n1`).columns.size).toBe(mostColumns)
  })

  test('quotes that close nothing, before a line that ends in blanks, are refused before they are parsed', () => {
    const line = (quotes: number) => `text\n"a${'"x'.repeat(quotes)}${' '.repeat(quotes)}\n`
    expect(costlyQuote(line(1e6), ',', 1)).toBe(2)
    expect(costlyQuote(line(100), ',', 1)).toBeNull()
    expect(problemOf(() => read('a.csv', line(1e6))).message).toMatch(/at line 2: a quote stands within/)
    const inches = `text\n${'a 5" pipe\n'.repeat(5000)}${' '.repeat(5000)}\n`
    expect(read('a.csv', inches).examples).toHaveLength(5000)
  })
})

describe('whatever the bytes are', () => {
  const extension = fc.constantFrom('txt', 'md', 'csv', 'tsv', 'jsonl', 'json', 'srt', 'ipynb')
  const pieces = fc.constantFrom(
    ...['"', '""', ',', ';', '\t', '|', '\n', '\r\n', ' ', '{', '}', '[', ']', ':', '\\', 'text', 'question'],
    ...[
      'response',
      '__proto__',
      'constructor',
      'sep=;\n',
      '{"text":"a"}\n',
      '1',
      'é',
      '\u0000',
      '"messages":',
      '{"cells":[',
      '"source":',
      '\uFEFF',
    ],
    ...['{"role":"user","content":"a"}', '{"role":"assistant","content":"b"}', '00:01,000 --> 00:02,000\n'],
  )
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(pieces, { maxLength: 60 }).map((parts) => bytesOf(parts.join(''))),
  )

  test('they become examples with text, or an OwnTextError with sentences', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    fc.assert(
      fc.property(
        extension,
        content,
        fc.option(fc.constantFrom('text', '{text} {1}')),
        (ending, bytes, column) => {
          const name = `a.${ending}`
          const attempt = () => readFile({ name, bytes }, column === null ? {} : { column })
          let reading: ReturnType<typeof attempt>
          try {
            reading = attempt()
          } catch {
            expect(problemOf(attempt).message).toMatch(/[.:] .+\.$/s)
            return
          }
          expect(reading.examples.length).toBeGreaterThan(0)
          for (const { prompt, completion } of reading.examples) {
            expect(typeof prompt).toBe('string')
            expect(completion.trim()).not.toBe('')
          }
        },
      ),
      { numRuns: 3000, seed: 5 },
    )
  })
})
