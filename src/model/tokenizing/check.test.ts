import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ModelError, parseConfig } from '../config'
import { openTokenizer } from '../tokenizer'
import { checkTokenizer, maxTokenCharacters, mostAddedTokens, mostMerges, mostParts } from './check'

const read = (name: string) => JSON.parse(readFileSync(`public/models/toy/${name}`, 'utf8'))
const toy = read('tokenizer.json')
const config = parseConfig(read('config.json'))
const { vocabulary } = config
const small = (change: object = {}, model: object = {}) => ({
  model: { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'], ...model },
  added_tokens: [],
  ...change,
})
const split = (Regex: unknown) =>
  small({ pre_tokenizer: { type: 'Split', pattern: { Regex }, behavior: 'Isolated' } })

/** Reading any further than to `refused` would make a table of this length. */
const tooLong = (length: number) => new Array(length)

describe('tokenizer.json', () => {
  it('of the models that ship is taken as it is', () => {
    for (const model of ['toy', 'seedling', 'lens']) {
      const json = JSON.parse(readFileSync(`public/models/${model}/tokenizer.json`, 'utf8'))
      const { vocab_size: tokens } = JSON.parse(readFileSync(`public/models/${model}/config.json`, 'utf8'))
      expect(checkTokenizer(json, tokens)).toMatchObject(json)
    }
  })

  it.each<[string, object, RegExp]>([
    ['an id of 10^8', small({}, { vocab: { a: 1e8 } }), /the number 100000000, but the model knows/],
    ['an id of 2^31', small({}, { vocab: { a: 2 ** 31 } }), /the number 2147483648/],
    ['an id of -1', small({}, { vocab: { a: -1 } }), /the number -1/],
    ['an id of 0.5', small({}, { vocab: { a: 0.5 } }), /the number 0.5/],
    ['an id that is none', small({}, { vocab: { a: 'b' } }), /the number "b"/],
    ['an added id of 10^8', small({ added_tokens: [{ id: 1e8, content: 'x' }] }), /the number 100000000/],
    ['an added id of -1', small({ added_tokens: [{ id: -1, content: 'x' }] }), /the number -1/],
    ['an added token without text', small({ added_tokens: [{ id: 1 }] }), /no token/],
    ['too many added tokens', small({ added_tokens: tooLong(mostAddedTokens + 1) }), /adds 20001 tokens/],
    ['no tokens', small({}, { vocab: {} }), /names no tokens/],
    ['too many scored tokens', small({}, { type: 'Unigram', vocab: tooLong(vocabulary + 1) }), /names 1281/],
    ['a score that is none', small({}, { type: 'Unigram', vocab: [['a', 'b']] }), /score is no number/],
    ['an unknown token that is none', small({}, { type: 'Unigram', vocab: [['a', 1]], unk_id: 9 }), /unk_id/],
    [
      'a token without end',
      small({}, { vocab: { ['a'.repeat(maxTokenCharacters + 1)]: 0 } }),
      /no text of up to/,
    ],
    ['too many merges', small({}, { merges: tooLong(mostMerges + 1) }), /lists 1000001 merges/],
    ['a merge that is no pair', small({}, { merges: ['ab'] }), /no pair/],
    ['no merges', small({}, { merges: undefined }), /no list of merges/],
    ['another kind', small({}, { type: 'Other' }), /unknown kind/],
    ['a pattern that doubles', split('(a+)+b'), /could take for ever/],
    ['alternatives that double', split('(a|aa)*$'), /could take for ever/],
    [
      'a pattern deep inside',
      small({
        decoder: {
          type: 'Sequence',
          decoders: [{ type: 'Replace', pattern: { Regex: '(.*)*' }, content: '' }],
        },
      }),
      /for ever/,
    ],
    ['pieces of no length', small({ pre_tokenizer: { type: 'FixedLength', length: 0 } }), /no length/],
    [
      'too many steps',
      small({ normalizer: { type: 'Sequence', normalizers: Array(mostParts).fill({ type: 'NFC' }) } }),
      /more than 64 steps/,
    ],
    [
      'words of any length',
      small({}, { type: 'WordPiece', max_input_chars_per_word: 1e9 }),
      /all their parts/,
    ],
    [
      'text that doubles with every step',
      small({
        normalizer: {
          type: 'Sequence',
          normalizers: Array(7).fill({ type: 'Replace', pattern: { String: 'a' }, content: 'aa' }),
        },
      }),
      /many times as long/,
    ],
    ['an unknown setting of the file', small({ newest: 1 }), /: newest is 1: this setting is not known here/],
    [
      'one of the model',
      small({}, { some_new: true }),
      /: model\.some_new is true: this setting is not known/,
    ],
    [
      'one that the library would read and Hugging Face’s own does not',
      small({}, { continuing_subword_suffix: 'x' }),
      /: model\.continuing_subword_suffix is "x"/,
    ],
    ['one of another kind of model', small({}, { unk_id: 1 }), /: model\.unk_id is 1/],
    ['one of a step', small({ normalizer: { type: 'NFC', twice: true } }), /: normalizer\.twice is true/],
    [
      'one deep inside',
      small({ decoder: { type: 'Sequence', decoders: [{ type: 'Fuse', glue: '-' }] } }),
      /: decoder\.glue is "-"/,
    ],
    [
      'one of an added token',
      small({ added_tokens: [{ id: 1, content: 'x', upper: 1 }] }),
      /: added_tokens\.upper is 1/,
    ],
    ['an unknown post-processor', small({ post_processor: { type: 'New' } }), /the type "New" is not known/],
  ])('with %s is refused before the library sees it', (_, json, message) => {
    expect(() => checkTokenizer(json, vocabulary)).toThrow(ModelError)
    expect(() => checkTokenizer(json, vocabulary)).toThrow(message)
  })

  it('may hold what LLaMA files hold', () => {
    const llama = small(
      {
        normalizer: {
          type: 'Sequence',
          normalizers: [
            { type: 'Prepend', prepend: '▁' },
            { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
          ],
        },
        pre_tokenizer: {
          type: 'Sequence',
          pretokenizers: [
            { type: 'Digits', individual_digits: true },
            { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
          ],
        },
        post_processor: {
          type: 'TemplateProcessing',
          single: [{ SpecialToken: { id: 'a', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
          pair: [],
          special_tokens: { a: { id: 'a', ids: [0], tokens: ['a'] } },
        },
        decoder: {
          type: 'Sequence',
          decoders: [
            { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
            { type: 'ByteFallback' },
            { type: 'Fuse' },
            { type: 'Strip', content: ' ', start: 1, stop: 0 },
          ],
        },
      },
      { byte_fallback: true, unk_token: null, merges: [['a', 'b']] },
    )
    expect(openTokenizer(llama, null, config).encode('ab')).toEqual([2])
  })

  it.each<[string, object, unknown]>([
    [
      'a template that puts tokens around a text',
      {
        post_processor: {
          type: 'TemplateProcessing',
          single: [{ SpecialToken: { id: 'b', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
          pair: [],
          special_tokens: { b: { id: 'b', ids: [1], tokens: ['b'] } },
        },
      },
      null,
    ],
    ['BERT’s', { post_processor: { type: 'BertProcessing', sep: ['a', 0], cls: ['b', 1] } }, null],
    ['settings that ask for tokens around a text', {}, { add_bos_token: true, add_eos_token: true }],
    [
      'what shortens and fills up texts where transformers is asked to',
      { truncation: { max_length: 1, stride: 0 }, padding: { pad_id: 1, strategy: { Fixed: 9 } } },
      null,
    ],
    ['unknown settings that are off', { newest: null, normalizer: { type: 'NFC', twice: false } }, null],
  ])('%s changes no ids', (_, change, settings) => {
    expect(openTokenizer(small(change), settings, config).encode('ab')).toEqual([2])
  })
})

describe('whatever stands in the file', () => {
  beforeEach(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => {}) // the library tells of patterns that it does not know
  })
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(
      -1,
      1e8,
      2 ** 31,
      0.5,
      '',
      'a',
      null,
      [],
      {},
      ['a', 'b'],
      [[]],
      { a: 0 },
      { type: 'Sequence' },
    ),
    fc
      .constantFrom<unknown>(
        ...['NFC', 'Replace', 'Prepend', 'Strip', 'BertNormalizer', 'Precompiled', 'Lowercase'],
        ...[
          'ByteLevel',
          'Split',
          'Metaspace',
          'Digits',
          'Punctuation',
          'FixedLength',
          'WordPiece',
          'CTC',
          'Fuse',
        ],
      )
      .map((type) => ({ type })),
  )
  const keys = [
    'type',
    'vocab',
    'merges',
    'unk_token',
    'unk_id',
    'byte_fallback',
    'ignore_merges',
    'end_of_word_suffix',
  ]
  const file = fc
    .record({
      model: fc.dictionary(fc.constantFrom(...keys), odd, { maxKeys: 3 }),
      top: fc.dictionary(
        fc.constantFrom('normalizer', 'pre_tokenizer', 'post_processor', 'decoder', 'added_tokens', 'model'),
        odd,
        { maxKeys: 3 },
      ),
    })
    .map(({ model, top }) => small(top, model))

  it('it opens and gives ids of the model, or is refused by a ModelError', () => {
    fc.assert(
      fc.property(
        fc.oneof(file, odd),
        fc.oneof(fc.constant(null), odd),
        fc.string(),
        (json, settings, text) => {
          try {
            const { encode, decode, eosIds } = openTokenizer(json, settings, config)
            const ids = encode(text)
            expect(ids.every((id) => Number.isInteger(id) && id >= 0 && id < vocabulary)).toBe(true)
            expect(decode([...ids, 0, 3])).toBeTypeOf('string')
            expect(eosIds.every((id) => id >= 0 && id < vocabulary)).toBe(true)
          } catch (problem) {
            expect(problem).toBeInstanceOf(ModelError)
          }
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('a changed toy gives ids of the model, or is refused', () => {
    const change = fc.tuple(fc.constantFrom(...Object.keys(toy), 'model.vocab', 'model.merges'), odd)
    fc.assert(
      fc.property(change, ([place, value]) => {
        const [outer, inner] = place.split('.')
        const json = { ...toy, [outer]: inner ? { ...toy[outer], [inner]: value } : value }
        try {
          const { encode } = openTokenizer(json, null, config)
          expect(encode('The baker sings.').every((id) => id >= 0 && id < vocabulary)).toBe(true)
        } catch (problem) {
          expect(problem).toBeInstanceOf(ModelError)
        }
      }),
      { numRuns: 300 },
    )
  })
})

it.each([
  ['a kind', { type: { toString: 1 } }],
  ['a behaviour', { type: 'Split', pattern: { String: 'a' }, behavior: { toString: 1 }, invert: false }],
])('%s that is an object with words of its own is refused like any other', (_, pre_tokenizer) => {
  const open = () => openTokenizer(small({ pre_tokenizer }), {}, { ...config, vocabulary: 3 })
  expect(open).toThrow(ModelError)
})
