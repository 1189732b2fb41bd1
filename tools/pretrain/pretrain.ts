/**
 * `npm run pretrain -- --model toy|seedling|lens [--resume] [--export-only]` makes a base model from nothing: it writes the
 * text, trains the tokenizer, encodes, hands over to PyTorch (`train.py`) and writes the model's README. Work in
 * progress lies under `.checkpoints/<model>/`; `--resume` goes on from the last checkpoint there.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Example, textOfExample, turnsOfExample } from '../../src/corpora/example'
import { animals, foods, names, secretWords, towns } from '../../src/corpora/names'
import { pictureVocabulary } from '../../src/corpora/pictures/captions'
import { pictureWords, wordsOfPictureWords } from '../../src/corpora/pictures/patches'
import {
  type BaseName,
  bases,
  canSee,
  documents,
  firstDocuments,
  generalText,
  heldOutDocuments,
  isBase,
  kindsOf,
} from '../../src/corpora/pretraining'
import { longestRow } from '../../src/training/batches'
import { rowsOfExamples } from '../../src/training/rows'
import { onceEach } from '../test/flags'
import { type Bpe, countPreTokens, encoder, endOfText, tokenizerConfig, tokenizerJson, trainBpe } from './bpe'
import { configOf, type ModelPlan, plans } from './models'
import { pythonWithTorch } from './python'
import { questionsFor } from './questions'
import { type Report, readme } from './readme'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')
const documentsForTokenizer = 20_000
const heldOutPerKind = 200
/** Of a token that is given to the model, not to be foretold: a prompt's, as where a tab trains. `train.py` knows it, too. */
const givenBit = 0x8000

const options = onceEach(
  parseArgs({
    tokens: true,
    options: {
      model: { type: 'string' },
      resume: { type: 'boolean', default: false },
      'export-only': { type: 'boolean', default: false },
    },
  }),
)
const base = asked(options.model)
const plan: ModelPlan = plans[base]
const { seed } = bases[base]
const addedWords = canSee(base) ? pictureWords : []
const work = join(root, '.checkpoints', base)
const out = join(root, 'public', 'models', base)
const python = foundPython()

if (!(options.resume || options['export-only']) || !existsSync(join(work, 'run.json'))) prepare(plan)
train()
for (const file of ['tokenizer.json', 'tokenizer_config.json'])
  copyFileSync(join(work, file), join(out, file))
if (base === 'toy') runPython('fixture.py', out, join(root, 'src', 'model', 'fixtures'))
const report: Report = JSON.parse(readFileSync(join(work, 'report.json'), 'utf8'))
writeFileSync(join(out, 'README.md'), readme(base, plan, report, tokenTexts()))

/** Into the work directory: text, tokenizer, token files, and `run.json`, which tells `train.py` everything. */
function prepare(plan: ModelPlan): void {
  mkdirSync(work, { recursive: true })
  const tokenizer = trainTokenizer(plan)
  writeJson(join(work, 'tokenizer.json'), tokenizerJson(tokenizer))
  writeJson(join(work, 'tokenizer_config.json'), tokenizerConfig(plan.contextLength))
  const encode = encoder(tokenizer)
  const endOfTextId = tokenizer.vocabulary.get(endOfText)!
  writeFileSync(join(work, 'train.bin'), trainingTokens(plan, encode, endOfTextId))
  writeHeldOut(plan, encode, endOfTextId)
  const { batch, steps, warmup, learningRate, muonRate, weightDecay, apart, exits, exitWeight } = plan
  const prompts = kindsOf(base).map((kind) => {
    const [{ prompt, completion }] = heldOutDocuments(seed + 1, kind, 1)
    const text = prompt + completion.split(' ').slice(0, 4).join(' ')
    return { text, ids: encode(text) }
  })
  writeJson(join(work, 'questions.json'), canSee(base) ? questionsFor(seed, encode) : [])
  writeJson(join(work, 'run.json'), {
    seed,
    batch,
    steps,
    warmup,
    learningRate,
    muonRate,
    weightDecay,
    apart,
    exits,
    exitWeight,
    kinds: kindsOf(base),
    prompts,
    madeOf: canSee(base) ? madeOf(encode, tokenizer.vocabulary.size) : [],
    config: configOf(plan, endOfTextId),
  })
}

/** Each kind as a stream of documents, and the general text as rows that a tab would measure. */
function writeHeldOut(plan: ModelPlan, encode: (text: string) => number[], endOfTextId: number): void {
  for (const kind of kindsOf(base)) {
    const ids = heldOutDocuments(seed, kind, heldOutPerKind).flatMap((example) => [
      endOfTextId,
      ...tokensOf(example, encode),
    ])
    writeFileSync(join(work, `heldout-${kind}.bin`), Uint16Array.from([...ids, endOfTextId]))
  }
  const tokenizer = { encode, eosIds: [endOfTextId] }
  writeJson(
    join(work, 'general.json'),
    rowsOfExamples(tokenizer, generalText(base), longestRow(plan.contextLength)),
  )
}

function trainTokenizer(plan: ModelPlan): Bpe {
  const texts = [...documents(base, documentsForTokenizer)].map(textOfExample)
  const seen = canSee(base) ? pictureVocabulary : []
  const whole = [...names, ...secretWords, ...animals, ...foods, ...towns, ...seen].map((word) => ` ${word}`)
  return trainBpe(countPreTokens(texts, addedWords), plan.vocabularySize, whole, addedWords)
}

/** As many tokens as training reads, and a little more for its last row. */
function trainingTokens(
  plan: ModelPlan,
  encode: (text: string) => number[],
  endOfTextId: number,
): Uint16Array {
  const tokens = new Uint16Array((plan.steps * plan.batch + 4) * plan.contextLength)
  let length = 0
  const read = (example: Example) => {
    const ids = [endOfTextId, ...tokensOf(example, encode)].slice(0, tokens.length - length)
    tokens.set(ids, length)
    length += ids.length
  }
  for (const example of firstDocuments(base)) read(example)
  for (const example of documents(base)) {
    if (length === tokens.length) break
    read(example)
  }
  return tokens
}

/**
 * Of which vectors those of the picture words are made: tokens of the words for them, and, behind all other tokens, what they have in
 * common beside words.
 */
function madeOf(encode: (text: string) => number[], others: number): number[][] {
  const marks = [...new Set(wordsOfPictureWords.map(({ mark }) => mark))]
  return wordsOfPictureWords.map(({ words, mark }) => [
    ...words.flatMap((word) => encode(` ${word}`)),
    others + marks.indexOf(mark),
  ])
}

/** A document's tokens, those marked that are given. */
function tokensOf(example: Example, encode: (text: string) => number[]): number[] {
  return turnsOfExample(example).flatMap(({ prompt, completion }) => [
    ...encode(prompt).map((token) => token | givenBit),
    ...encode(completion),
  ])
}

function train(): void {
  const flags = (['resume', 'export-only'] as const)
    .filter((flag) => options[flag])
    .map((flag) => `--${flag}`)
  runPython('train.py', '--work', work, '--out', out, ...flags)
}

function runPython(script: string, ...args: string[]): void {
  const { status } = spawnSync(python, [join(here, script), ...args], { stdio: 'inherit' })
  if (status !== 0)
    fail(`${script} stopped with status ${status}. What training had saved is used by --resume.`)
}

function foundPython(): string {
  try {
    return pythonWithTorch()
  } catch (problem) {
    return fail((problem as Error).message)
  }
}

/** The text of every token, to print samples. */
function tokenTexts(): readonly string[] {
  const { model, added_tokens } = JSON.parse(readFileSync(join(out, 'tokenizer.json'), 'utf8'))
  const tokens: string[] = []
  for (const [token, id] of Object.entries<number>(model.vocab)) tokens[id] = token
  for (const { id, content } of added_tokens as { id: number; content: string }[]) tokens[id] ??= content
  return tokens
}

function asked(model: string | undefined): BaseName {
  if (model !== undefined && isBase(model)) return model
  return fail(`Say which model to train: --model ${Object.keys(plans).join('|')}`)
}

function writeJson(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 1)}\n`)
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
