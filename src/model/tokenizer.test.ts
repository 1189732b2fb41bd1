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
