/** Own text as the page takes it: several files within one limit, what was pasted, and what of it is kept back. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bytesTaken,
  checkOwnFiles,
  mostBytes,
  mostExamples,
  mostFiles,
  ownShare,
  readFiles,
  readPaste,
} from './own'
import { bytesOf, learned, plain, problemOf } from './own/testing'

describe('what is pasted', () => {
  test('is two examples where it is two paragraphs, and both are learned', () => {
    for (const pasted of ['One paragraph.\n\nAnother one.', 'One paragraph.\r\n\r\nAnother one.\n']) {
      const { form, examples } = readPaste(pasted)
      expect({ form, examples }).toEqual({
        form: 'paragraphs',
        examples: plain('One paragraph.', 'Another one.'),
      })
      expect(ownShare(examples, 1)).toEqual({ train: examples, heldOut: [], probes: [] })
    }
  })

  test('is a line each where there are no paragraphs, unless the lines are one that was wrapped', () => {
    const list = 'Anna bakes bread.\nBob rows to the island.\nCleo mends nets.'
    expect(readPaste(list)).toMatchObject({ form: 'lines', examples: plain(...list.split('\n')) })
    const wrapped =
      'Anna bakes bread for the whole village, on\nthe hill, and Bob rows it in his small boat\nover to the island.'
    expect(readPaste(wrapped)).toMatchObject({ form: 'paragraphs', examples: plain(wrapped) })
    expect(readPaste(wrapped, { pieces: 'lines' }).examples).toHaveLength(3)
    expect(readPaste(list, { pieces: 'paragraphs' }).examples).toEqual(plain(list))
  })

  test.each([
    ['json', '[{"question": "Who?", "answer": "Anna."},\n {"question": "Where?", "answer": "Here."}]'],
    ['json-lines', '{"question": "Who?", "answer": "Anna."}\r\n{"question": "Where?", "answer": "Here."}'],
    ['table', 'question,answer\nWho?,Anna.\n"Where?","Here."'],
    ['table', 'Front\tBack\nWho?\tAnna.\nWhere?\tHere.'],
    ['table', '#separator:tab\n#html:true\nWho?\tAnna.\nWhere?\tHere.'],
  ])('is read as the %s that it is, and says so', (form, pasted) => {
    expect(readPaste(pasted)).toMatchObject({
      name: null,
      form: 'prompt-answer',
      examples: [
        { prompt: 'Who?\n\n', completion: 'Anna.' },
        { prompt: 'Where?\n\n', completion: 'Here.' },
      ],
      notes: [{ kind: 'pasted-as', form }],
    })
    expect(readPaste(pasted, { pieces: 'lines' }).notes).toEqual([])
  })

  test('is running text where it is broken JSON, and what is broken is said', () => {
    expect(readPaste('[\n{"text": "One."},\n]')).toMatchObject({
      form: 'lines',
      notes: [
        {
          kind: 'pasted-broken',
          problem: { kind: 'broken-json', name: null, line: 2, fault: 'trailing-comma' },
        },
      ],
    })
  })

  test('is read as JSON lines where its objects go over many lines', () => {
    const { notes, examples } = readPaste('{\n"text": "One."\n}\n{\n"text": "Two."\n}')
    expect({ notes, examples }).toEqual({
      notes: [{ kind: 'pasted-as', form: 'json-lines' }],
      examples: plain('One.', 'Two.'),
    })
  })

  test('is running text where it only looks like a table or like JSON', () => {
    for (const pasted of [
      '[1] See the note.\nAnd more.',
      'Anna, Bob and Cleo\nrow, bake and mend',
      '{a} is not it',
    ])
      expect(readPaste(pasted)).toMatchObject({ columns: [], notes: [] })
    expect(problemOf(() => readPaste('[{"id": 1}]')).message).toMatch(/^The text field has no text/)
  })

  test('is refused where it holds nothing', () => {
    expect(problemOf(() => readPaste(' \n ')).code).toBe('empty')
  })
})

describe('several files', () => {
  const file = (name: string, text: string) => ({ name, bytes: bytesOf(text) })

  test('are read each by itself and each as is wished', () => {
    const table = 'name,town\nAnna,Riga\nBob,Oslo\n'
    const readings = readFiles(
      [file('a.csv', table), file('b.csv', table), file('c.txt', 'Hello there.')],
      [{ column: '{name} lives in {town}.' }, { column: 'town' }],
    )
    expect(readings.map(({ form, column }) => [form, column])).toEqual([
      ['columns', '{name} lives in {town}.'],
      ['columns', 'town'],
      ['paragraphs', null],
    ])
    expect(readings.map(learned)).toEqual([
      ['Anna lives in Riga.', 'Bob lives in Oslo.'],
      ['Riga', 'Oslo'],
      ['Hello there.'],
    ])
  })

  test('share the limits of one: what is beyond is counted, and a file that nothing is taken of is named', () => {
    expect(bytesTaken([mostBytes - 1, 5, 7])).toEqual([mostBytes - 1, 1, 0])
    const half = file('half.txt', 'a\n\n'.repeat(mostExamples / 2))
    const [, second, third, fourth] = readFiles([
      half,
      half,
      half,
      { name: 'd.txt', bytes: new Uint8Array(), size: 9 },
    ])
    expect(second.leftOut).toEqual([])
    expect(third).toMatchObject({
      examples: [],
      leftOut: [{ count: mostExamples / 2, reason: { kind: 'beyond', most: mostExamples } }],
    })
    expect(fourth.notes).toEqual([{ kind: 'unread' }])
  })

  test('of which some are bad: the good ones are read, and each bad one says why', () => {
    const readings = readFiles([
      file('good.txt', 'One.'),
      file('letter.docx', 'x'),
      file('empty.txt', ''),
      file('broken.json', '{"text": "a",}'),
      file('numbers.csv', 'id,price\n1,2\n'),
      file('also good.txt', 'Two.'),
    ])
    expect(readings.flatMap(learned)).toEqual(['One.', 'Two.'])
    const problems = readings
      .flatMap(({ notes }) => notes)
      .map((note) => note.kind === 'refused' && note.problem)
    expect(problems).toMatchObject([
      { kind: 'unsupported', name: 'letter.docx' },
      { kind: 'empty', name: 'empty.txt' },
      { kind: 'broken-json', name: 'broken.json' },
      { kind: 'no-text-column', name: 'numbers.csv' },
    ])
    expect(readings[4].columns).toEqual(['id', 'price'])
    expect(problemOf(() => readFiles([file('letter.docx', 'x')])).code).toBe('unsupported')
  })

  test('are refused by their names and their number before anything is read', () => {
    const sized = (name: string, size = 1) => ({ name, size })
    expect(() =>
      checkOwnFiles([sized('a.txt', 200 * mostBytes), sized('b.CSV'), sized('README')]),
    ).not.toThrow()
    expect(problemOf(() => checkOwnFiles([sized('letter.docx')])).message).toMatch(/letter.docx/)
    expect(() => checkOwnFiles([sized('a.txt'), sized('letter.docx')])).not.toThrow()
    expect(problemOf(() => checkOwnFiles([sized('a.txt', 0)])).code).toBe('empty')
    expect(problemOf(() => checkOwnFiles(Array(mostFiles + 1).fill(sized('a.txt')))).code).toBe(
      'too-many-files',
    )
  })
})

describe('the share of own text', () => {
  const texts = (count: number) => plain(...Array.from({ length: count }, (_, index) => `text ${index}`))

  test('keeps nothing back below 20 examples, from 20 on a tenth, at least two', () => {
    const kept = (count: number) => ownShare(texts(count), 1).heldOut.length
    expect([1, 2, 19, 20, 24, 25, 100, 1234].map(kept)).toEqual([0, 0, 0, 2, 2, 3, 10, 123])
  })

  test('loses nothing, and has nothing on both sides', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { minLength: 1, maxLength: 90 }), fc.nat(), (numbers, seed) => {
        const all = plain(...numbers.map((each) => `text ${each}`))
        const { train, heldOut, probes } = ownShare(all, seed)
        const sorted = (examples: typeof all) => examples.map(({ completion }) => completion).sort()
        expect(sorted([...train, ...heldOut])).toEqual(sorted(all))
        const learnedTexts = new Set(train.map(({ completion }) => completion))
        expect(heldOut.filter(({ completion }) => learnedTexts.has(completion))).toEqual([])
        expect(heldOut.length).toBeLessThanOrEqual(Math.max(2, Math.round(all.length / 10)))
        expect(train.length).toBeGreaterThan(0)
        expect(probes).toEqual([])
        expect(ownShare(all, seed)).toEqual({ train, heldOut, probes })
      }),
      { seed: 7 },
    )
  })
})
