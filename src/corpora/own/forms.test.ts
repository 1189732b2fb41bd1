/** Which form is read, what is learned of it, which column was taken, and that whatever is left out is counted. */
import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { fixture, learned, plain, problemOf, read } from './testing'

const lines = (...rows: object[]): string => rows.map((row) => JSON.stringify(row)).join('\n')

describe('conversations', () => {
  const turn = (role: string, content: unknown) => ({ role, content })
  const twice = [
    turn('system', 'Be brief.'),
    turn('user', 'The capital of France?'),
    turn('assistant', 'Paris.'),
    turn('user', 'And of Latvia?'),
    turn('assistant', 'Riga.'),
    turn('user', 'Thanks.'),
  ]

  test('with or without an id are trained on what the assistant says', () => {
    for (const name of ['messages.jsonl', 'messages-with-id.jsonl']) {
      const reading = fixture(name)
      expect(reading).toMatchObject({ form: 'chat', column: 'messages', leftOut: [] })
      expect(learned(reading)).toEqual(['Paris.', 'Paris.'])
      expect(reading.examples[0].prompt).toMatch(/^User:\nWhat is the capital.*\?\n\nAssistant:\n$/)
    }
  })

  test('are one text of all turns; all answers are learned, and nothing after the last', () => {
    expect(read('a.jsonl', lines({ messages: twice })).examples).toEqual([
      {
        prompt: 'System:\nBe brief.\n\nUser:\nThe capital of France?\n\nAssistant:\n',
        completion: 'Paris.',
        further: [{ prompt: '\n\nUser:\nAnd of Latvia?\n\nAssistant:\n', completion: 'Riga.' }],
      },
    ])
  })

  test.each([
    [
      'ShareGPT',
      lines({
        conversations: twice.map(({ role, content }) => ({
          from: role === 'assistant' ? 'gpt' : role === 'user' ? 'human' : role,
          value: content,
        })),
      }),
    ],
    [
      'parts of a message',
      lines({ messages: twice.map(({ role, content }) => turn(role, [{ type: 'text', text: content }])) }),
    ],
    ['a list of turns a line', `${JSON.stringify(twice)}\n${JSON.stringify(twice)}`],
    ['an array of rows in .json', JSON.stringify([{ Messages: twice }, { Messages: twice }], null, 2)],
    ['one conversation in .json', JSON.stringify({ messages: twice })],
    [
      'a prompt and a completion of turns',
      lines({ prompt: twice.slice(0, 4), completion: [twice[4]], id: 1 }),
    ],
    [
      'Claude’s export',
      JSON.stringify([
        {
          uuid: 'u',
          chat_messages: twice
            .slice(1)
            .map(({ role, content }) => ({ sender: role === 'user' ? 'human' : role, text: content })),
        },
      ]),
    ],
  ])('are understood as %s', (_, text) => {
    const reading = read('a.json', text)
    expect(reading.form).toBe('chat')
    expect(learned(reading)[0]).toMatch(/Riga\.$/)
  })

  test('are understood as ChatGPT exports them: the branch that ends at the newest message', () => {
    const node = (id: string, parent: string | null, role: string, said: string) => [
      id,
      { id, parent, message: { author: { role }, content: { content_type: 'text', parts: [said] } } },
    ]
    const mapping = Object.fromEntries([
      ['root', { id: 'root', parent: null, message: null }],
      node('q', 'root', 'user', 'The capital of Latvia?'),
      node('old', 'q', 'assistant', 'Oslo.'),
      node('new', 'q', 'assistant', 'Riga.'),
    ])
    const reading = read(
      'conversations.json',
      JSON.stringify([{ title: 'Capitals', create_time: 1, mapping }]),
    )
    expect(reading).toMatchObject({ form: 'chat', examples: [{ completion: 'Riga.' }] })
  })

  test('in cells of a table are JSON', () => {
    const csv = Papa.unparse([{ id: 1, messages: JSON.stringify(twice) }])
    expect(learned(read('a.csv', csv))).toEqual(['Paris.|Riga.'])
  })

  test('without an answer are left out and counted', () => {
    const rows = lines({ messages: twice }, { messages: [twice[1]] }, { messages: null }, { messages: twice })
    expect(read('a.jsonl', rows)).toMatchObject({
      examples: [{}, {}],
      leftOut: [
        { count: 1, reason: { kind: 'no-assistant' } },
        { count: 1, reason: { kind: 'no-conversation', column: 'messages' } },
      ],
    })
  })
})

describe('questions and answers', () => {
  test('are trained on the answer', () => {
    expect(fixture('prompt-completion.jsonl')).toMatchObject({
      form: 'prompt-answer',
      column: 'completion',
      examples: [{ prompt: 'A very long question about many things, is it not so?\n\n', completion: 'Yes.' }],
    })
    expect(fixture('alpaca.jsonl')).toMatchObject({
      form: 'prompt-answer',
      column: 'output',
      examples: [
        {
          prompt: 'Give three tips for staying healthy in the long run.\n\n',
          completion: 'Eat, sleep, move.',
        },
        {
          prompt: 'Name the colours of the flag of the country.\n\nFrance\n\n',
          completion: 'Blue, white, red.',
        },
      ],
    })
  })

  test.each([
    [{ instruction: 'Sum up.', context: 'A long tale.', response: 'Short.' }, 'Sum up.\n\nA long tale.\n\n'],
    [{ Question: 'Why?', Answer: 'Because.' }, 'Why?\n\n'],
    [{ question: 'Why?', response: 'Because.' }, 'Why?\n\n'],
    [
      {
        id: 1,
        context: 'A tale.',
        question: 'Who?',
        answers: { text: ['Anna', 'she'], answer_start: [3, 9] },
      },
      'Who?\n\nA tale.\n\n',
    ],
    [{ Frage: 'Warum?', Antwort: 'Darum.' }, 'Warum?\n\n'],
    [{ prompt: 'Say hi.', chosen: 'Hi!', rejected: 'No.' }, 'Say hi.\n\n'],
  ])('are known by many names: %j', (row, prompt) => {
    const { form, examples } = read('a.jsonl', lines(row))
    expect({ form, prompt: examples[0].prompt }).toEqual({ form: 'prompt-answer', prompt })
  })

  test('with a system prompt are OpenOrca’s, from CSV and from JSON lines', () => {
    const text = fc
      .string({ unit: fc.constantFrom(...'abc äß,;\t"\'\n{}|漢😀.-'.split(/(?:)/u)), minLength: 1 })
      .map((characters) => `x${characters}`.trim())
    const row = fc.record({ system_prompt: fc.oneof(text, fc.constant('')), question: text, response: text })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        const expected = rows.map(({ system_prompt, question, response }) => ({
          prompt: [system_prompt, question]
            .filter(Boolean)
            .map((part) => `${part}\n\n`)
            .join(''),
          completion: response,
        }))
        const is = { form: 'orca', column: 'response', leftOut: [], notes: [] }
        for (const options of [
          {},
          { delimiter: ';' },
          { delimiter: '|' },
          { delimiter: '\t', newline: '\n' },
        ])
          expect(read('orca.csv', Papa.unparse(rows, options))).toMatchObject({ ...is, examples: expected })
        expect(read('orca.jsonl', lines(...rows))).toMatchObject({ ...is, examples: expected })
      }),
      { seed: 3 },
    )
  })

  test('that lack one of both are left out, and which is said', () => {
    const rows = lines(
      { prompt: 'Who?', completion: 'Anna.' },
      { prompt: 'Where?', completion: '' },
      { prompt: 'When?', completion: null },
      { prompt: '', completion: 'Now.' },
    )
    expect(read('a.jsonl', rows)).toMatchObject({
      examples: [{ completion: 'Anna.' }],
      leftOut: [
        { count: 2, reason: { kind: 'no-answer', column: 'completion' } },
        { count: 1, reason: { kind: 'no-question', column: 'prompt' } },
      ],
    })
  })
})

describe('other tables', () => {
  test('of which column "text" is read, whatever its case', () => {
    const reading = fixture('uppercase-Text.csv')
    expect(reading).toMatchObject({ form: 'columns', column: 'Text', columns: ['ID', 'Text', 'URL'] })
    expect(learned(reading)).toEqual(['short', 'tiny'])
  })

  test('of which the column that holds language is read, not ids, links, numbers, dates or labels', () => {
    expect(fixture('uuid.csv')).toMatchObject({ column: 'comment', examples: plain('ok', 'fine') })
    const rows = Array.from({ length: 12 }, (_, index) => ({
      sha: `9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0${index % 10}`,
      when: `2024-01-${10 + index}T12:00:00Z`,
      link: `https://example.org/a/path/that/is/very/long/and/longer/than/any/text/${index}`,
      mail: `somebody.with.a.long.name.${index}@example.org`,
      category: 'Complaints and suggestions',
      price: '1.234.567,89 €',
      said: `It rained on day ${index}.`,
    }))
    expect(read('a.csv', Papa.unparse(rows)).column).toBe('said')
    expect(read('a.jsonl', lines(...rows)).column).toBe('said')
  })

  test('whose rows lack it: they are counted, not lost', () => {
    const rows = lines({ text: 'One.' }, { town: 'Two.' }, { text: ' ' }, { text: 'Three.' })
    expect(read('a.jsonl', rows)).toMatchObject({
      column: 'text',
      columns: ['text', 'town'],
      examples: plain('One.', 'Three.'),
      leftOut: [{ count: 2, reason: { kind: 'no-value', column: 'text' } }],
    })
  })

  test('of which another column may be chosen, by any case', () => {
    const csv = 'id,text,note\n1,Hello.,A note.\n2,Bye.,\n'
    expect(read('a.csv', csv, { column: 'NOTE' })).toMatchObject({
      column: 'note',
      examples: plain('A note.'),
      leftOut: [{ count: 1, reason: { kind: 'no-value', column: 'note' } }],
    })
    expect(read('a.csv', csv, { column: 'id' }).examples).toEqual(plain('1', '2'))
    const problem = problemOf(() => read('a.csv', csv, { column: 'nota' }))
    expect(problem.message).toBe(
      '"a.csv" has no column "nota". Its columns are: id, text, note. Choose one of these.',
    )
  })

  test('whose rows become sentences of several columns', () => {
    const people = lines(
      { name: 'Anna', age: 7, town: 'Riga' },
      { name: 'Bob', age: 8 },
      { name: '{age}', age: 9, town: 'Oslo' },
    )
    expect(read('a.jsonl', people, { column: '{Name} is {age} and lives in {town}.' })).toMatchObject({
      form: 'columns',
      column: '{Name} is {age} and lives in {town}.',
      examples: plain('Anna is 7 and lives in Riga.', '{age} is 9 and lives in Oslo.'),
      leftOut: [{ count: 1, reason: { kind: 'no-value', column: 'town' } }],
    })
    expect(problemOf(() => read('a.jsonl', people, { column: '{name} of {street}' })).code).toBe(
      'no-such-column',
    )
  })

  test('that hold no language are refused, with their columns', () => {
    expect(problemOf(() => read('a.csv', 'a,b\n1,2\n3,4\n')).message).toContain('(a, b)')
    expect(problemOf(() => read('a.jsonl', '{"a":1}')).code).toBe('no-text-column')
    expect(problemOf(() => read('a.txt', 'Hello.', { column: 'text' })).code).toBe('no-columns')
  })
})
