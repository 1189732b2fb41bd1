/** What stands in conversations beside words: marks that a turn is not to be learned, calls of tools, thoughts, pictures. */
import { describe, expect, test } from 'vitest'
import { english } from '../../said/sentences'
import { learned, problemOf, read } from '../../testing'

const lines = (...rows: object[]) => rows.map((row) => JSON.stringify(row)).join('\n')
const call = {
  id: 'c',
  type: 'function',
  function: { name: 'get_weather', arguments: '{"city":"Rome"}' },
}
const called = '{"name":"get_weather","arguments":{"city":"Rome"}}'
const said = (turns: readonly object[]) => read('a.jsonl', lines({ messages: turns }, { messages: turns }))
const asked = 'User:\nWeather?\n\nTool:\n'

describe('an answer that is marked as not to be learned', () => {
  test.each([{ weight: 0 }, { train: false }, { loss: false }])(
    'is given with the conversation: %j',
    (mark) => {
      const messages = [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'bad one', ...mark },
        { role: 'user', content: 'b', weight: 0 },
        { role: 'assistant', content: 'good one', weight: 1 },
      ]
      expect(read('a.jsonl', lines({ messages }))).toMatchObject({
        examples: [
          {
            prompt: 'User:\na\n\nAssistant:\nbad one\n\nUser:\nb\n\nAssistant:\n',
            completion: 'good one',
          },
        ],
        notes: [{ kind: 'unlearned', what: 'given', count: 1 }],
      })
    },
  )

  test('and is the only one leaves its conversation out', () => {
    const row = (weight: number) => ({
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b', weight },
      ],
    })
    const { leftOut, examples } = read('a.jsonl', lines(row(0), row(1), row(0)))
    expect(examples).toHaveLength(1)
    expect(leftOut).toEqual([{ count: 2, reason: { kind: 'all-given' } }])
    expect(english.reason(leftOut[0].reason)).toMatch(/marked as not to be learned/)
  })
})

describe('a call of a tool', () => {
  test.each<[string, object]>([
    ['OpenAI’s', { role: 'assistant', content: null, tool_calls: [call] }],
    ['OpenAI’s without content', { role: 'assistant', tool_calls: [call] }],
    ['OpenAI’s of before', { role: 'assistant', content: null, function_call: call.function }],
    [
      'Anthropic’s',
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'c', name: 'get_weather', input: { city: 'Rome' } }],
      },
    ],
    [
      'Gemini’s',
      { role: 'model', parts: [{ functionCall: { name: 'get_weather', args: { city: 'Rome' } } }] },
    ],
    ['LLaMA-Factory’s', { from: 'function_call', value: called }],
  ])('is given with the conversation: %s', (_, turn) => {
    const first =
      'from' in turn ? { from: 'human', value: 'Weather?' } : { role: 'user', content: 'Weather?' }
    const last = 'from' in turn ? { from: 'gpt', value: 'Sunny.' } : { role: 'assistant', content: 'Sunny.' }
    expect(said([first, turn, last])).toMatchObject({
      examples: [{ prompt: `${asked}${called}\n\nAssistant:\n`, completion: 'Sunny.' }, {}],
      notes: [{ kind: 'unlearned', what: 'tools', count: 2 }],
    })
  })

  test.each<[string, object]>([
    ['OpenAI’s', { role: 'tool', tool_call_id: 'c', content: 'sunny' }],
    ['OpenAI’s of before', { role: 'function', name: 'get_weather', content: 'sunny' }],
    ['Anthropic’s', { role: 'user', content: [{ type: 'tool_result', content: 'sunny' }] }],
    ['Gemini’s', { role: 'user', parts: [{ functionResponse: { name: 'w', response: 'sunny' } }] }],
  ])('gives something back, which is given, too: %s', (_, turn) => {
    const [first, last] = [
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: 'It is.' },
    ]
    const [{ prompt }] = said([first, turn, last]).examples
    expect(prompt.replaceAll('"', '')).toBe(`${asked}sunny\n\nAssistant:\n`)
  })

  test('is no answer: conversations of nothing else are left out, and it is said why', () => {
    const row = {
      messages: [
        { role: 'user', content: 'Weather?' },
        { role: 'assistant', content: null, tool_calls: [call] },
      ],
    }
    const { message } = problemOf(() => read('a.jsonl', lines(row, row, row)))
    expect(message).toMatch(/all of its rows \(3\) are left out, .* only calls tools/)
  })

  test('is told from words in ChatGPT’s own export', () => {
    const message = (role: string, words: string, more: object = {}) => ({
      author: { role },
      content: { content_type: 'text', parts: [words] },
      recipient: 'all',
      ...more,
    })
    const all = [
      message('user', 'Draw.'),
      message('assistant', '', { content: { content_type: 'thoughts', thoughts: [{ content: 'Hm.' }] } }),
      message('assistant', '{"prompt":"a cat"}', { recipient: 'dalle.text2im' }),
      message('tool', '', {
        content: {
          content_type: 'multimodal_text',
          parts: [{ content_type: 'image_asset_pointer' }, 'done'],
        },
      }),
      message('assistant', 'Here it is.'),
    ]
    const mapping = Object.fromEntries(
      all.map((each, index) => [
        `n${index}`,
        { message: each, parent: index === 0 ? null : `n${index - 1}` },
      ]),
    )
    const reading = read('a.json', JSON.stringify([{ title: 'Cat', mapping }]))
    expect(reading.examples).toEqual([
      {
        prompt:
          'User:\nDraw.\n\nTool:\n{"name":"dalle.text2im","arguments":{"prompt":"a cat"}}\n\nTool:\ndone\n\nAssistant:\n',
        completion: 'Here it is.',
      },
    ])
    expect(reading.notes).toEqual([
      { kind: 'unlearned', what: 'tools', count: 2 },
      { kind: 'unlearned', what: 'thoughts', count: 1 },
      { kind: 'unlearned', what: 'attachments', count: 1 },
    ])
  })
})

test.each<[string, object]>([
  ['reasoning_content', { reasoning_content: 'Two and two is four.', content: '4' }],
  ['reasoning', { reasoning: 'Two and two is four.', content: '4' }],
  [
    'a piece of content',
    {
      content: [
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: '4' },
      ],
    },
  ],
  [
    'a part with text',
    {
      content: '',
      parts: [
        { type: 'reasoning', text: 'Hm.' },
        { type: 'text', text: '4' },
      ],
    },
  ],
  ['Gemini’s', { parts: [{ thought: true, text: 'Hm.' }, { text: '4' }] }],
])('a thought is not read, and counted: %s', (_, turn) => {
  const reading = said([
    { role: 'user', content: '2+2?' },
    { role: 'assistant', ...turn },
  ])
  expect(learned(reading)).toEqual(['4', '4'])
  expect(reading.notes).toEqual([{ kind: 'unlearned', what: 'thoughts', count: 2 }])
})

test('a picture is not read, and counted', () => {
  const picture = { type: 'image_url', image_url: { url: 'data:…' } }
  const reading = said([
    { role: 'user', content: [{ type: 'text', text: 'What is it?' }, picture] },
    { role: 'user', content: [picture] },
    { role: 'assistant', content: 'A cat.' },
  ])
  expect(reading.examples[0]).toEqual({
    prompt: 'User:\nWhat is it?\n\nAssistant:\n',
    completion: 'A cat.',
  })
  expect(reading.notes).toEqual([{ kind: 'unlearned', what: 'attachments', count: 4 }])
})

test('Claude’s export says in a list what its text leaves empty', () => {
  const messages = [
    { uuid: 'a', text: '', content: [{ type: 'text', text: 'hi claude' }], sender: 'human' },
    { uuid: 'b', text: 'hello', content: [{ type: 'text', text: 'hello' }], sender: 'assistant' },
    { uuid: 'c', text: '', content: [{ type: 'text', text: 'and?' }], attachments: [{}], sender: 'human' },
    { uuid: 'd', text: '', content: [{ type: 'text', text: 'so' }], sender: 'assistant' },
  ]
  const reading = read('a.json', JSON.stringify([{ uuid: 'u', name: 'chat', chat_messages: messages }]))
  expect(reading.examples).toEqual([
    {
      prompt: 'User:\nhi claude\n\nAssistant:\n',
      completion: 'hello',
      further: [{ prompt: '\n\nUser:\nand?\n\nAssistant:\n', completion: 'so' }],
    },
  ])
  expect(reading.notes).toEqual([{ kind: 'unlearned', what: 'attachments', count: 1 }])
})
