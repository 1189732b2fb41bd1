/** For tests: the tiny random GPT-2 of fixtures/, whose vocabulary is 63 letters and an end-of-text token. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Backend } from '../kernels/activate'
import { type Gpt2, loadGpt2, type ModelFiles } from './gpt2'

const fixture = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url)))

export const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 '

/** One token per letter: byte-level BPE without merges. */
const tokenizer = {
  version: '1.0',
  added_tokens: [
    {
      id: 0,
      content: '<|end|>',
      special: true,
      lstrip: false,
      rstrip: false,
      normalized: false,
      single_word: false,
    },
  ],
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: null,
  decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  model: {
    type: 'BPE',
    vocab: Object.fromEntries(['<|end|>', ...letters.replace(' ', 'Ġ')].map((token, id) => [token, id])),
    merges: [],
  },
}

/** The files of a Hugging Face directory, parsed as a loader would have. */
export const randomModelFiles = (): ModelFiles => ({
  config: JSON.parse(fixture('random-gpt2/config.json').toString('utf8')),
  tokenizer,
  tokenizerSettings: null,
  weights: fixture('random-gpt2/model.safetensors'),
})

/** d = 16, two layers, two heads, 32 positions, 64 tokens. The backend must have been started. */
export const randomModel = (backend: Backend): Gpt2 => loadGpt2(randomModelFiles(), backend)
