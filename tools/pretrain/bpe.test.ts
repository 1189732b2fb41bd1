import { Tokenizer } from '@huggingface/tokenizers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  byteAlphabet,
  countPreTokens,
  encoder,
  endOfText,
  tokenizerConfig,
  tokenizerJson,
  trainBpe,
} from './bpe'

const text = ['The baker bakes the bread.', 'The bread is what the baker\'s boy eats: "bread", he said.']
const train = (size = 300, whole = [' zebra']) => trainBpe(countPreTokens(text), size, whole)
const bpe = train()
const encode = encoder(bpe)
const published = new Tokenizer(tokenizerJson(bpe), tokenizerConfig(64))

test('each byte has a printable letter of its own, and visible ASCII stands for itself', () => {
  expect(new Set(byteAlphabet).size).toBe(256)
  expect(byteAlphabet['A'.charCodeAt(0)]).toBe('A')
  expect(byteAlphabet[' '.charCodeAt(0)]).toBe('Ġ')
})

describe('training', () => {
  test('fills the vocabulary as far as there are pairs, and equal text gives an equal tokenizer', () => {
    expect(train(280).vocabulary.size).toBe(280)
    expect(train()).toEqual(bpe)
  })

  test('makes frequent words one token, and guaranteed words that the text does not have', () => {
    expect(encode(' bread')).toHaveLength(1)
    expect(encode(' zebra')).toHaveLength(1)
  })

  test('says so when the guaranteed words do not fit', () => {
    expect(() => train(260, [' hippopotamus'])).toThrow('enlarge')
  })

  test('gives the end of text the id 0', () => {
    expect(bpe.vocabulary.get(endOfText)).toBe(0)
  })
})

describe('the published tokenizer', () => {
  const parts = fc.constantFrom('the', 'bread', ' zebra', "'s", '  ', '\n', '12', '漢字', '😀', '.', ' "')
  const anyText = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.array(parts, { minLength: 1 }).map((all) => all.join('')),
  )

  test('encodes as the one that wrote the training text, and gives any text back', () => {
    fc.assert(
      fc.property(anyText, (any) => {
        const { ids } = published.encode(any, { add_special_tokens: false })
        expect(ids).toEqual(encode(any))
        expect(published.decode(ids, { clean_up_tokenization_spaces: false })).toBe(any)
      }),
    )
  })
})
