import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { evaluateText } from './eval'
import { finetune } from './finetune'
import { UsageError } from './flags'
import { generate } from './generate'
import { lines, writeTinyModel } from './testing'

const directory = mkdtempSync(join(tmpdir(), 'gossamer-together-'))
const model = join(directory, 'model')
const text = join(directory, 'text.txt')
writeTinyModel(model)
writeFileSync(text, 'The cat sat on the mat and the dog sat on the log '.repeat(3))
afterAll(() => rmSync(directory, { recursive: true }))

const tuning = (out: string, seed: number): string[] =>
  `--model ${model} --text ${text} --steps 6 --rank 2 --alpha 4 --targets c_attn,c_fc --lr 0.05 --batch 2 --seq 16 --seed ${seed} --out ${out}`.split(
    ' ',
  )

describe('generate by several nodes', () => {
  const wish = `--model ${model} --prompt The --tokens 8 --temperature 1 --seed 5`.split(' ')

  it('says what one says, also where one of them dies, and what it cost', async () => {
    const [alone] = await lines(generate, ...wish)
    const flags = '--mode pipeline --nodes 3 --kill 1@3 --link rtt=20,jitter=0.2,mbps=10'.split(' ')
    const [together] = await lines(generate, ...wish, ...flags)
    expect(together).toMatchObject({ ids: alone.ids, hash: alone.hash, text: alone.text })
    expect(together.stats).toMatchObject({
      recoveries: 1,
      tokensPerRound: null,
      acceptance: null,
      responders: null,
    })
    const [again] = await lines(generate, ...wish, ...flags)
    expect(again).toEqual(together) // on a virtual clock time repeats itself, too
  })

  it('goes on where the asker dies, and with nodes that hold a layer each', async () => {
    const [alone] = await lines(generate, ...wish)
    const flags = '--mode pipeline --nodes 3 --kill 0@4 --cap 1=1 --cap 2=1'.split(' ')
    const [together] = await lines(generate, ...wish, ...flags)
    expect(together.ids).toEqual(alone.ids)
  })

  it('mixes what several adapters say, and evaluates them', async () => {
    const [one, other] = [join(directory, 'one'), join(directory, 'other')]
    await lines(finetune, ...tuning(one, 1))
    await lines(finetune, ...tuning(other, 9))
    const both = ['--adapter', one, '--adapter', other]
    const [spoken] = await lines(generate, ...wish, ...both, '--mode', 'ensemble', '--nodes', '2')
    expect(spoken.stats).toMatchObject({ responders: 2, recoveries: 0 })
    const [mixed] = await lines(
      generate,
      ...wish,
      ...both,
      '--mode',
      'mixture',
      '--nodes',
      '2',
      '--weights',
      '1,0',
    )
    const [first] = await lines(generate, ...wish, '--adapter', one)
    expect(mixed.ids).toEqual(first.ids)

    const evaluation = ['--model', model, '--text', text, '--seq', '16']
    const [ensemble] = await lines(
      evaluateText,
      ...evaluation,
      ...both,
      '--mode',
      'ensemble',
      '--least-weight',
      '0',
    )
    const [mixture] = await lines(
      evaluateText,
      ...evaluation,
      ...both,
      '--mode',
      'mixture',
      '--weights',
      '1,0',
    )
    const [alone] = await lines(evaluateText, ...evaluation, '--adapter', one)
    expect(Number(mixture.loss)).toBeCloseTo(Number(alone.loss), 5)
    expect(ensemble).toMatchObject({ tokens: alone.tokens, asked: 1 })
    const worst = Math.max(...(ensemble.byAdapter as number[]))
    expect(Number(ensemble.loss)).toBeLessThan(worst)
  })
})

const speaking = ['--model', model, '--prompt', 'The']

describe('a question to several nodes that cannot be put', () => {
  it.each([
    [
      'a node that is not there',
      generate,
      [...speaking, '--mode', 'pipeline', '--nodes', '2', '--kill', '2@1'],
      /there are 2: 0 to 1/,
    ],
    [
      'a death without a token',
      generate,
      [...speaking, '--mode', 'pipeline', '--kill', '1'],
      /must be NODE@TOKEN/,
    ],
    [
      'a link that is none',
      generate,
      [...speaking, '--mode', 'pipeline', '--link', 'fast'],
      /is no part of a link/,
    ],
    ['nodes without a mode', generate, [...speaking, '--kill', '1@2'], /Give --mode and --nodes/],
    ['a mode that is none', generate, [...speaking, '--mode', 'magic'], /must be one of alone, pipeline/],
    [
      'an ensemble of one',
      evaluateText,
      ['--model', model, '--text', text, '--seq', '16', '--mode', 'ensemble'],
      /needs several adapters/,
    ],
  ])('is refused: %s', async (_, command, args, message) => {
    await expect(lines(command, ...args)).rejects.toThrow(UsageError)
    await expect(lines(command, ...args)).rejects.toThrow(message)
  })
})
