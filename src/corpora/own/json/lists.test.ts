/** JSON in which rows are lists, or lie deep: read as question and answer, and what is not learned is said. */
import { describe, expect, test } from 'vitest'
import { learned, read } from '../testing'

const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n')

describe('rows that are lists', () => {
  const pair = { form: 'prompt-answer', examples: [{ prompt: 'Who?\n\n', completion: 'Anna.' }, {}] }

  test('are a question and an answer, with a header or without', () => {
    const rows = [
      ['Who?', 'Anna.'],
      ['Where?', 'Here.'],
    ]
    expect(read('a.ndjson', lines(...rows))).toMatchObject(pair)
    expect(read('a.json', JSON.stringify(rows, null, 1))).toMatchObject(pair)
    const named = rows.map((row, id) => [...row, id])
    expect(read('a.ndjson', lines(['question', 'answer', 'id'], ...named))).toMatchObject(pair)
  })

  test('of more texts are read with a line each', () => {
    const reading = read('a.ndjson', lines(['One.', 'Two.', 'Three.'], ['Four.', 'Five.', 'Six.']))
    expect(reading.column).toBe('text')
    expect(learned(reading)).toEqual(['One.\nTwo.\nThree.', 'Four.\nFive.\nSix.'])
  })
})

test('SQuAD: questions with their paragraph, and its answer', () => {
  const qas = [
    { id: 'q', question: 'Where?', answers: [{ text: 'in the shade', answer_start: 1 }] },
    { id: 'r', question: 'When?', answers: [], is_impossible: true },
  ]
  const squad = {
    version: '1.1',
    data: [{ title: 'Moss', paragraphs: [{ context: 'It grows in the shade.', qas }] }],
  }
  expect(read('squad.json', JSON.stringify(squad))).toMatchObject({
    form: 'prompt-answer',
    examples: [{ prompt: 'Where?\n\nIt grows in the shade.\n\n', completion: 'in the shade' }],
    leftOut: [{ count: 1, reason: { kind: 'no-answer' } }],
  })
})

test('a dictionary is words and what they mean; a row of a few texts is not', () => {
  const words = Object.fromEntries([...'abcdefg'].map((letter) => [`word ${letter}`, `meaning of ${letter}`]))
  expect(read('dict.json', JSON.stringify(words))).toMatchObject({
    form: 'prompt-answer',
    examples: { length: 7, 0: { prompt: 'word a\n\n', completion: 'meaning of a' } },
  })
  expect(read('a.json', '{"title": "Rain", "text": "It fell."}').form).toBe('columns')
})

test('lists within rows that are not learned are named and counted', () => {
  const rows = [1, 2].map((id) => ({ text: `Rain on day ${id}.`, replies: [{ by: 'Bob', words: 'Yes.' }] }))
  expect(read('a.json', JSON.stringify(rows)).notes).toEqual([
    { kind: 'nested-list', column: 'replies', count: 2 },
  ])
})

test('lists beside the one that is read are named and counted', () => {
  const json = { data: [{ text: 'One.' }, { text: 'Two.' }], people: [{ name: 'Anna' }] }
  expect(read('a.json', JSON.stringify(json)).notes).toEqual([
    { kind: 'nested-list', column: 'people', count: 1 },
  ])
})

test('steps stand on lines of their own, pieces of one text do not', () => {
  const steps = ['Chop.', 'Cook.'].map((text) => ({ '@type': 'HowToStep', text }))
  expect(learned(read('a.json', JSON.stringify([{ steps }, { steps }])))[0]).toBe('Chop.\nCook.')
  const pieces = [{ text: 'See ' }, { text: 'this' }, { text: '.' }]
  expect(learned(read('a.json', JSON.stringify([{ text: pieces }, { text: pieces }])))[0]).toBe('See this.')
})

test('Gemini: contents with parts are a conversation', () => {
  const turn = (role: string, text: string) => ({ role, parts: [{ text }] })
  const row = { contents: [turn('user', 'Where?'), turn('model', 'By the river.')] }
  expect(read('gemini.jsonl', lines(row, row))).toMatchObject({ form: 'chat', column: 'contents' })
  expect(learned(read('gemini.jsonl', lines(row, row)))[0]).toBe('By the river.')
})
