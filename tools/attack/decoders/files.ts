/** Files that a person or a hub hands over: a model's configuration, tokenizer and shards, own text, links and settings. */
import { OwnTextError, ownShare, readFile, readPaste } from '../../../src/corpora/own'
import { openCheckpoint } from '../../../src/model/checkpoint/checkpoint'
import { type ModelConfig, ModelError, parseConfig } from '../../../src/model/config'
import { encodeSafetensors, SafetensorsError } from '../../../src/model/safetensors'
import { fileAtHand } from '../../../src/model/source/atHand'
import type { ModelSource } from '../../../src/model/source/source'
import { openTokenizer } from '../../../src/model/tokenizer'
import { parseInvite } from '../../../src/network/invite'
import { parseSettings, readSettings, settingsToSearch } from '../../../src/settings/reading'
import type { Case } from '../case'
import { corner, type Decoder, fuzz } from './fuzz'
import { type Json, mutateBytes, mutateJson, mutateJsonText } from './mutate'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

const gpt2 = {
  model_type: 'gpt2',
  vocab_size: 300,
  n_positions: 64,
  n_embd: 32,
  n_layer: 2,
  n_head: 2,
  eos_token_id: 0,
}
const llama = {
  model_type: 'llama',
  vocab_size: 300,
  max_position_embeddings: 64,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 64,
  rms_norm_eps: 1e-5,
  rope_theta: 1e4,
  rope_scaling: {
    rope_type: 'llama3',
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 32,
  },
}

/** Larger than any model that a tab can hold. */
const mostNumbers = 2 ** 42
const configs: Pick<Decoder<Json>, 'decode' | 'declared'> = {
  declared: [ModelError],
  decode(json) {
    const { vocabulary, width, layers, innerWidth, contextLength, heads } = parseConfig(json)
    const sizes = [vocabulary, width, layers, innerWidth, contextLength, heads]
    const total = vocabulary * width + layers * width * innerWidth
    return sizes.every((size) => Number.isSafeInteger(size) && size > 0) && total < mostNumbers
      ? undefined
      : [`impossible sizes pass (${sizes})`]
  },
}

const tokenizerFile: Json = {
  version: '1.0',
  added_tokens: [{ id: 0, content: '<|end|>', special: true }],
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true },
  decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    fuse_unk: false,
    vocab: { '<|end|>': 0, a: 1, b: 2, c: 3, ab: 4, Ġ: 5, Ġa: 6, abc: 7 },
    merges: ['a b', 'Ġ a', 'ab c'],
  },
}
const splitting = {
  ...(tokenizerFile as object),
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Split', pattern: { Regex: "'s|\\p{L}+|\\s+" }, behavior: 'Isolated', invert: false },
      { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
    ],
  },
  normalizer: {
    type: 'Sequence',
    normalizers: [{ type: 'NFC' }, { type: 'Replace', pattern: { String: ' ' }, content: '_' }],
  },
}
const config: ModelConfig = parseConfig(gpt2)
const tokenizers: Pick<Decoder<Json>, 'decode' | 'declared'> = {
  declared: [ModelError],
  async decode(json) {
    const tokenizer = await openTokenizer(json, { eos_token: '<|end|>' }, config)
    const ids = tokenizer.encode('abc a cab abc')
    tokenizer.decode(ids)
    return ids.every((id) => Number.isInteger(id) && id >= 0 && id < config.vocabulary)
      ? undefined
      : [`a text becomes ids that the model does not know (${ids.slice(0, 5)})`]
  },
}
const withVocabulary = (vocab: object) => ({
  ...(tokenizerFile as { model: object }),
  model: { ...(tokenizerFile as { model: object }).model, vocab },
})
const withPattern = (pattern: string) => ({
  ...(tokenizerFile as object),
  pre_tokenizer: { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
})
/** Long enough for a pattern that backtracks to take longer than the world will last. */
const longWord = 'a'.repeat(5000)
const encoding: Pick<Decoder<Json>, 'decode' | 'declared'> = {
  declared: [ModelError],
  decode: async (json) => void (await openTokenizer(json, {}, config)).encode(`${longWord}!`),
}

const weights = encodeSafetensors(new Map([['wte.weight', { shape: [2, 2], data: new Float32Array(4) }]]))
const shardName = 'model-00001-of-00001.safetensors'
const index = {
  metadata: { total_size: 16 },
  weight_map: { 'transformer.wte.weight': shardName, 'wte.weight': shardName },
}
const sourceOf = (files: ReadonlyMap<string, Uint8Array>): ModelSource => ({
  name: 'a model',
  isListed: true,
  has: async (name) => files.has(name),
  async open(name) {
    const bytes = files.get(name)
    if (!bytes) throw new ModelError(`${name} is missing.`)
    return fileAtHand(name, { size: bytes.length, read: async (begin, end) => bytes.slice(begin, end) })
  },
})

type OwnFile = { readonly name: string; readonly bytes: Uint8Array }
const own: Pick<Decoder<OwnFile>, 'decode' | 'declared'> = {
  declared: [OwnTextError],
  decode({ name, bytes }) {
    const { examples } = readFile({ name, bytes })
    const { train, heldOut } = ownShare(examples, 1)
    return train.length + heldOut.length === 0 ? ['nothing is read and nobody is told'] : undefined
  },
}
const rows = [
  { text: 'Anna grows plums.' },
  { question: 'Why?', response: 'Because.', system_prompt: 's' },
  { a: 'x', b: '1' },
  {
    messages: [
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: 'Because.' },
    ],
    id: 1,
  },
]
const documents: Json[] = [rows, { data: { items: rows } }, { text: ['a', 'b'], id: [1, 2] }, ['a', 'b']]
const { rope_scaling: _, ...qwen } = {
  ...llama,
  model_type: 'qwen3',
  head_dim: 16,
  use_sliding_window: true,
  sliding_window: 32,
  max_window_layers: 1,
  layer_types: ['full_attention', 'sliding_attention'],
}

const csvs = ['text,n\n"a, b",1\nc,2\n', 'question;response\nWhy?;"Be\ncause"\n', 'a\tb\nx\ty\n']
const texts = ['One paragraph.\n\nAnother one,\nof two lines.\n', '# Title\n\ntext\n']

const links = [
  'http://localhost:8080/?role=device&room=TEST#s=abc&k=def',
  'http://localhost:8080/?scheme=clustered&rounds=3&corpus=facts&rank=4&targets=c_attn&partition=dirichlet(0.5)',
]

export const files: readonly Case[] = [
  fuzz<Json>({
    name: 'config.json',
    ...configs,
    draw: (dice) => mutateJson(dice, dice.pick<Json>([gpt2, llama, qwen])),
  }),
  corner('config.json: a billion layers', configs, () => ({ ...gpt2, n_layer: 1e9 })),
  fuzz<Json>({
    name: 'tokenizer.json',
    ...tokenizers,
    inputs: 20_000,
    draw: (dice) => mutateJson(dice, dice.pick<Json>([tokenizerFile, splitting])),
  }),
  corner('tokenizer.json: an id of 10^8', tokenizers, () => withVocabulary({ a: 1, b: 1e8 })),
  corner('tokenizer.json: an id of 2^31', tokenizers, () => withVocabulary({ a: 1, b: 2 ** 31 })),
  corner('tokenizer.json: an id that cannot be written', tokenizers, () =>
    withVocabulary({ a: 1, b: { toString: 1 } }),
  ),
  corner('tokenizer.json: an id of -1', tokenizers, () => withVocabulary({ a: -1, b: 1 })),
  ...['(a+)+$', '(a|a)*b', '(a|aa)+c', '(.*)*x', '(\\p{L}+)*\\d'].map((pattern) =>
    corner(`tokenizer.json: the pattern ${pattern}`, encoding, () => withPattern(pattern)),
  ),
  corner('tokenizer.json: merges for every letter', encoding, () => ({
    ...(tokenizerFile as { model: object }),
    model: {
      ...(tokenizerFile as { model: object }).model,
      vocab: Object.fromEntries(Array.from({ length: 250 }, (_, at) => ['a'.repeat(at + 1), at])),
      merges: Array.from({ length: 249 }, (_, at) => `${'a'.repeat(at + 1)} a`),
    },
  })),
  fuzz<ReadonlyMap<string, Uint8Array>>({
    name: 'model.safetensors.index.json and its shards',
    declared: [ModelError, SafetensorsError],
    inputs: 20_000,
    draw: (dice) =>
      new Map([
        ['model.safetensors.index.json', bytesOf(mutateJsonText(dice, index))],
        [shardName, dice.int(2) === 0 ? mutateBytes(dice, weights) : weights],
      ]),
    decode: async (map) => void (await openCheckpoint(sourceOf(map))),
  }),
  fuzz<OwnFile>({
    name: 'own text: JSON lines',
    ...own,
    draw: (dice) => {
      const lines = Array.from({ length: 1 + dice.int(4) }, () => mutateJsonText(dice, dice.pick<Json>(rows)))
      return { name: 'x.jsonl', bytes: bytesOf(lines.join('\n')) }
    },
  }),
  fuzz<OwnFile>({
    name: 'own text: JSON',
    ...own,
    draw: (dice) => ({ name: 'x.json', bytes: bytesOf(mutateJsonText(dice, dice.pick<Json>(documents))) }),
  }),
  fuzz<OwnFile>({
    name: 'own text: tables',
    ...own,
    draw: (dice) => ({ name: 'x.csv', bytes: mutateBytes(dice, bytesOf(dice.pick(csvs))) }),
  }),
  fuzz<OwnFile>({
    name: 'own text: paragraphs',
    ...own,
    draw: (dice) => ({
      name: dice.pick(['x.txt', 'x.md', 'x.TXT', 'x', 'x.pdf']),
      bytes: mutateBytes(dice, bytesOf(dice.pick(texts))),
    }),
  }),
  fuzz<string>({
    name: 'own text: pasted',
    declared: [OwnTextError],
    draw: (dice) => textOf(mutateBytes(dice, bytesOf(dice.pick(texts)))),
    decode: (text) => void readPaste(text),
  }),
  corner('own text: JSON lines with ever new columns', own, () => ({
    name: 'x.jsonl',
    bytes: bytesOf(Array.from({ length: 10_000 }, (_, at) => `{"column${at}":"x"}`).join('\n')),
  })),
  corner('own text: a row of 200,000 columns', own, () => ({
    name: 'x.csv',
    bytes: bytesOf(
      `${Array.from({ length: 200_000 }, (_, at) => `c${at}`).join()}\n${'x,'.repeat(199_999)}x\n`,
    ),
  })),
  corner('own text: 20,000 rows of one column more each', own, () => ({
    name: 'x.csv',
    bytes: bytesOf(`a,b\n${'x,y,z\n'.repeat(20_000)}`),
  })),
  corner('own text: an open quote', own, () => ({
    name: 'x.csv',
    bytes: bytesOf(`a,b\n"${'x\n'.repeat(500_000)}`),
  })),
  corner('own text: a megabyte of empty lines', own, () => ({
    name: 'x.txt',
    bytes: bytesOf(`${'\n \n'.repeat(400_000)}x`),
  })),
  corner('own text: brackets without end', own, () => ({ name: 'x.jsonl', bytes: bytesOf('['.repeat(1e6)) })),
  fuzz<string>({
    name: 'links and codes',
    declared: [],
    draw: (dice) => textOf(mutateBytes(dice, bytesOf(dice.pick([...links, '4F7-K2Q', 'test'])))),
    decode: (text) => void parseInvite(text),
  }),
  fuzz<string>({
    name: 'settings of an address',
    declared: [],
    draw: (dice) => textOf(mutateBytes(dice, bytesOf(dice.pick(links).slice(22)))),
    decode(text) {
      if (!URL.canParse(text, 'http://localhost/')) return undefined
      const { settings } = readSettings(new URL(text, 'http://localhost/'))
      const { problems } = readSettings(new URL(`?${settingsToSearch(settings)}`, 'http://localhost/'))
      return problems.length > 0 ? ['settings that were read cannot be read again'] : undefined
    },
  }),
  fuzz<Json>({
    name: 'settings of another tab',
    declared: [],
    draw: (dice) =>
      mutateJson(dice, { rounds: 3, scheme: 'gossip', targets: ['c_attn'], seed: 7, lr: 0.1, model: 'toy' }),
    decode: (json) =>
      void (typeof json === 'object' && json !== null && !Array.isArray(json)
        ? parseSettings(json as Record<string, unknown>)
        : null),
  }),
]
