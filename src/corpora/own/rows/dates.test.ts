/** Dates are no text, whatever program wrote them; what somebody says about a day is. */
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { learned, read } from '../testing'

const written = [
  ['Google Forms', (day: number) => `2024/03/0${day} 1:00:00 PM GMT+1`],
  ['Google Forms elsewhere', (day: number) => `2024/03/0${day} 1:00:00 AM EST`],
  ['Twitter', (day: number) => `Wed Oct 0${day} 20:00:24 +0000 2018`],
  ['JavaScript', (day: number) => `Sun Jan 0${day} 2023 09:00:00 GMT+0100 (Central European Standard Time)`],
  ['mail', (day: number) => `Mon, ${day} Jan 2024 10:00:00 +0100`],
  ['ISO', (day: number) => `2024-01-0${day}T10:00:00+01:00`],
  ['a log', (day: number) => `2024-01-0${day} 10:00:00 UTC`],
  ['an English calendar', (day: number) => `Monday, January ${day}, 2023 at 9:00 AM`],
  ['a German calendar', (day: number) => `Montag, ${day}. März 2024 um 10:00:00 MEZ`],
  ['a French calendar', (day: number) => `lundi ${day} février 2024 à 10:00:00 UTC+1`],
] as const

describe('dates', () => {
  test.each(written)('of %s are not proposed, however short the text is', (_, date) => {
    const rows = [1, 2, 3].map((day) => ({ sent: date(day), said: `ok then ${'!'.repeat(day)}` }))
    const reading = read('a.csv', Papa.unparse(rows))
    expect(reading).toMatchObject({ column: 'said', notes: [] })
  })

  test.each([
    'On 5 May 2020 we met at 10:30 by the sea.',
    'The cat sat at 10:30 on the 5 mats',
    'May I come at 10:30 or 11:30?',
    'In March 1990 it snowed',
  ])('within what somebody says are text: %s', (said) => {
    const rows = [1, 2].map(() => ({ note: said }))
    expect(learned(read('a.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')))).toEqual([said, said])
  })
})

test('answers to a form are found and named, although people say the same', () => {
  const rows = Array.from({ length: 12 }, (_, index) => ({
    Timestamp: written[0][1]((index % 9) + 1),
    'What did you like most?': ['The hands-on part', 'I liked the food', 'nothing'][index % 3],
    'What can we do better?': ['meeting people', 'more breaks, please', ''][index % 3],
    'Would you come again?': ['Yes', 'No', 'Maybe'][index % 3],
  }))
  expect(read('forms.csv', Papa.unparse(rows))).toMatchObject({
    column: 'What did you like most?',
    notes: [{ kind: 'other-text', column: 'What did you like most?', others: ['What can we do better?'] }],
  })
})

test('a person’s number is no text, either', () => {
  const rows = [1, 2, 3, 4, 5, 6, 7, 8].map((id) => ({
    Name: `P${id}`,
    liked: id % 2 ? 'the food' : 'ok then',
  }))
  expect(read('a.csv', Papa.unparse(rows)).column).toBe('liked')
})

test('tweets are their full_text', () => {
  const tweets = [1, 2].map((id) => ({
    tweet: {
      full_text: `good morning ${'!'.repeat(id)}`,
      created_at: written[2][1](id),
      source: 'Twitter for a telephone',
    },
  }))
  expect(read('tweets.json', JSON.stringify(tweets)).column).toBe('tweet.full_text')
})
