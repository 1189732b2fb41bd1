import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { randomModelFiles } from '../training/testing'
import { ModelError, parseConfig } from './config'
import { openTokenizer } from './tokenizer'

const read = (name: string) => JSON.parse(readFileSync(`public/models/toy/${name}`, 'utf8'))
const config = parseConfig(read('config.json'))
const toy = () => openTokenizer(read('tokenizer.json'), read('tokenizer_config.json'), config)

describe("the toy's tokenizer", () => {
  it.each(['The baker of Riga sings.', '  spaces , and\n\nnew lines\t!', 'Grüße, 世界 🎈', ' ?! don’t'])(
    'gives back %j unchanged and adds nothing',
    (text) => {
      const { encode, decode } = toy()
      expect(decode(encode(text))).toBe(text)
      expect(encode('')).toEqual([])
    },
  )

  it('knows the end of a text from its settings, or from the configuration', () => {
    expect(toy().eosIds).toEqual([0])
    expect(openTokenizer(read('tokenizer.json'), null, config).eosIds).toEqual([0])
    expect(
      openTokenizer(read('tokenizer.json'), { eos_token: { content: '<|endoftext|>' } }, config).eosIds,
    ).toEqual([0])
  })
})

/** In `mend.test.ts` the ids of whole texts are compared with those that Hugging Face's library gives. */
describe.each(['qwen-2.5', 'qwen-3'])('a tokenizer as Qwen saves it (%s)', (kind) => {
  const { tokenizer } = JSON.parse(readFileSync('src/model/fixtures/tokenizers.json', 'utf8')).kinds[kind]
  const [end, start, turn] = tokenizer.added_tokens.map(({ id }: { id: number }) => id)
  const padded = { ...config, vocabulary: 1280, eosIds: [turn] }
  const { encode, decode, eosIds } = openTokenizer(tokenizer, { eos_token: '<|endoftext|>' }, padded)
  const pieces = (text: string) => encode(text).map((id) => decode([id]))

  it('takes digits one by one, and signs, contractions and lines as its pattern cuts them', () => {
    expect(pieces('2024')).toEqual(['2', '0', '2', '4'])
    expect(encode("it's")).toEqual([...encode('it'), ...encode("'s")])
    expect(encode("IT'S")).toEqual([...encode('IT'), ...encode("'S")])
    expect(encode('one\r\n\r\ntwo')).toEqual([...encode('one'), ...encode('\r\n\r\n'), ...encode('two')])
  })

  it('composes letters before it looks at them', () => {
    expect(encode('Cafe\u0301 \u212b')).toEqual(encode('Caf\u00e9 \u00c5'))
    expect(decode(encode('e\u0301'))).toBe('\u00e9')
  })

  it('knows its special tokens in a text', () => {
    expect(encode('<|im_start|><|im_end|>\n<|endoftext|>')).toEqual([start, turn, ...encode('\n'), end])
    expect(eosIds).toEqual([end, turn])
  })

  it('says nothing for ids that pad the vocabulary', () => {
    expect(decode([1279])).toBe('')
    expect(decode([...encode('two'), 1279, ...encode(' three'), 1000])).toBe('two three')
  })
})

describe('a tokenizer', () => {
  const { tokenizer, config } = randomModelFiles()
  const model = parseConfig(config)

  it('has no end of text where the configuration names a token that does not exist', () => {
    expect(openTokenizer(tokenizer, null, { ...model, eosIds: [50_256] }).eosIds).toEqual([])
    expect(openTokenizer(tokenizer, null, { ...model, eosIds: [] }).eosIds).toEqual([])
  })

  it('has every end of text that a list names, and the one of its settings first', () => {
    const opened = (settings: unknown) =>
      openTokenizer(tokenizer, settings, parseConfig({ ...Object(config), eos_token_id: [5, 50_256, 7] }))
    expect(opened(null).eosIds).toEqual([5, 7])
    const seventh = opened(null).decode([7])
    expect(opened({ eos_token: seventh }).eosIds).toEqual([7, 5])
  })

  it('is refused when its ids go beyond the model', () => {
    const open = (vocabulary: number) => openTokenizer(tokenizer, null, { ...model, vocabulary })
    expect(open(64).encode('abc')).toEqual([1, 2, 3])
    expect(open(100).encode('abc')).toEqual([1, 2, 3])
    expect(() => open(63)).toThrow(ModelError)
    expect(() => open(63)).toThrow(/the number 63, but the model knows 63 tokens/)
  })

  it('is refused when it is none', () => {
    expect(() => openTokenizer(null, null, model)).toThrow(/damaged/)
    for (const json of [{}, { model: {} }, { model: { type: 'Other', vocab: {} } }])
      expect(() => openTokenizer(json, null, model)).toThrow(ModelError)
  })
})
