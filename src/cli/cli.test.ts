import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { adapterHash } from '../model/adapter'
import { parseConfig } from '../model/config'
import { letters, randomModelFiles } from '../training/testing'
import { readAdapter } from './adapterFiles'
import { evaluateText } from './eval'
import { finetune } from './finetune'
import { UsageError } from './flags'
import { generate } from './generate'
import { lines, writeTinyModel } from './testing'

const directory = mkdtempSync(join(tmpdir(), 'gossamer-cli-'))
const model = join(directory, 'model')
const text = join(directory, 'text.txt')
const out = join(directory, 'adapter')
const stream = 'The cat sat on the mat and the dog sat on the log '.repeat(3)

beforeAll(() => {
  writeTinyModel(model)
  writeFileSync(text, stream)
})
afterAll(() => rmSync(directory, { recursive: true }))

/** What is usual, with these flags beside it or instead. */
const tuning = (...more: string[]): string[] =>
  `--model ${model} --text ${text} --steps 6 --rank 2 --alpha 4 --targets c_attn,c_fc --lr 1e-2 --batch 2 --seq 16 --seed 1 --out ${out}`
    .split(' ')
    .filter((_, index, usual) => !more.includes(usual[index - (index % 2)]))
    .concat(more)

describe('finetune', () => {
  it('prints a line per step and a summary, and writes an adapter that PEFT can read', async () => {
    const all = await lines(finetune, ...tuning('--order', 'sequential'))
    const steps = all.slice(0, -1)
    expect(steps.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5])
    expect(Object.keys(steps[0])).toEqual(['step', 'loss'])
    const adapter = await readAdapter(out, parseConfig(randomModelFiles().config))
    expect(all.at(-1)).toEqual({
      adapterHash: adapterHash(adapter),
      steps: 6,
      tokensPerSecond: expect.any(Number),
      backend: 'wasm',
    })
    expect(JSON.parse(readFileSync(join(out, 'adapter_config.json'), 'utf8')).target_modules).toEqual([
      'c_attn',
      'c_fc',
    ])
  })

  it('repeats itself with the same seed, in either order of the windows', async () => {
    for (const windows of ['sequential', 'shuffled']) {
      const one = await lines(finetune, ...tuning('--order', windows))
      const other = await lines(finetune, ...tuning('--order', windows))
      expect(other.at(-1)?.adapterHash).toBe(one.at(-1)?.adapterHash)
    }
  })

  it('goes on from an adapter', async () => {
    const first = await lines(finetune, ...tuning())
    const second = await lines(finetune, ...tuning('--init-adapter', out))
    expect(second[0].loss).toBeLessThan(Number(first[0].loss))
  })

  it('goes on from an adapter only with its own rank, alpha and targets', async () => {
    await lines(finetune, ...tuning())
    const going =
      `--model ${model} --text ${text} --steps 1 --seq 16 --init-adapter ${out} --out ${out}`.split(' ')
    await expect(lines(finetune, ...going)).resolves.toHaveLength(2)
    const same = ['--rank', '2', '--alpha', '4', '--targets', 'c_fc,c_attn']
    await expect(lines(finetune, ...going, ...same)).resolves.toHaveLength(2)
    for (const [flag, value] of [
      ['rank', '4'],
      ['alpha', '8'],
      ['targets', 'c_attn'],
    ]) {
      const refused = lines(finetune, ...going, `--${flag}`, value)
      await expect(refused).rejects.toThrow(UsageError)
      await expect(refused).rejects.toThrow(
        new RegExp(`--${flag} ${value} contradicts --init-adapter .*whose ${flag} is`),
      )
    }
  })

  it('finds out where it cannot write before it trains, and leaves there what was', async () => {
    const before = readFileSync(text, 'utf8')
    const printed = vi.spyOn(process.stdout, 'write')
    await expect(finetune(tuning('--out', text))).rejects.toThrow(UsageError)
    expect(printed).not.toHaveBeenCalled()
    printed.mockRestore()
    expect(readFileSync(text, 'utf8')).toBe(before)
    const deep = join(directory, 'made', 'for', 'it')
    await lines(finetune, ...tuning('--steps', '1', '--out', deep))
    expect(readdirSync(deep).sort()).toEqual(['adapter_config.json', 'adapter_model.safetensors'])
  })
})

describe('eval', () => {
  it('predicts every token but the first, and agrees with the first step of a fine-tuning', async () => {
    const [all] = await lines(evaluateText, '--model', model, '--text', text, '--seq', '16', '--per-token')
    expect(all).toMatchObject({ tokens: stream.length - 1, backend: 'wasm' })
    const perToken = all.perTokenNll as number[]
    expect(perToken).toHaveLength(stream.length - 1)
    expect(perToken.reduce((sum, loss) => sum + loss, 0) / perToken.length).toBeCloseTo(Number(all.loss), 6)
    expect(all.perplexity).toBeCloseTo(Math.exp(Number(all.loss)), 6)
    // Step 0 takes the windows 0 and 1 of 16 tokens each, before any update.
    const [first] = await lines(finetune, ...tuning('--order', 'sequential'))
    expect(perToken.slice(0, 32).reduce((sum, loss) => sum + loss, 0) / 32).toBeCloseTo(Number(first.loss), 4)
  })

  it('sees what an adapter learned', async () => {
    await lines(finetune, ...tuning())
    const [base] = await lines(evaluateText, '--model', model, '--text', text, '--seq', '16')
    const [tuned] = await lines(
      evaluateText,
      '--model',
      model,
      '--adapter',
      out,
      '--text',
      text,
      '--seq',
      '16',
    )
    expect(tuned.loss).toBeLessThan(Number(base.loss))
    expect(base).not.toHaveProperty('perTokenNll')
  })
})

describe('generate', () => {
  it('prints the new tokens and repeats them with the same seed', async () => {
    const wish = `--model ${model} --prompt The --tokens 8 --temperature 1 --seed 5`.split(' ')
    const [one] = await lines(generate, ...wish)
    const [other] = await lines(generate, ...wish)
    expect(one).toMatchObject({ ids: other.ids, hash: other.hash, text: other.text, backend: 'wasm' })
    const spelled = (one.ids as number[]).filter((id) => id !== 0).map((id) => letters[id - 1])
    expect(one.text).toBe(spelled.join(''))
  })
})

describe('a command line that cannot be obeyed', () => {
  it.each([
    ['an unknown flag', finetune, tuning('--stepz', '3'), /no flag --stepz/],
    [
      'a flag given twice',
      finetune,
      [...tuning(), '--rank=8'],
      /^--rank is given twice, as "2" and "8"\. Give it once\.$/,
    ],
    [
      'a flag given twice that says the same',
      evaluateText,
      ['--model', model, '--model', model],
      /^--model is given twice/,
    ],
    [
      'a flag without value given twice',
      evaluateText,
      ['--per-token', '--per-token'],
      /^--per-token is given twice\. Give it once\.$/,
    ],
    [
      'a flag that may be repeated, without its value',
      evaluateText,
      ['--model', model, '--text', text, '--adapter'],
      /^--adapter needs a value\.$/,
    ],
    [
      'a flag that may be repeated, the second time without its value',
      evaluateText,
      ['--adapter', 'a', '--adapter'],
      /^--adapter is given twice/,
    ],
    ['a missing flag', finetune, tuning().slice(2), /--model is missing/],
    ['a flag without its value', finetune, tuning('--lr', '--order'), /--lr needs a value/],
    ['a number that is none', finetune, tuning('--steps', 'many'), /--steps must be a number, not "many"\.$/],
    ['a zero', finetune, tuning('--batch', '0'), /--batch must be 1 or more, not 0\.$/],
    [
      'a fraction of a step',
      finetune,
      tuning('--steps', '1.5'),
      /--steps must be a whole number, not 1\.5\.$/,
    ],
    [
      'a number with two points',
      finetune,
      tuning('--lr', '1.2.3'),
      /--lr must be a number, not "1\.2\.3"\.$/,
    ],
    ['a number without end', finetune, tuning('--lr', '1e999'), /--lr must be a number, not Infinity\.$/],
    ['a seed beyond all', finetune, tuning('--seed', '99999999999999999999'), /--seed must be \d+ or less/],
    ['a rank beyond the model', finetune, tuning('--rank', '9999'), /from 1 to 128, not 9999/],
    ['unknown targets', finetune, tuning('--targets', 'q_proj'), /no layers named "q_proj"/],
    [
      'nothing to continue',
      generate,
      ['--model', model, '--prompt', ''],
      /--prompt must be text with something/,
    ],
    [
      'more choices than tokens',
      generate,
      ['--model', model, '--prompt', 'a', '--top-k', '65'],
      /--top-k 65 is more than the model's 64 tokens/,
    ],
    [
      '--out that is a file',
      finetune,
      tuning('--out', text),
      /--out .*text.txt cannot be written to: .* is a file/,
    ],
    [
      '--out under a file',
      finetune,
      tuning('--out', join(text, 'x')),
      /--out .* a part of the path is a file/,
    ],
    [
      '--out where no directory can be',
      finetune,
      tuning('--out', '/proc/x/y'),
      /--out \/proc\/x\/y cannot be/,
    ],
    ['--out that takes no files', finetune, tuning('--out', '/proc'), /--out \/proc cannot be written to/],
    ['a word without flag', finetune, tuning('stray'), /"stray" is no flag/],
    ['an unknown order', finetune, tuning('--order', 'random'), /sequential or shuffled/],
    ['a text that is not there', finetune, tuning('--text', '/nowhere'), /no file \/nowhere/],
    [
      'windows longer than the model',
      finetune,
      tuning('--seq', '33'),
      /--seq 33 is longer than the model's 32 positions/,
    ],
    [
      'windows longer than the model',
      evaluateText,
      ['--model', model, '--text', text, '--seq', '33'],
      /32 positions/,
    ],
  ])('is refused: %s', async (_, command, args, message) => {
    await expect(lines(command, ...args)).rejects.toThrow(UsageError)
    await expect(lines(command, ...args)).rejects.toThrow(message)
  })

  it.each([
    ['a directory without a model', tuning('--model', directory), /config.json cannot be read/],
    ['an unknown precision', tuning('--precision', 'int9'), /must be auto, float32, float16, int8 or nf4/],
  ])('is refused: %s', async (_, args, message) => {
    await expect(lines(finetune, ...args)).rejects.toThrow(message)
  })
})

describe('the process', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], { encoding: 'utf8' })

  it('keeps stdout for JSON lines and exits 0 when it worked', () => {
    const { status, stdout } = run(
      'eval',
      '--model',
      model,
      '--text',
      text,
      '--seq',
      '16',
      '--backend',
      'cpu',
    )
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ backend: 'cpu' })
  })

  it.each([[[]], [['sing']], [['eval', '--modle', 'x']]])(
    'exits non-zero with usage on stderr and an empty stdout: %j',
    (args) => {
      const { status, stdout, stderr } = run(...args)
      expect(status).not.toBe(0)
      expect(stdout).toBe('')
      expect(stderr).toContain('--model DIR')
    },
  )
})
