/** Broken JSON is named by what is wrong and where; whole JSON, and values one after another, are read. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { learned, problemOf, read } from '../testing'
import { scanValue } from './scan'

describe('a value', () => {
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }
  const pieces = fc.constantFrom(
    ...[
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\n',
      ' ',
      '\t',
      '\u00a0',
      "'",
      '/',
      '-',
      '0',
      '1',
      '.',
      'e',
    ],
    ...['true', 'null', 'NaN', '"a"', '"a":', '"\\u00e9"', '"\\x"', '{"a":1}', '[1,2]', '1e5', '-0.5', 'x'],
  )

  test('is whole where JSON.parse says so, and nowhere else', () => {
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
      fc.json({ maxDepth: 4 }),
      fc
        .json({ maxDepth: 3 })
        .chain((json) =>
          fc
            .tuple(fc.nat(json.length), pieces)
            .map(([at, piece]) => json.slice(0, at) + piece + json.slice(at)),
        ),
    )
    fc.assert(
      fc.property(text, (json) => {
        const { at, fault } = scanValue(json)
        expect(fault === null && /^[ \t\n\r]*$/.test(json.slice(at))).toBe(isJson(json))
        expect(at).toBeLessThanOrEqual(json.length)
      }),
      { numRuns: 5000, seed: 7 },
    )
  })

  test('may be as deep as memory allows', () => {
    const depth = 200_000
    expect(scanValue('['.repeat(depth)).fault).toBe('cut-off')
    expect(scanValue('['.repeat(depth) + ']'.repeat(depth))).toEqual({ at: 2 * depth, fault: null })
  })
})

describe('is named with its line and what to do', () => {
  test.each([
    ['a comment', 2, '[\n// mine\n{"text": "a"}]', /a comment.*Remove it/],
    ['a comment behind', 2, '[\n{"text": "a"} /* mine */,\n{"text": "b"}]', /a comment/],
    ['a comma too many in a list', 2, '[\n{"text": "a"},\n]', /a comma stands there behind the last entry/],
    [
      'a comma too many in an object',
      2,
      '[{\n"text": "a",\n}]',
      /a comma stands there behind the last entry/,
    ],
    ['single quotes', 2, "[\n{'text': 'a'}\n]", /single quotes.*json\.dumps/],
    ['curly quotes', 2, '[\n{“text”: “a”}\n]', /curly quote/],
    ['NaN', 3, '[{"text": "a",\n"score": 1,\n"mean": NaN}]', /NaN or Infinity.*null/],
    ['-Infinity', 1, '[{"mean": -Infinity}]', /NaN or Infinity/],
    ['None', 1, '[{"text": None}]', /true, false or null/],
    ['a name without quotes', 2, '[{\ntext: "a"}]', /a name stands there without quotes/],
    [
      'a missing comma between entries',
      2,
      '[{"text": "a",\n"id": 1\n"by": "b"}]',
      /a comma is missing behind it/,
    ],
    ['a missing comma between objects', 1, '[{"text": "a"}\n{"text": "b"}]', /a comma is missing/],
    ['a missing colon', 2, '[{\n"text" "a"}]', /a colon is missing/],
    ['a missing value', 1, '[{"text":\n}]', /a value is missing/],
    ['a quote within a text', 2, '[\n{"text": "He said "no" to me"}]', /Put a backslash before it/],
    ['a text that is not closed', 2, '[\n{"text": "a},\n{"text": "b"}]', /does not end on its line/],
    ['a tab', 1, '[{"text": "a\tb"}]', /a tab or another control character/],
    ['a path', 1, '[{"text": "C:\\dir\\text and more"}]', /Double it/],
    ['brackets that do not fit', 2, '[{"text": "a"\n]]', /closes there that was not opened so/],
    ['a file that was cut off', 3, '[\n{"text": "a"},\n{"text": "b', /cut off: fetch or export it again/],
    ['a bracket too few', 2, '{"data": [\n{"text": "a"}]\n', /such as \] or }/],
    ['no brackets around', 1, '{"text": "a"},\n{"text": "b"}', /Put \[ before the first/],
    ['a web page', 1, '<!doctype html>\n<p>Not found', /it is a web page/],
    ['an unusual blank', 2, '[\n{"text":\u00a0"a"}]', /unusual blank/],
  ])('%s, in line %i', (_, line, json, said) => {
    const { code, message } = problemOf(() => read('a.json', json))
    expect(code).toBe('broken-json')
    expect(message).toMatch(said)
    expect(message.startsWith(`Line ${line} of "a.json" is not valid JSON: `)).toBe(true)
  })

  test.each([
    [2, '{"text": "a"}\n{"text": "b",}\n{"text": "c"}\n', /a comma stands there/],
    [3, '{"text": "a"}\n\n{"text": "c', /cut off/],
    [1, '{"text": "a"\n{"text": "b"}\n', /ends before all that was opened/],
    [2, '{"text": "a"}\n{"text": NaN}\n', /NaN/],
  ])('in JSON lines, too: line %i', (line, json, said) => {
    const { message } = problemOf(() => read('a.jsonl', json))
    expect(message).toMatch(said)
    expect(message).toMatch(new RegExp(`^Line ${line} of "a.jsonl" is not valid JSON`))
  })
})

describe('is read all the same', () => {
  test.each([
    ['several objects over many lines', '{\n"text": "One."\n}\n{\n"text": "Two."\n}\n'],
    ['several objects on one line', '{"text": "One."} {"text": "Two."}'],
    ['files with marks that were put together', '\uFEFF{"text": "One."}\n\uFEFF{"text": "Two."}\n'],
    ['two marks', '\uFEFF\uFEFF[{"text": "One."}, {"text": "Two."}]'],
  ])('%s', (_, json) => {
    for (const name of ['a.json', 'a.jsonl']) expect(learned(read(name, json))).toEqual(['One.', 'Two.'])
  })
})
