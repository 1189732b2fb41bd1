/** What programs export, as it comes: read as a person would, or refused in words that say what to do. */
import { describe, expect, test } from 'vitest'
import { learned, plain, problemOf, read } from './testing'

describe('read', () => {
  test('a WhatsApp chat: who said what, without times, notices and pictures', () => {
    const android =
      '31.12.23, 23:58 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.\n31.12.23, 23:59 - Anna: Kommst du?\nBitte!\n01.01.24, 00:01 - Bob Q.: <Medien ausgeschlossen>\n01.01.24, 00:02 - Bob Q.: Ja: gleich.\n'
    const ios =
      '\u200e[12/31/23, 11:58:01\u202fPM] Club: \u200eMessages are end-to-end encrypted.\n[12/31/23, 11:59:01\u202fPM] Anna: Are you coming?\n[1/1/24, 12:02:00\u202fAM] Bob: \u200eimage omitted\n'
    const reading = read('_chat.txt', android)
    expect(reading).toMatchObject({ form: 'lines', notes: [{ kind: 'chat-export' }] })
    expect(learned(reading)).toEqual(['Anna: Kommst du?\nBitte!', 'Bob Q.: Ja: gleich.'])
    expect(reading.leftOut).toEqual([{ count: 2, reason: { kind: 'no-words' } }])
    expect(learned(read('_chat.txt', ios))).toContain('Anna: Are you coming?')
  })

  test('a Telegram export', () => {
    const json = JSON.stringify({
      name: 'Friends',
      type: 'personal_chat',
      id: 1,
      messages: [
        { id: 1, type: 'message', date: '2024-01-01T10:00:00', from: 'Anna', text: 'Hello there.' },
        {
          id: 2,
          type: 'message',
          date: '2024-01-01T10:01:00',
          from: 'Bob',
          text: ['See ', { type: 'link', text: 'this' }, '.'],
        },
        { id: 3, type: 'service', date: '2024-01-01T10:02:00', actor: 'Bob', text: '' },
      ],
    })
    expect(read('result.json', json)).toMatchObject({
      column: 'text',
      examples: plain('Hello there.', 'See this.'),
      leftOut: [{ count: 1, reason: { kind: 'no-value', column: 'text' } }],
    })
    const said = read('result.json', json, { column: '{from}: {text}' })
    expect(learned(said)).toEqual(['Anna: Hello there.', 'Bob: See this.'])
  })

  test('subtitles, joined to sentences', () => {
    const srt =
      '1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>When the rain</i>\r\n\r\n2\r\n00:00:02,600 --> 00:00:04,000\r\ncame, we\r\nwent in.\r\n\r\n3\r\n00:00:05,000 --> 00:00:06,000\r\nGood.\r\n'
    const vtt = 'WEBVTT\n\nNOTE a remark\n\n00:01.000 --> 00:02.000 align:start\nGood.\n'
    expect(learned(read('film.srt', srt))).toEqual(['When the rain came, we went in.', 'Good.'])
    expect(learned(read('film.vtt', vtt))).toEqual(['Good.'])
  })

  test('JSON lines with objects in objects, by names with dots', () => {
    const rows = [1, 2]
      .map((id) =>
        JSON.stringify({ id, author: { name: 'Anna' }, body: { html: '<p>', text: `Rain on day ${id}.` } }),
      )
      .join('\n')
    const reading = read('posts.ndjson', rows)
    expect(reading.columns).toEqual(['id', 'author.name', 'body.html', 'body.text'])
    expect(reading).toMatchObject({
      column: 'body.text',
      examples: plain('Rain on day 1.', 'Rain on day 2.'),
    })
  })

  test('GeoJSON: what its places are described with', () => {
    const feature = (description: string) => ({
      type: 'Feature',
      properties: { name: 'Well', description },
      geometry: { type: 'Point', coordinates: [8.5, 47.4] },
    })
    const json = { type: 'FeatureCollection', features: ['Never dry.', 'Behind the church.'].map(feature) }
    expect(read('wells.geojson', JSON.stringify(json))).toMatchObject({
      column: 'properties.description',
      examples: plain('Never dry.', 'Behind the church.'),
    })
  })

  test.each([
    ['a list of texts', ['One.', 'Two.']],
    ['a table by columns', { id: [1, 2], text: ['One.', 'Two.'] }],
    ['a table as pandas writes it', { id: { 0: 1, 1: 2 }, text: { 0: 'One.', 1: 'Two.' } }],
    ['rows by their ids', { a1: { text: 'One.' }, b2: { text: 'Two.' } }],
    ['rows within', { meta: { version: 1 }, data: { items: [{ text: 'One.' }, { text: 'Two.' }] } }],
  ])('JSON: %s', (_, json) => {
    expect(learned(read('a.json', JSON.stringify(json, null, 1)))).toEqual(['One.', 'Two.'])
  })

  test('JSON under the other’s name', () => {
    expect(learned(read('a.json', '{"text":"One."}\n{"text":"Two."}\n'))).toEqual(['One.', 'Two.'])
    expect(learned(read('a.jsonl', '[\n {"text":"One."},\n {"text":"Two."}\n]'))).toEqual(['One.', 'Two.'])
  })

  test('a page with front matter, without it', () => {
    const page = '---\ntitle: Rain\ndate: 2024-01-01\n---\n\n# Rain\n\nIt fell.\n\n---\n\nAnd fell.\n'
    expect(read('rain.md', page)).toMatchObject({
      examples: plain('# Rain', 'It fell.', '---', 'And fell.'),
      notes: [{ kind: 'front-matter' }],
    })
    expect(read('a.md', '---\n\nNo settings.\n\n---\n').notes).toEqual([])
  })

  test('tables with tabs, and files without an ending', () => {
    expect(learned(read('a.tsv', 'id\ttext\n1\tOne, two.\n'))).toEqual(['One, two.'])
    expect(learned(read('README', 'One.\n\nTwo.'))).toEqual(['One.', 'Two.'])
  })

  test('questions of a form, which are the header', () => {
    const csv =
      '"Timestamp","What did you like?","Anything else?"\n"2024/01/01 10:00:00","The food was good.","No."\n'
    expect(read('form.csv', csv).column).toBe('What did you like?')
  })
})

describe('refused', () => {
  test.each([
    ['a.json', '{"text": "a",}', /^Line 1 of "a.json" is not valid JSON/],
    ['a.json', '[\n{"text": "a"},\n{"text": \n]', /^Line 3 of "a.json" is not valid JSON/],
    ['a.json', '[1, 2]', /no list of rows/],
    ['a.jsonl', '{"text":"a"}\n\n{"text":', /^Line 3 of "a.jsonl" is not valid JSON/],
    ['a.jsonl', '{"text":"a"}\n7', /^Line 2 of "a.jsonl" is not a JSON object/],
    ['a.csv', 'text\n', /holds no text/],
    ['a.txt', ' \n\n\t', /holds no text/],
    [
      'a.jsonl',
      '{"prompt":"Who?","completion":""}',
      /all of its rows \(1\) are left out, most because nothing is answered in “completion”/,
    ],
  ])('%s: %j', (name, text, message) => {
    expect(problemOf(() => read(name, text)).message).toMatch(message)
  })
})
