/**
 * Probes: does the model, read greedily, continue a question with its one right answer? All probes of a batch are read
 * in full at every token; answers are so short that a cache would cost more than it saves.
 */
import type { Probe } from '../corpora/example'
import type { Adapter } from '../model/adapter'
import type { LanguageModel } from '../model/languageModel'
import { argMax } from '../model/sampling'
import type { Workspace } from '../model/workspace'
import { bucketFor, makeBatch } from './batches'
import type { ProbeAnswer } from './compute'
import { inputsOf } from './inputs'
import { breathe } from './pace'

interface Question {
  readonly probe: Probe
  /** The prompt and, growing, what the model says. */
  readonly tokens: number[]
  readonly promptLength: number
  /** Tokens that the right answer takes. */
  readonly answerLength: number
}

const batchSize = 32

/** In the order of the probes. */
export async function answerProbes(
  model: LanguageModel,
  adapter: Adapter | null,
  probes: readonly Probe[],
): Promise<ProbeAnswer[]> {
  const questions = probes.map((probe): Question => {
    const answerLength = model.tokenizer.encode(probe.answer).length
    const prompt = model.tokenizer.encode(probe.prompt).slice(-(model.config.contextLength - answerLength))
    if (prompt.length === 0) throw new Error('A probe has an empty prompt.')
    return { probe, tokens: [...prompt], promptLength: prompt.length, answerLength }
  })
  const byLength = [...questions].sort((one, other) => one.tokens.length - other.tokens.length)
  await model.with(adapter, async (workspace) => {
    for (let begin = 0; begin < byLength.length; begin += batchSize)
      await speak(model, workspace, byLength.slice(begin, begin + batchSize))
  })
  return questions.map(({ probe, tokens, promptLength }) => {
    const said = tokens.slice(promptLength)
    const end = said.findIndex((id) => model.tokenizer.eosIds.includes(id))
    const text = model.tokenizer.decode(end === -1 ? said : said.slice(0, end))
    return { probe, text, right: text === probe.answer }
  })
}

/** Adds as many greedy tokens to every question as its answer has. */
async function speak(
  model: LanguageModel,
  workspace: Workspace,
  questions: readonly Question[],
): Promise<void> {
  const { vocabulary, contextLength } = model.config
  const longestAnswer = Math.max(...questions.map(({ answerLength }) => answerLength))
  for (let spoken = 0; spoken < longestAnswer; spoken++) {
    const open = questions.filter(({ answerLength }) => answerLength > spoken)
    // Only the last row of each counts; its target is a dummy, since every real token is an input.
    const rows = open.map(({ tokens }) => ({ tokens: [...tokens, 0], countFrom: tokens.length }))
    const { shape, reading } = inputsOf(makeBatch(rows, bucketFor(rows, contextLength)))
    const runnable = await workspace.logits(shape)
    const { logits } = await runnable.run(reading, ['logits']) // [counted, vocabulary]
    open.forEach(
      ({ tokens }, row) =>
        void tokens.push(argMax(logits.subarray(row * vocabulary, (row + 1) * vocabulary))),
    )
    await breathe()
  }
}
