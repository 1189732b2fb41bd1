/** What stands beside a conversation and belongs to it: a system prompt, an answer that was chosen, what was said before, other replies. */
import { describe, expect, test } from 'vitest'
import { read } from '../../testing'

const lines = (...rows: object[]) => rows.map((row) => JSON.stringify(row)).join('\n')
const messages = [
  { role: 'user', content: 'Who is there?' },
  { role: 'assistant', content: 'Anna.' },
]
const plain = 'User:\nWho is there?\n\nAssistant:\n'

describe('a system prompt of the row', () => {
  test.each(['system', 'system_prompt', 'System'])('begins the conversation: %s', (name) => {
    for (const column of ['messages', 'talk'])
      expect(read('a.jsonl', lines({ [name]: 'Be brief.', [column]: messages })).examples).toEqual([
        { prompt: `System:\nBe brief.\n\n${plain}`, completion: 'Anna.' },
      ])
  })

  test('gives way to one within, and may be empty', () => {
    const within = [{ role: 'system', content: 'Be long.' }, ...messages]
    const [first, second] = read(
      'a.jsonl',
      lines({ system: 'Be brief.', messages: within }, { system: '', messages }),
    ).examples
    expect(first.prompt).toBe(`System:\nBe long.\n\n${plain}`)
    expect(second.prompt).toBe(plain)
  })
})

test('an answer that was chosen ends the conversation beside which it stands', () => {
  const row = {
    conversations: [{ from: 'human', value: 'Who is there?' }],
    chosen: { from: 'gpt', value: 'Anna.' },
    rejected: { from: 'gpt', value: 'Nobody at all, as far as I can see.' },
  }
  expect(read('a.jsonl', lines(row, row))).toMatchObject({
    form: 'chat',
    examples: [{ prompt: plain, completion: 'Anna.' }, {}],
    notes: [{ kind: 'turned-down', columns: ['rejected.from', 'rejected.value'] }],
  })
})

test('LLaMA-Factory’s history is what was said before', () => {
  const row = {
    instruction: 'And now?',
    input: '',
    output: 'It rains.',
    system: 'Be brief.',
    history: [['How is it?', 'Dry.']],
  }
  const first = { ...row, history: [] }
  expect(read('a.json', JSON.stringify([row, first]))).toMatchObject({
    form: 'chat',
    column: 'output',
    examples: [
      {
        prompt: 'System:\nBe brief.\n\nUser:\nHow is it?\n\nAssistant:\n',
        completion: 'Dry.',
        further: [{ prompt: '\n\nUser:\nAnd now?\n\nAssistant:\n', completion: 'It rains.' }],
      },
      { prompt: 'System:\nBe brief.\n\nUser:\nAnd now?\n\nAssistant:\n', completion: 'It rains.' },
    ],
    notes: [],
  })
})

describe('a tree of replies, as OpenAssistant has them', () => {
  const reply = (role: string, text: string, replies: object[] = [], rank?: number) => ({
    role,
    text,
    rank,
    replies,
  })
  const tree = {
    message_tree_id: 't',
    prompt: reply('prompter', 'Who is there?', [
      reply('assistant', 'Nobody.', [reply('prompter', 'Really?')], 1),
      reply('assistant', 'Anna.', [reply('prompter', 'Which?', [reply('assistant', 'From Riga.')])], 0),
    ]),
  }

  test('is the conversation of its best branch, and the others are counted', () => {
    for (const text of [lines(tree), lines(tree, tree)])
      expect(read('a.jsonl', text)).toMatchObject({
        form: 'chat',
        examples: [
          {
            prompt: plain,
            completion: 'Anna.',
            further: [{ prompt: '\n\nUser:\nWhich?\n\nAssistant:\n', completion: 'From Riga.' }],
          },
        ].concat(text.includes('\n') ? [expect.anything()] : []),
        notes: [{ kind: 'other-branches', count: text.includes('\n') ? 4 : 2 }],
      })
  })
})
