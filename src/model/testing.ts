/** For tests: the oracle's tiny random GPT-2, whose vocabulary is an end-of-text token and 63 letters, one token each. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Backend } from '../kernels/activate'
import { type Gpt2, loadGpt2, type ModelFiles } from './gpt2'

const fixture = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`./fixtures/oracle/gpt2/${name}`, import.meta.url)))

export const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 '

/** The files of a Hugging Face directory, parsed as a loader would have. */
export const randomModelFiles = (): ModelFiles => ({
  config: JSON.parse(fixture('config.json').toString('utf8')),
  tokenizer: JSON.parse(fixture('tokenizer.json').toString('utf8')),
  tokenizerSettings: null,
  weights: fixture('model.safetensors'),
})

/** d = 16, two layers, two heads, 32 positions, 64 tokens. The backend must have been started. */
export const randomModel = (backend: Backend): Gpt2 => loadGpt2(randomModelFiles(), backend)
