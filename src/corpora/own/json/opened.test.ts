/** JSON in the cells of a table: conversations are found in whatever column, other objects become columns, answers stay as they are. */
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { learned, plain, problemOf, read } from '../testing'

const turns = (id: number) => [
  { role: 'user', content: `Who is ${id}?` },
  { role: 'assistant', content: `Anna ${id}.` },
]
const csv = (payload: (id: number) => unknown) =>
  Papa.unparse([1, 2, 3].map((id) => ({ id, when: '2024-01-01', payload: JSON.stringify(payload(id)) })))

describe('a conversation in a cell', () => {
  test.each([
    ['a list of turns', turns],
    ['an object with messages', (id: number) => ({ messages: turns(id) })],
    ['messages beside a model and more', (id: number) => ({ model: 'x', messages: turns(id), n: 1 })],
    [
      'ShareGPT’s',
      (id: number) => ({
        conversations: turns(id).map(({ role, content }) => ({
          from: role === 'user' ? 'human' : 'gpt',
          value: content,
        })),
      }),
    ],
  ])('is one, whatever its column is called: %s', (_, payload) => {
    const reading = read('a.csv', csv(payload))
    expect(reading).toMatchObject({ form: 'chat', column: 'payload', leftOut: [] })
    expect(learned(reading)).toEqual(['Anna 1.', 'Anna 2.', 'Anna 3.'])
    expect(reading.examples[0].prompt).toBe('User:\nWho is 1?\n\nAssistant:\n')
  })

  test('is one in JSON lines, too, in objects and as text', () => {
    const rows = (payload: unknown) => [1, 2].map((id) => JSON.stringify({ id, payload })).join('\n')
    for (const payload of [{ messages: turns(1) }, JSON.stringify({ messages: turns(1) })])
      expect(learned(read('a.jsonl', rows(payload)))).toEqual(['Anna 1.', 'Anna 1.'])
  })

  test('with a call of a tool, which says nothing, is whole', () => {
    const called = [turns(1)[0], { role: 'assistant', content: null, tool_calls: [{ id: 'c' }] }, turns(1)[1]]
    expect(learned(read('a.jsonl', JSON.stringify({ messages: called })))).toEqual(['Anna 1.'])
  })
})

describe('other objects in cells', () => {
  const table = csv((id) => ({
    title: 'Rain',
    post: { body: `It fell on day ${id}.` },
    replies: [{ by: 'Bob' }],
  }))

  test('become columns with dots; lists of objects within are named', () => {
    const reading = read('a.csv', table)
    expect(reading).toMatchObject({
      column: 'payload.post.body',
      examples: plain('It fell on day 1.', 'It fell on day 2.', 'It fell on day 3.'),
      notes: [{ kind: 'nested-list', column: 'payload.replies', count: 3 }],
    })
    expect(reading.columns).toEqual(['id', 'when', 'payload.title', 'payload.post.body', 'payload.replies'])
  })

  test('may be asked for, or the cells as they are', () => {
    expect(learned(read('a.csv', table, { column: '{payload.title}: {Payload.post.body}' }))[0]).toBe(
      'Rain: It fell on day 1.',
    )
    expect(learned(read('a.csv', table, { column: 'payload' }))[0]).toMatch(/^\{"title"/)
    expect(read('a.csv', table, { column: 'id' }).columns).toContain('payload.post.body')
    expect(problemOf(() => read('a.csv', table, { column: 'payload.none' })).code).toBe('no-such-column')
  })

  test('are left as they are where they are answers, or beside text', () => {
    const answers = Papa.unparse(
      [1, 2].map((id) => ({ prompt: `Extract ${id}.`, completion: `{"name": "Anna ${id}"}` })),
    )
    expect(learned(read('a.csv', answers))).toEqual(['{"name": "Anna 1"}', '{"name": "Anna 2"}'])
    const meta = Papa.unparse(
      [1, 2].map((id) => ({ text: `It fell on day ${id}.`, meta: '{"by":{"name":"Anna"}}' })),
    )
    expect(read('a.csv', meta)).toMatchObject({ column: 'text', columns: ['text', 'meta'] })
  })
})

test('lists as Python prints them are no JSON: the column is named, with what to do', () => {
  const printed = "[{'role': 'user', 'content': 'Who?'}, {'role': 'assistant', 'content': 'Anna.'}]"
  const reading = read('a.csv', Papa.unparse([1, 2].map((id) => ({ id, messages: printed }))))
  expect(reading.notes).toEqual([{ kind: 'printed-by-python', column: 'messages' }])
})
