/** What is no language in a cell is taken out and counted; what was deleted is left out. */
import { describe, expect, test } from 'vitest'
import { learned, read } from '../testing'
import { wordsOfHtml } from './html'

const lines = (...rows: object[]) => rows.map((row) => JSON.stringify(row)).join('\n')

describe('HTML', () => {
  test('becomes its words', () => {
    const html =
      '<div class="a"><p>Soup &amp; br&ouml;t, <b>7</b>&nbsp;&#8364;.</p><ul><li>hot</li><li>cold</li></ul>'
    expect(wordsOfHtml(`${html}<script>alert("<b>")</script></div>`)).toBe('Soup & bröt, 7 €.\nhot\ncold')
    expect(wordsOfHtml('1 &lt; 2 &quot;&hellip;&apos; &unknown; a < b')).toBe('1 < 2 "…\' &unknown; a < b')
  })

  test('is taken out of a column that is written in it, and said', () => {
    const reading = read('a.csv', 'id,answer\n1,<p>It is <b>hot</b>.</p>\n2,<p>It is cold.</p>\n')
    expect(learned(reading)).toEqual(['It is hot.', 'It is cold.'])
    expect(reading.notes).toEqual([{ kind: 'markup', count: 2 }])
  })

  test('is left in texts that speak of it', () => {
    const rows = Array.from({ length: 8 }, (_, id) => ({
      text: id === 0 ? 'Write <b> for bold.' : `Day ${id} was wet.`,
    }))
    const reading = read('a.jsonl', lines(...rows))
    expect(learned(reading)[0]).toBe('Write <b> for bold.')
    expect(reading.notes).toEqual([])
  })
})

test('sounds of flash cards are left out and counted', () => {
  const cards = lines({ front: 'Moos', back: 'moss [sound:m.mp3]' }, { front: 'Haus', back: 'house' })
  const reading = read('a.jsonl', cards)
  expect(learned(reading)).toEqual(['moss', 'house'])
  expect(reading.notes).toEqual([{ kind: 'sounds', count: 1 }])
})

test.each([
  ['body', { body: '[removed]' }],
  ['body', { body: '[deleted]' }],
  ['text', { type: 'message', subtype: 'channel_join', text: 'Anna has joined the channel' }],
])('what was deleted or is a notice is left out and counted: %s, %o', (column, row) => {
  const reading = read('a.jsonl', lines({ [column]: 'It fell.' }, row, { [column]: 'And fell.' }))
  expect(learned(reading)).toEqual(['It fell.', 'And fell.'])
  expect(reading.leftOut).toEqual([{ count: 1, reason: { kind: 'no-words' } }])
})
