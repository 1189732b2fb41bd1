/** Text on the command line: `inspect`, and that `finetune` and `eval` read what it says, by the page's own reader. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { randomModelFiles } from '../training/testing'
import { evaluateText } from './eval'
import { finetune } from './finetune'
import { inspect } from './inspect'
import { lines } from './testing'

const fixtures = 'src/corpora/own/fixtures'
const directory = mkdtempSync(join(tmpdir(), 'gossamer-text-'))
const model = join(directory, 'model')
const put = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(directory, name), content)
  return join(directory, name)
}

beforeAll(() => {
  const files = randomModelFiles()
  mkdirSync(model)
  writeFileSync(join(model, 'config.json'), JSON.stringify(files.config))
  writeFileSync(join(model, 'tokenizer.json'), JSON.stringify(files.tokenizer))
  writeFileSync(join(model, 'model.safetensors'), files.weights)
})
afterAll(() => rmSync(directory, { recursive: true }))

const evaluated = async (text: string) =>
  (await lines(evaluateText, '--model', model, '--text', text, '--seq', '16', '--per-token'))[0]

describe('inspect', () => {
  it('says in one line how a file is read', async () => {
    expect(await lines(inspect, '--text', `${fixtures}/alpaca.jsonl`)).toEqual([
      {
        form: 'prompt-answer',
        column: 'output',
        columns: ['instruction', 'input', 'output'],
        examples: 2,
        leftOut: [],
        preview: [
          { prompt: 'Give three tips for staying healthy in the long run.', answer: 'Eat, sleep, move.' },
          { prompt: 'Name the colours of the flag of the country.\n\nFrance', answer: 'Blue, white, red.' },
        ],
      },
    ])
  })

  it('shows three examples, counts what is left out and says why, and obeys a column', async () => {
    const rows = [1, 2, 3, 4, 5].map((id) =>
      JSON.stringify({ id, text: `It rained on day ${id}.`, note: id < 3 ? 'Wet.' : '' }),
    )
    const file = put('rows.jsonl', rows.join('\n'))
    const [usual] = await lines(inspect, '--text', file)
    expect(usual).toMatchObject({ form: 'columns', column: 'text', examples: 5, preview: { length: 3 } })
    expect(await lines(inspect, '--text', file, '--column', 'Note')).toEqual([
      {
        form: 'columns',
        column: 'note',
        columns: ['id', 'text', 'note'],
        examples: 2,
        leftOut: [{ count: 3, why: 'nothing stands in “note”' }],
        preview: Array(2).fill({ prompt: '', answer: 'Wet.' }),
      },
    ])
  })

  it('shows all that is given and all that is learned of a conversation', async () => {
    const messages = ['user', 'assistant', 'user', 'assistant'].map((role, index) => ({
      role,
      content: `turn ${index}`,
    }))
    const [{ form, examples, preview }] = await lines(
      inspect,
      '--text',
      put('chat.json', JSON.stringify({ messages })),
    )
    expect({ form, examples, preview }).toEqual({
      form: 'chat',
      examples: 1,
      preview: [
        { prompt: 'User:\nturn 0\n\nAssistant:\n\nUser:\nturn 2\n\nAssistant:', answer: 'turn 1\n\nturn 3' },
      ],
    })
  })

  it.each([
    [[], /--text is missing/],
    [['--text', '/nowhere.txt'], /There is no file/],
    [['--text', `${fixtures}/pipe.csv`, '--column', 'words'], /no column "words".*id, text, label/],
    [['--text', 'package-lock.pdf'], /There is no file/],
    [['--text', 'docs/rooms.svg'], /web page or XML/],
  ])('refuses with exit code 2 and a sentence: %j', (args, sentence) => {
    const run = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'inspect', ...args], {
      encoding: 'utf8',
    })
    expect(run).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(sentence) })
    expect(run.stderr).not.toContain('    at ')
  })
})

describe('finetune and eval', () => {
  const words = 'The cat sat on the mat and the dog sat on the log '.repeat(4)

  it('read running text as one stream, whatever its encoding', async () => {
    const plain = await evaluated(put('plain.txt', words))
    expect(plain.tokens).toBe(words.length - 1)
    const utf16 = Uint8Array.from(
      [...`\uFEFF${words}`].flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8]),
    )
    for (const file of [put('marked.md', `\uFEFF${words}`), put('wide.txt', utf16)])
      expect(await evaluated(file)).toEqual(plain)
  })

  it.each([
    ['a PDF', 'paper.txt', '%PDF-1.7 not text'],
    ['zeros', 'zeros.txt', 'text \0 and more'],
    ['a document', 'letter.docx', 'PK\x03\x04'],
  ])('refuse %s before the model is loaded', async (_, name, content) => {
    const file = put(name, content)
    await expect(lines(evaluateText, '--model', '/nowhere', '--text', file)).rejects.toThrow(
      /not text|not read/,
    )
    const tuning = ['--model', '/nowhere', '--text', file, '--steps', '1', '--out', join(directory, 'out')]
    await expect(lines(finetune, ...tuning)).rejects.toThrow(/not text|not read/)
  })

  it('learn and measure the answers of tables and JSON, nothing else', async () => {
    const answers = ['the cat', 'a mat']
    const rows = answers.map((answer, index) =>
      JSON.stringify({ prompt: `who is ${index} of them`, completion: answer }),
    )
    const { tokens, perTokenNll } = await evaluated(put('pairs.jsonl', rows.join('\n')))
    const ends = answers.length // each example ends with the end-of-text token
    expect(tokens).toBe(answers.join('').length + ends)
    expect(perTokenNll).toHaveLength(Number(tokens))
  })

  it('read the column that is asked for, and say on stderr how a file is read and what is left out', async () => {
    const rows = [1, 2, 3].map((id) =>
      JSON.stringify({ text: `it rained on day ${id}`, note: id < 3 ? 'a wet cat' : '' }),
    )
    const file = put('columns.jsonl', rows.join('\n'))
    const said = vi.spyOn(console, 'error').mockImplementation(() => {})
    try {
      const measuring = ['--model', model, '--text', file, '--column', 'Note', '--seq', '16']
      const [{ tokens }] = await lines(evaluateText, ...measuring)
      // Nothing stands before a text's first letter; behind its last one it ends.
      expect(tokens).toBe('a wet cat'.length * 2)
      const expected = [
        ['Read as columns, column “note”: 2 examples.'],
        ['1 left out because nothing stands in “note”.'],
      ]
      expect(said.mock.calls).toEqual(expected)
      const out = join(directory, 'column')
      await lines(finetune, ...measuring, '--steps', '1', '--targets', 'c_attn', '--out', out)
      expect(said.mock.calls).toEqual([...expected, ...expected])
      const wrong = ['--model', '/nowhere', '--text', file, '--column', 'town']
      await expect(lines(evaluateText, ...wrong)).rejects.toThrow(/no column "town".*text, note/)
      const running = ['--model', '/nowhere', '--text', put('a.txt', words), '--column', 'note']
      await expect(lines(evaluateText, ...running)).rejects.toThrow(/has no columns/)
    } finally {
      said.mockRestore()
    }
  })

  it('learn cards that stand in a text file with tabs, not the file as one stream', async () => {
    const cards = ['the cat\ta dog', 'the mat\ta log', 'the sun\ta fog'].join('\r\n')
    const { tokens } = await evaluated(put('deck.txt', cards))
    expect(tokens).toBe('a dog'.length * 3 + 3)
  })

  it('train on a conversation until its answers are likely', async () => {
    const messages = ['user', 'assistant', 'user', 'assistant'].map((role, index) => ({
      role,
      content: `so ${index}`,
    }))
    const file = put('talk.jsonl', JSON.stringify({ messages }))
    const tuning = `--model ${model} --text ${file} --steps 12 --rank 2 --alpha 4 --targets c_attn,c_fc --lr 3e-2 --batch 1 --seq 31 --seed 1 --out ${join(directory, 'talked')}`
    const all = await lines(finetune, ...tuning.split(' '))
    expect(all).toHaveLength(13)
    expect(Number(all[11].loss)).toBeLessThan(Number(all[0].loss))
    expect(JSON.parse(readFileSync(join(directory, 'talked', 'adapter_config.json'), 'utf8')).r).toBe(2)
  })
})
