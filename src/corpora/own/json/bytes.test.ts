/** Facebook's exports write bytes as letters: they are put together again where the whole file is so, and nowhere else. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { learned, read } from '../testing'

const asBytes = (text: string) => String.fromCharCode(...new TextEncoder().encode(text))
const exported = (...texts: string[]) =>
  JSON.stringify({
    participants: [{ name: asBytes('Zoë') }],
    messages: texts.map((content) => ({ sender_name: asBytes('Zoë'), content: asBytes(content) })),
  }).replace(/[^\0-\x7f]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)

test('letters of whatever writing are read as they were meant, and it is said', () => {
  const reading = read('message_1.json', exported('J’ai mangé trop 😀', 'moi aussi'))
  expect(learned(reading)).toEqual(['J’ai mangé trop 😀', 'moi aussi'])
  expect(reading.notes).toContainEqual({ kind: 'bytes-as-letters' })
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (said) => {
      const text = `é ${said} x`
      expect(learned(read('a.json', exported(text, 'no')))[0]).toBe(text)
    }),
    { seed: 5, numRuns: 50 },
  )
})

test.each([
  ['all is ASCII', ['plain words', 'and more']],
  ['one text is no bytes', ['mangÃ©', 'mangé']],
  ['a letter is none of a byte', ['mangÃ©', 'for 5 €']],
  ['accents stand alone', ['é', 'ça va']],
])('texts stay as they are where %s', (_, texts) => {
  const reading = read('a.json', JSON.stringify(texts.map((text) => ({ text }))))
  expect(learned(reading)).toEqual(texts)
  expect(reading.notes).toEqual([])
})

test('lists of texts, and JSON lines, too', () => {
  expect(learned(read('a.json', JSON.stringify([asBytes('mangé'), 'trop'])))).toEqual(['mangé', 'trop'])
  const rows = ['mangé', 'trop'].map((text) => JSON.stringify({ text: asBytes(text) })).join('\n')
  expect(learned(read('a.jsonl', rows))).toEqual(['mangé', 'trop'])
})
