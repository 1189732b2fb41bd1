/** Answers that people turned down one by one, as KTO's data have them. */
import { describe, expect, test } from 'vitest'
import { learned, problemOf, read } from '../../testing'

const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n')
const verdicts = [false, true, false, true, true]
const leftOut = (column = 'label', count = 2) => [{ count, reason: { kind: 'turned-down', column } }]

describe('an answer with a verdict', () => {
  test.each(['label', 'kto_tag', 'Label'])('is left out where that is false, and counted: %s', (name) => {
    const rows = verdicts.map((verdict, index) => ({
      prompt: `Say ${index}`,
      completion: verdict ? 'a good one' : 'a bad one',
      [name]: verdict,
    }))
    const reading = read('a.jsonl', lines(rows))
    expect(learned(reading)).toEqual(['a good one', 'a good one', 'a good one'])
    expect(reading.leftOut).toEqual(leftOut(name))
  })

  test('is left out where it is a conversation', () => {
    const turns = (verdict: boolean) => ({
      prompt: [{ role: 'user', content: 'Say it' }],
      completion: [{ role: 'assistant', content: verdict ? 'good' : 'bad' }],
      label: verdict,
    })
    const talk = (verdict: boolean) => ({
      messages: [...turns(verdict).prompt, ...turns(verdict).completion],
      label: verdict,
    })
    for (const row of [turns, talk] as ((verdict: boolean) => object)[]) {
      const reading = read('a.jsonl', lines(verdicts.map(row)))
      expect(learned(reading)).toEqual(['good', 'good', 'good'])
      expect(reading.leftOut).toEqual(leftOut())
    }
  })

  test('is left out in a table, where true and false are words', () => {
    const rows = ['prompt,completion,label', 'a,bad,False', 'b,good,True', 'c,fine,']
    const reading = read('a.csv', rows.join('\n'))
    expect(learned(reading)).toEqual(['good', 'fine'])
    expect(reading.leftOut).toEqual(leftOut('label', 1))
  })

  test('is all there is: it is said why nothing is learned', () => {
    const rows = [1, 2].map((index) => ({ prompt: `Say ${index}`, completion: 'bad', label: false }))
    const { message } = problemOf(() => read('a.jsonl', lines(rows)))
    expect(message).toMatch(/most because their answers were turned down \(“label” is false\)/)
  })

  test('is learned where labels are no verdicts, or where the column is asked for', () => {
    const numbered = [0, 1].map((label) => ({ question: `Is it ${label}?`, answer: 'so', label }))
    expect(read('a.jsonl', lines(numbered)).examples).toHaveLength(2)
    const judged = verdicts.map((label) => ({ text: 'A film that nobody needs.', label }))
    expect(read('a.jsonl', lines(judged)).examples).toHaveLength(5)
    const pairs = verdicts.map((label) => ({ prompt: 'Say', completion: 'that much', label }))
    expect(read('a.jsonl', lines(pairs), { column: 'completion' }).examples).toHaveLength(5)
  })
})
