/** Writes the README of a model directory from what training reported. */

import type { BaseName } from '../../src/corpora/pretraining'
import { byteAlphabet } from './bpe'
import type { ModelPlan } from './models'

/** What `train.py` leaves in `report.json`. */
export interface Report {
  readonly parameters: number
  readonly steps: number
  readonly tokens: number
  readonly seconds: number
  readonly threads: number
  /** Nats per token, by kind of text. */
  readonly heldOut: Readonly<Record<string, number>>
  /** On the general text, which a tab measures too. */
  readonly general: number
  /** Of the first layers alone. */
  readonly exits: readonly { readonly layers: number; readonly loss: number; readonly agreement: number }[]
  /** Share of questions about unseen pictures that were answered right, by ability. */
  readonly answers: Readonly<Record<string, number>>
  readonly samples: readonly { readonly prompt: string; readonly ids: readonly number[] }[]
}

export function readme(name: BaseName, plan: ModelPlan, report: Report, tokens: readonly string[]): string {
  const million = (count: number) => `${(count / 1e6).toFixed(2)} million`
  const losses = Object.entries(report.heldOut).map(([kind, loss]) => `| ${kind} | ${loss.toFixed(3)} |`)
  const samples = report.samples.map(({ prompt, ids }) => {
    const continued = decode(ids, tokens).slice(prompt.length)
    return `> **${prompt}**${continued}`
  })
  return `# ${name}

${plan.purpose} A ${plan.family === 'gpt2' ? 'GPT-2' : 'LLaMA'} with ${million(report.parameters)} parameters (width ${plan.width}, ${plan.layers} layers,
${plan.heads} heads, context ${plan.contextLength}, vocabulary ${plan.vocabularySize}), weights in F16, in Hugging Face
layout. It was made by this repository from nothing, on text that this repository generates (\`src/corpora\`), and has
the repository's licence.

    npm run pretrain -- --model ${name}

writes everything in this directory again (PyTorch needed). This copy trained for ${report.steps} steps, ${million(report.tokens)}
tokens, in ${Math.round(report.seconds / 60)} minutes on ${report.threads} CPU thread${report.threads === 1 ? '' : 's'}, shared with other work.

Held-out loss (nats per token, documents that training did not see; every story comes from a town of its own, so names,
hours and habits cannot be known in advance, and the loss of facts is mostly that of guessing the binding):

| text | loss |
|---|---|
${losses.join('\n')}

On the general text, what rooms and Lab measure as \`loss.general\` (documents of every kind, each by itself, without its first token): **${report.general.toFixed(3)}**.
${answersOf(report)}${exitsOf(plan, report)}
What it writes after four words, before any fine-tuning (temperature 0.7):

${samples.join('\n\n')}
`
}

function answersOf({ answers }: Report): string {
  const lines = Object.entries(answers).map(
    ([about, share]) => `| ${about} | ${(100 * share).toFixed(1)} % |`,
  )
  if (lines.length === 0) return ''
  return `
Questions about pictures that training did not see, answered right word for word (greedy, 300 each); a choice is asked with all its views
before it, in one tab:

| about | right |
|---|---|
${lines.join('\n')}
`
}

function exitsOf({ layers }: ModelPlan, { exits }: Report): string {
  if (exits.length === 0) return ''
  const lines = exits.map(
    ({ layers, loss, agreement }) => `| ${layers} | ${loss.toFixed(3)} | ${(100 * agreement).toFixed(1)} % |`,
  )
  return `
It can be left early: some of its ${layers} layers, the last norm and the embedding speak too, so that a weak device drafts with a part
of the same file. Over all this text:

| first layers | loss | likeliest word is the whole model’s |
|---|---|---|
${lines.join('\n')}
`
}

/** Ids back to text: the letters of byte-level BPE are bytes; added words stand as they are. */
function decode(ids: readonly number[], tokens: readonly string[]): string {
  const byteOf = new Map(byteAlphabet.map((letter, byte) => [letter, byte]))
  const letters = ids.map((id) => tokens[id]).join('')
  return new TextDecoder().decode(Uint8Array.from(letters, (letter) => byteOf.get(letter)!))
}
