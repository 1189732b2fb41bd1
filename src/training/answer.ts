/**
 * Probes: does the model, read greedily, continue a question with its one right answer? All probes of a batch are read
 * in full at every token; answers are so short that a cache would cost more than it saves.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Probe } from '../corpora/example'
import { activate } from '../kernels/activate'
import type { Adapter } from '../model/adapter'
import { type Gpt2, hiddenRows, type Lora, logits } from '../model/gpt2'
import { argMax } from '../model/sampling'
import { bucketFor, makeBatch } from './batches'
import type { ProbeAnswer } from './compute'
import { withAdapter } from './evaluate'
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
  model: Gpt2,
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
  await withAdapter(model, adapter, async (lora) => {
    for (let begin = 0; begin < byLength.length; begin += batchSize)
      await speak(model, lora, byLength.slice(begin, begin + batchSize))
  })
  return questions.map(({ probe, tokens, promptLength }) => {
    const said = tokens.slice(promptLength)
    const end = said.indexOf(model.tokenizer.eosId ?? -1)
    const text = model.tokenizer.decode(end === -1 ? said : said.slice(0, end))
    return { probe, text, right: text === probe.answer }
  })
}

/** Adds as many greedy tokens to every question as its answer has. */
async function speak(model: Gpt2, lora: Lora, questions: readonly Question[]): Promise<void> {
  const longestAnswer = Math.max(...questions.map(({ answerLength }) => answerLength))
  for (let spoken = 0; spoken < longestAnswer; spoken++) {
    const open = questions.filter(({ answerLength }) => answerLength > spoken)
    // A row's last token is only a target; a dummy stands there, since every real token is an input.
    const rows = open.map(({ tokens }) => ({ tokens: [...tokens, 0], countFrom: 1 }))
    const batch = makeBatch(rows, bucketFor(rows, model.config.contextLength))
    const lastRows = open.map(({ tokens }, row) => row * batch.time + tokens.length - 1)
    activate(model.backend)
    const result = tf.tidy(() => {
      const hidden = hiddenRows(model, tf.tensor1d(batch.ids, 'int32'), batch, lora)
      return logits(model, tf.gather(hidden, tf.tensor1d(lastRows, 'int32'))) // [question, vocabulary]
    })
    const values = await result.data<'float32'>()
    result.dispose()
    const { vocabulary } = model.config
    open.forEach(
      ({ tokens }, row) =>
        void tokens.push(argMax(values.subarray(row * vocabulary, (row + 1) * vocabulary))),
    )
    await breathe()
  }
}
