import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import type { Example } from './example'
import { checkOwnFile, maxOwnFileBytes, OwnTextError, ownShare, readOwnFile, readOwnPaste } from './own'

const read = (name: string, text: string) => readOwnFile(name, new TextEncoder().encode(text))
const plain = (...texts: string[]): Example[] => texts.map((completion) => ({ prompt: '', completion }))
const problemOf = (attempt: () => unknown): OwnTextError => {
  try {
    attempt()
  } catch (error) {
    if (error instanceof OwnTextError) return error
  }
  throw new Error('There was no OwnTextError.')
}

/** Text as people have it: not blank, no white space at its ends, not just a number. */
const text = fc
  .string({ unit: fc.constantFrom(...'abc äß,;\t"\'\n{}|漢😀.-'.split(/(?:)/u)), minLength: 1 })
  .map((characters) => `x${characters}`.trim())
const instruction = fc.record({
  system_prompt: fc.oneof(text, fc.constant('')),
  question: text,
  response: text,
})
const instructionOf = (row: { system_prompt: string; question: string; response: string }): Example => ({
  prompt: [row.system_prompt, row.question]
    .filter((part) => part)
    .map((part) => `${part}\n\n`)
    .join(''),
  completion: row.response,
})

describe('plain text', () => {
  test('becomes its paragraphs', () => {
    const written = '\uFEFFOne line\nand the next.\r\n \r\n\r\nAnother.\n'
    expect(read('diary.txt', written)).toEqual(plain('One line\nand the next.', 'Another.'))
    expect(read('Diary.MD', written)).toEqual(readOwnPaste(written.slice(1)))
  })
})

describe('tables', () => {
  test('rows of instructions come back from CSV and JSON lines: the response alone is to be learned', () => {
    fc.assert(
      fc.property(fc.array(instruction, { minLength: 1 }), (rows) => {
        const expected = rows.map(instructionOf)
        expect(read('orca.csv', Papa.unparse(rows))).toEqual(expected)
        expect(read('orca.csv', Papa.unparse(rows, { delimiter: ';' }))).toEqual(expected)
        expect(read('orca.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'))).toEqual(expected)
      }),
    )
  })

  test('of other rows the column "text" counts', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (texts) => {
        const rows = texts.map((each, id) => ({
          id,
          title: `a longer title than the text ${id}`,
          text: each,
        }))
        expect(read('notes.csv', Papa.unparse(rows))).toEqual(plain(...texts))
        expect(read('notes.jsonl', rows.map((row) => JSON.stringify(row)).join('\n\n'))).toEqual(
          plain(...texts),
        )
      }),
    )
  })

  test('without such a column, the one that holds most text', () => {
    expect(read('a.csv', 'when,note\n20260101,Rain fell.\n20260102,"Sun, at last."\n')).toEqual(
      plain('Rain fell.', 'Sun, at last.'),
    )
    expect(read('a.jsonl', '{"n":1,"a":"short","b":"rather longer"}')).toEqual(plain('rather longer'))
  })
})

describe('what can be wrong', () => {
  const bytes = (...values: number[]) => Uint8Array.from(values)
  test.each([
    ['empty', () => read('a.txt', '')],
    ['empty', () => read('a.txt', ' \n\n\t')],
    ['empty', () => readOwnPaste('  ')],
    ['empty', () => read('a.jsonl', '\n')],
    ['empty', () => read('a.csv', 'text\n')],
    ['empty', () => ownShare([], 1)],
    ['too-large', () => checkOwnFile('big.txt', 200 * 1024 * 1024)],
    ['too-large', () => readOwnPaste('a'.repeat(maxOwnFileBytes + 1))],
    ['unsupported', () => checkOwnFile('photo.png', 10)],
    ['unsupported', () => checkOwnFile('letter.docx', 10)],
    ['binary', () => readOwnFile('photo.txt', bytes(0x89, 0x50, 0x4e, 0x47, 13, 10))],
    ['binary', () => readOwnFile('paper.txt', new TextEncoder().encode('%PDF-1.7 ...'))],
    ['binary', () => readOwnFile('a.csv', bytes(97, 0, 98))],
    ['not-utf8', () => readOwnFile('umlaut.txt', bytes(0x66, 0xfc, 0x72))],
    ['not-utf8', () => readOwnFile('a.txt', bytes(0xff, 0xfe, 0x61, 0))],
    ['broken-json', () => read('a.jsonl', '{"text":"a"}\n\n{"text":')],
    ['broken-json', () => read('a.jsonl', '["a"]')],
    ['broken-csv', () => read('a.csv', 'text\n"never closed\nat all\n')],
    ['broken-csv', () => read('a.csv', 'text,by\nOne, two, three,me\n')],
    ['no-text-column', () => read('a.csv', 'a,b\n1,2\n3,4\n')],
    ['no-text-column', () => read('a.jsonl', '{"a":1}')],
  ])('%s: %s', (code, attempt) => {
    const problem = problemOf(attempt)
    expect(problem.code).toBe(code)
    expect(problem.message).toMatch(/^.{20,}[.!].{10,}\.$/s)
  })

  test('a file that is too large is refused by its size alone, one at the limit is not', () => {
    expect(() => checkOwnFile('a.txt', maxOwnFileBytes)).not.toThrow()
    expect(problemOf(() => checkOwnFile('a.txt', maxOwnFileBytes + 1)).message).toContain('20 MB')
  })

  test('a broken JSON line is named by its number', () => {
    expect(problemOf(() => read('a.jsonl', '{"text":"a"}\n\n{"text":')).message).toContain('Line 3')
  })
})

describe('the share of own text', () => {
  test('holds out a tenth, at least one of two, and nothing twice', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 60 }), fc.nat(), (texts, seed) => {
        const { train, heldOut, probes } = ownShare(plain(...texts), seed)
        const distinct = new Set(texts)
        expect(new Set([...train, ...heldOut].map(({ completion }) => completion))).toEqual(distinct)
        expect(train.length + heldOut.length).toBe(distinct.size)
        expect(heldOut.length).toBe(distinct.size < 2 ? 0 : Math.max(1, Math.round(distinct.size / 10)))
        expect(probes).toEqual([])
        expect(ownShare(plain(...texts), seed)).toEqual({ train, heldOut, probes })
      }),
    )
  })
})
