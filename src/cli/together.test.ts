import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Unanswerable } from '../reasoning/mode'
import { evaluateText } from './eval'
import { finetune } from './finetune'
import { UsageError } from './flags'
import { generate } from './generate'
import { simulate } from './simulate'
import { lines, writeTinyModel } from './testing'

const directory = mkdtempSync(join(tmpdir(), 'gossamer-together-'))
const model = join(directory, 'model')
const text = join(directory, 'text.txt')
const toy = 'public/models/toy'
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

  it.each(['qwen2-tied-sharded', 'qwen3-tied-sharded'])('says what one says of %s, too', async (name) => {
    const qwen = `--model src/model/fixtures/oracle/${name} --prompt The --tokens 8 --temperature 1 --seed 5`
    const [alone] = await lines(generate, ...qwen.split(' '))
    expect((alone.ids as number[]).length).toBeGreaterThan(3)
    for (const mode of ['pipeline --kill 1@3', 'split', 'speculative', 'early-exit --exit 0.1']) {
      const [together] = await lines(generate, ...`${qwen} --nodes 2 --mode ${mode}`.split(' '))
      expect(together, mode).toMatchObject({ ids: alone.ids, hash: alone.hash })
    }
  })

  it('goes on where the asker dies, and with nodes that hold a layer each', async () => {
    const [alone] = await lines(generate, ...wish)
    const flags = '--mode pipeline --nodes 3 --kill 0@4 --cap 1=1 --cap 2=1'.split(' ')
    const [together] = await lines(generate, ...wish, ...flags)
    expect(together.ids).toEqual(alone.ids)
  })

  it('brings views together, each of which only its node sees, and says which contradict each other', async () => {
    const greedy = (prompt: string) => ['--model', model, '--tokens', '8', '--prompt', prompt]
    const [alone] = await lines(generate, ...greedy('log\nThe'))
    const unseen = '--mode fusion --nodes 2 --view'.split(' ')
    const [seen] = await lines(generate, ...greedy('The'), ...unseen, '', '--view', 'log')
    expect(seen.ids).toEqual(alone.ids)
    expect(seen.stats).toMatchObject({ responders: 1, contradictions: [], ways: null })
    const views = ['--view', 'the mat', '--view', 'the dog', '--view', 'the log', '--view', 'the cat']
    const [all] = await lines(generate, ...wish, '--mode', 'fusion', ...views, '--kill', '3@4')
    expect(all.ids).toHaveLength(8)
    // Four views for four tokens, three for the others.
    expect(all.stats).toMatchObject({ recoveries: 1, responders: 3.5 })
    const refused = (...flags: string[]) => expect(lines(generate, ...wish, ...flags)).rejects
    for (const views of [[], ['--view', '']]) {
      await refused('--mode', 'fusion', ...views).toThrow(UsageError)
      await refused('--mode', 'fusion', ...views).toThrow('Give at least one something to see with --view')
    }
    for (const mode of ['alone', 'auto', 'ensemble'])
      await refused('--mode', mode, '--view', 'x').toThrow(`--view means nothing with --mode ${mode}. Choose`)
    await refused('--view', '@/nowhere.png').toThrow('--view means nothing with --mode alone')
    await refused(...unseen, 'a', '--view', 'b', '--view', 'c').toThrow('There are 3 views for 2 nodes')
    await refused(...unseen, '@/nowhere.png').toThrow('cannot be read')
    await refused(...unseen, 'the cat '.repeat(200)).toThrow(/leave room for a question beside it/)
  })

  it.each([
    ['nobody that sees is left', '--mode fusion --view= --view cat --kill 1@2', 'answers any more'],
    ['the asker dies, whom nobody follows', '--mode fusion --view= --view cat --kill 0@2', 'The asker died'],
    ['everybody dies', '--mode auto --nodes 2 --kill 0@2 --kill 1@2', 'The asker died'],
    ['no layer is left for one', '--mode split --nodes 2 --cap 0=0 --cap 1=1', 'layers'],
  ])('says in words, and without a screen, why there is no answer: %s', async (_, flags, words) => {
    const failed = await lines(generate, ...wish, ...flags.split(' ')).catch((problem: unknown) => problem)
    expect(failed).toBeInstanceOf(Unanswerable)
    expect(String(failed)).toContain(words)
    expect(String(failed)).not.toContain('“Reason”')
  })

  it('chooses how to work, and says why', async () => {
    const [alone] = await lines(generate, ...wish)
    const flags = '--mode auto --nodes 3 --cap 0=1 --link rtt=4 --kill 1@3'.split(' ')
    const [chosen] = await lines(generate, ...wish, ...flags)
    expect(chosen.ids).toEqual(alone.ids)
    expect(chosen.stats).toMatchObject({
      ways: [
        {
          after: 0,
          mode: expect.not.stringMatching('alone'),
          why: expect.stringMatching(/^This tab may hold 1 of the model’s \d layers, so others do/),
        },
      ],
    })
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

describe('a device with an adapter for its draft', () => {
  const wish = `--model ${model} --prompt The --tokens 12 --temperature 1 --seed 5`.split(' ')
  const guessing = [...wish, '--nodes', '3', '--draft', '3', '--mode']
  const [draft, whole] = [join(directory, 'draft'), join(directory, 'whole')]

  it('is given one that finetune trained on the first layers, and says what one says', async () => {
    const trained = await lines(finetune, ...tuning(draft, 1), '--depth', '1')
    const { loss: first } = trained[0]
    const { loss: last } = trained.at(-2)!
    expect(Number(last)).toBeLessThan(Number(first))
    const evaluation = ['--model', model, '--text', text, '--seq', '16', '--depth', '1']
    const [bare] = await lines(evaluateText, ...evaluation)
    const [tuned] = await lines(evaluateText, ...evaluation, '--adapter', draft)
    expect(Number(tuned.loss)).toBeLessThan(Number(bare.loss))
    const [alone] = await lines(generate, ...wish)
    const [plain] = await lines(generate, ...guessing, 'speculative')
    for (const mode of ['speculative', 'multi-access']) {
      const [said] = await lines(generate, ...guessing, mode, '--draft-adapter', draft)
      expect(said.ids).toEqual(alone.ids)
      expect(said.stats).not.toEqual(plain.stats)
    }
  })

  it('is given one that a simulated room has trained', async () => {
    const room = join(directory, 'room')
    const flags = '--devices 2 --rounds 1 --local-steps 2 --depth 1 --rank 4 --alpha 4 --targets c_attn'
    await lines(simulate, '--model', toy, ...flags.split(' '), '--threads', '0', '--out', room)
    const config = JSON.parse(readFileSync(join(room, 'adapter_config.json'), 'utf8'))
    expect(config).toMatchObject({ r: 4, lora_alpha: 4, layers_to_transform: [0] })
    const asked = ['--model', toy, '--prompt', 'The nurse', '--tokens', '12']
    const [alone] = await lines(generate, ...asked)
    const speculating = [...asked, '--mode', 'speculative', '--draft-adapter', room]
    expect((await lines(generate, ...speculating))[0].ids).toEqual(alone.ids)
    await expect(lines(generate, ...guessing, 'speculative', '--draft-adapter', room)).rejects.toThrow(
      /another model/,
    )
  })

  it('is refused one for the whole model, one that guesses nothing, and more layers than it holds', async () => {
    await lines(finetune, ...tuning(whole, 1))
    const speculating = [...guessing, 'speculative', '--draft-adapter']
    const refusals = [
      [[...speculating, whole], /reaches to layer 2, and the model has 2.*finetune --depth 1/],
      [[...guessing, 'pipeline', '--draft-adapter', draft], /means nothing with --mode pipeline/],
      [[...wish, '--draft-adapter', draft], /means nothing with --mode alone/],
      [[...speculating, draft, '--cap', '0=0'], /first 1 layers, and node 0, which guesses, may hold 0/],
      [[...speculating, join(directory, 'nowhere')], /There is no file/],
    ] as const
    for (const [args, message] of refusals) {
      await expect(lines(generate, ...args)).rejects.toThrow(UsageError)
      await expect(lines(generate, ...args)).rejects.toThrow(message)
    }
    const deep = [...tuning(join(directory, 'deep'), 1), '--depth']
    await expect(lines(finetune, ...deep, '3')).rejects.toThrow(/Choose a depth from 1 to 2/)
    await expect(lines(finetune, ...deep, '0')).rejects.toThrow(/--depth must be 1 or more/)
    const nothing = ['--model', 'quadratic', '--out', join(directory, 'none')]
    await expect(lines(simulate, ...nothing)).rejects.toThrow(/--out needs a real model/)
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
    [
      'an ensemble of one that answers',
      generate,
      [...speaking, '--mode', 'ensemble'],
      /needs several adapters/,
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
