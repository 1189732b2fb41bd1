/** Rows that ask and answer, by whatever names: the right answer is learned, and what stands beside both is said. */
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { learned, read } from '../../testing'

const lines = (...rows: object[]) => rows.map((row) => JSON.stringify(row)).join('\n')
const good = 'A good one.'
const bad = 'A bad one, which is very much longer than the good one is.'

describe('of two answers the one that was chosen is learned, the other said to be left out', () => {
  test.each([
    [{ prompt: 'Who?' }, 'chosen', 'rejected'],
    [{ question: 'Who?' }, 'chosen', 'rejected'],
    [{ instruction: 'Who?' }, 'chosen', 'rejected'],
    [{ input: 'Who?' }, 'chosen', 'rejected'],
    [{ query: 'Who?' }, 'chosen', 'rejected'],
    [{ prompt: 'Who?' }, 'chosen_response', 'rejected_response'],
    [{ prompt: 'Who?' }, 'response_chosen', 'response_rejected'],
    [{ question: 'Who?' }, 'response_j', 'response_k'],
    [{ prompt: 'Who?' }, 'safer', 'unsafe'],
    [{ prompt: 'Who?' }, 'better_response', 'worse_response'],
    [{ Question: 'Who?' }, 'Best Answer', 'Incorrect Answers'],
    [{ Frage: 'Wer?' }, 'chosen', 'rejected'],
  ])('%j, %s, %s', (asked, chosen, rejected) => {
    const row = { ...asked, [rejected]: bad, [chosen]: good }
    for (const reading of [read('a.jsonl', lines(row, row)), read('a.csv', Papa.unparse([row, row]))]) {
      expect(reading).toMatchObject({
        form: 'prompt-answer',
        column: chosen,
        examples: [{ prompt: `${Object.values(asked)[0]}\n\n`, completion: good }, {}],
      })
      expect(reading.notes).toEqual([{ kind: 'turned-down', columns: [rejected] }])
    }
  })

  test('with instruction and input, with a system prompt', () => {
    const answers = { chosen: good, rejected: bad }
    const given = read('a.jsonl', lines({ instruction: 'Sum up.', input: 'A tale.', ...answers }))
    expect(given.examples).toEqual([{ prompt: 'Sum up.\n\nA tale.\n\n', completion: good }])
    const orca = read('a.jsonl', lines({ system: 'Be brief.', question: 'Who?', ...answers }))
    expect(orca.examples).toEqual([{ prompt: 'Be brief.\n\nWho?\n\n', completion: good }])
  })

  test('without a question, too', () => {
    const reading = read('a.jsonl', lines({ chosen: good, rejected: bad }, { chosen: good, rejected: bad }))
    expect(reading).toMatchObject({
      column: 'chosen',
      notes: [{ kind: 'turned-down', columns: ['rejected'] }],
    })
  })

  test('by the number of the better one', () => {
    const row = { prompt: 'Who?', response_0: bad, response_1: good, safer_response_id: 1 }
    expect(read('a.jsonl', lines(row, row))).toMatchObject({
      form: 'prompt-answer',
      examples: [{ prompt: 'Who?\n\n', completion: good }, {}],
      notes: [{ kind: 'picked', column: 'safer_response_id', sign: '1', text: good }],
    })
  })

  test('and stays to be asked for', () => {
    expect(
      learned(
        read('a.jsonl', lines({ prompt: 'Who?', chosen: good, rejected: bad }), { column: 'rejected' }),
      ),
    ).toEqual([bad])
  })
})

describe('names that ask and answer', () => {
  const both = [
    ['Where is the sea?', 'Behind the hill.'],
    ['When is it high?', 'Early in the morning.'],
  ]
  test.each([
    ['Q', 'A'],
    ['query', 'answers'],
    ['inputs', 'targets'],
    ['human', 'assistant'],
    ['User question', 'Bot answer'],
    ['user_question', 'final_answer'],
    ['en', 'de'],
    ['translation.en', 'translation.de'],
    ['English', 'German'],
  ])('%s, %s', (asked, answered) => {
    const rows = both.map(([question, answer]) => ({ [asked]: question, [answered]: answer }))
    for (const reading of [read('a.jsonl', lines(...rows)), read('a.csv', Papa.unparse(rows))])
      expect(reading).toMatchObject({
        form: 'prompt-answer',
        column: answered,
        examples: [{ prompt: 'Where is the sea?\n\n', completion: 'Behind the hill.' }, {}],
      })
  })

  test('of several answers in a list the first is learned', () => {
    const rows = both.map(([query, answer]) => ({ query, answers: [answer, 'Nobody knows.'] }))
    expect(learned(read('a.jsonl', lines(...rows)))).toEqual(['Behind the hill.', 'Early in the morning.'])
  })

  test('do not make pairs of what only speaks of questions', () => {
    const rows = both.map(([text]) => ({ 'question id': 'x', 'answer count': 2, text }))
    expect(read('a.jsonl', lines(...rows)).form).toBe('columns')
    const three = both.map(([en, de]) => ({ en, de, fr: `${de} ${en}` }))
    expect(read('a.jsonl', lines(...three)).form).toBe('columns')
  })
})

describe('choices', () => {
  const question = 'The capital of Latvia?'
  test.each([
    [
      'a number into a list',
      { question, choices: ['Oslo', 'Riga'], answer: 1 },
      { question, choices: ['Oslo', 'Riga'], answer: 0 },
    ],
    [
      'a letter',
      { question, options: ['Oslo', 'Riga'], answer: 'B' },
      { question, options: ['Oslo', 'Riga'], answer: 'A' },
    ],
    [
      'a label',
      { question, choices: { label: ['A', 'B'], text: ['Oslo', 'Riga'] }, answerKey: 'B' },
      { question, choices: { label: ['B', 'A'], text: ['Oslo', 'Riga'] }, answerKey: 'B' },
    ],
    [
      'labelled objects',
      {
        question: {
          stem: question,
          choices: [
            { label: '1', text: 'Oslo' },
            { label: '2', text: 'Riga' },
          ],
        },
        answerKey: '2',
      },
      {
        question: {
          stem: question,
          choices: [
            { label: '1', text: 'Oslo' },
            { label: '2', text: 'Riga' },
          ],
        },
        answerKey: '1',
      },
    ],
    [
      'columns',
      { question, A: 'Oslo', B: 'Riga', answer: 'B' },
      { question, A: 'Oslo', B: 'Riga', answer: 'A' },
    ],
    [
      'numbers from 1',
      { question, option_1: 'Oslo', option_2: 'Riga', answer: 2 },
      { question, option_1: 'Oslo', option_2: 'Riga', answer: 1 },
    ],
  ])('are learned as text where the answer is %s', (_, row, other) => {
    const reading = read('a.jsonl', lines(row, other))
    expect(reading.form).toBe('prompt-answer')
    expect(reading.examples[0]).toEqual({ prompt: `${question}\n\n`, completion: 'Riga' })
    expect(reading.examples[1].completion).toBe('Oslo')
    expect(reading.notes[0]).toMatchObject({ kind: 'picked', text: 'Riga' })
    expect(reading.notes.filter(({ kind }) => kind === 'text-beside')).toEqual([])
  })

  test('that the answer spells itself are said', () => {
    const row = { question: 'How many legs?', options: ['2', '4', '6'], answer: '4' }
    expect(read('a.jsonl', lines(row, row))).toMatchObject({
      examples: [{ completion: '4' }, {}],
      notes: [{ kind: 'text-beside', others: ['options'] }],
    })
  })

  test('are not looked for where there are none: the answer may be a number', () => {
    expect(read('a.jsonl', lines({ question: 'How many legs?', answer: 4 }))).toMatchObject({
      examples: [{ completion: '4' }],
      notes: [],
    })
  })
})

describe('text beside question and answer', () => {
  test.each(['passage', 'passages', 'article', 'Body', 'Definition', 'support', 'contexts', 'solution'])(
    'is named: %s',
    (name) => {
      const row = {
        question: 'Is it so?',
        [name]: 'A long tale of all that happened by the sea.',
        answer: 'yes',
        id: 7,
        source: 'web',
      }
      expect(read('a.jsonl', lines(row, row)).notes).toEqual([
        { kind: 'text-beside', question: 'question', column: 'answer', others: [name] },
      ])
    },
  )

  test('that is given with the question, or is the same once more, is not', () => {
    const row = {
      question: 'Is it so?',
      context: 'A long tale.',
      answer: bad,
      answer_html: `<p>${bad}</p>`,
      topic: 'Sea',
    }
    expect(read('a.jsonl', lines(row, row)).notes.filter(({ kind }) => kind === 'text-beside')).toEqual([])
  })

  test('in lists of lists, which is never given, is named', () => {
    const row = { question: 'Is it so?', answer: 'yes', context: [['Sea', ['A tale.', 'Another.']]] }
    expect(read('a.jsonl', lines(row, row)).notes).toMatchObject([
      { kind: 'text-beside', others: ['context'] },
    ])
  })
})
