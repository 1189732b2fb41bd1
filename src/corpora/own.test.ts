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

  test('are refused by their names and their number before anything is read', () => {
    const sized = (name: string, size = 1) => ({ name, size })
    expect(() =>
      checkOwnFiles([sized('a.txt', 200 * mostBytes), sized('b.CSV'), sized('README')]),
    ).not.toThrow()
    expect(problemOf(() => checkOwnFiles([sized('a.txt'), sized('letter.docx')])).message).toMatch(
      /letter.docx/,
    )
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
