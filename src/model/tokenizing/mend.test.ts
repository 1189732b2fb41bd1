/** The oracle is Hugging Face's own library: `bench/oracle/tokenizers_oracle.py` has written what it makes of awkward texts. */
import { readFileSync } from 'node:fs'
import { BPE, Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ModelError, parseConfig } from '../config'
import { openTokenizer } from '../tokenizer'
import { divided, junctionsOf, longPiece } from './junctions'
import { mend } from './mend'

type File = Record<string, unknown> & { readonly model: Record<string, unknown> }
interface Oracle {
  readonly texts: readonly string[]
  readonly shared: object
  readonly kinds: Readonly<
    Record<
      string,
      {
        readonly tokenizer: File
        readonly cases: readonly [ids: number[], said: string][]
        /** Of texts that this kind alone is asked about. */
        readonly more?: readonly [text: string, ids: number[], said: string][]
      }
    >
  >
}
const oracle: Oracle = JSON.parse(readFileSync('src/model/fixtures/tokenizers.json', 'utf8'))
const fileOf = (kind: string): File => {
  const { tokenizer } = oracle.kinds[kind]
  return (tokenizer.model as unknown) === 'shared'
    ? ({ ...tokenizer, model: oracle.shared } as File)
    : tokenizer
}
const config = parseConfig({
  model_type: 'gpt2',
  vocab_size: 2000,
  n_positions: 8,
  n_embd: 8,
  n_layer: 1,
  n_head: 2,
})
const mended = (file: File): HuggingFaceTokenizer => {
  const tokenizer = new HuggingFaceTokenizer({ ...file, pre_tokenizer: null }, {})
  mend(tokenizer, file)
  return tokenizer
}
/** They drop what is between words, and so does Hugging Face's. */
const lossy = /^(split-(removed|inverted)|whitespace|whitespace-split|bert|delimiter)$/

describe.each(Object.keys(oracle.kinds))('a tokenizer of the kind %s', (kind) => {
  const { encode, decode } = (() => {
    const tokenizer = mended(fileOf(kind))
    return {
      encode: (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids,
      decode: (ids: number[]) =>
        ids.length === 0 ? '' : tokenizer.decode(ids, { clean_up_tokenization_spaces: false }),
    }
  })()

  const { cases, more = [] } = oracle.kinds[kind]
  it.each([...oracle.texts.map((text, place) => [text, ...cases[place]] as const), ...more])(
    'takes %j as Hugging Face does',
    (text, ids, said) => {
      expect(encode(text)).toEqual(ids)
      expect(decode(ids)).toBe(said)
    },
  )

  it('is opened, or refused where text would be lost', () => {
    const open = () => openTokenizer(fileOf(kind), null, config)
    if (lossy.test(kind)) {
      expect(open).toThrow(ModelError)
      expect(open).toThrow(/loses text: "The baker of Riga sings\." comes back as "The.*Choose/)
    } else expect(open().encode('The nurse')).toEqual(encode('The nurse'))
  })
})

describe('a long text', () => {
  const letters = fc.constantFrom(...'aeinorstT ▁.,½世é🎈\n'.split(''), 'The', ' the', ' of', '  ')
  const texts = fc.array(letters, { minLength: 1, maxLength: 120 }).map((parts) => parts.join(''))
  const model = mended(fileOf('llama-2')).model as BPE
  const junctions = junctionsOf(model)!

  it('is cut only where no merge joins: the tokens are the same', () => {
    fc.assert(
      fc.property(texts, (text) => {
        model.clear_cache()
        const whole = model.encode([text])
        expect(model.encode(divided(text, junctions))).toEqual(whole)
        expect(divided(text, junctions).join('')).toBe(text)
      }),
      { numRuns: 1000 },
    )
  })

  it('reaches the merging in short pieces', () => {
    const tokenizer = mended(fileOf('llama-2'))
    const seen: number[] = []
    const merging = tokenizer.model as BPE
    const merge = merging.bpe.bind(merging)
    merging.bpe = (piece) => {
      seen.push(piece.length)
      return merge(piece)
    }
    const sentence = 'The baker of Riga sings and the dog of the nurse runs. '
    tokenizer.encode(sentence.repeat(100), { add_special_tokens: false })
    expect(Math.max(...seen)).toBeLessThan(longPiece)
    expect(seen.length).toBeGreaterThan(500)
  })

  it('stays whole where whole pieces are looked up, or where ends of words are marked', () => {
    const of = (more: object) =>
      new BPE({ ...fileOf('llama-2').model, ...more } as unknown as ConstructorParameters<typeof BPE>[0])
    expect(junctionsOf(of({}))).not.toBeNull()
    expect(junctionsOf(of({ ignore_merges: true }))).toBeNull()
    expect(junctionsOf(of({ end_of_word_suffix: '</w>' }))).toBeNull()
  })
})

describe('what is not computed as Hugging Face does', () => {
  const gpt2 = fileOf('gpt2')
  const added = { id: 5, content: 'x', special: false, lstrip: false, rstrip: false, normalized: false }
  it.each<[string, object, RegExp]>([
    ['a normalizer', { normalizer: { type: 'BertNormalizer' } }, /normalizer: the type "BertNormalizer"/],
    [
      'a damaged map of characters, within others',
      {
        normalizer: {
          type: 'Sequence',
          normalizers: [{ type: 'Precompiled', precompiled_charsmap: 'AAAA' }],
        },
      },
      /precompiled_charsmap is damaged/,
    ],
    [
      'a pre-tokenizer',
      { pre_tokenizer: { type: 'UnicodeScripts' } },
      /pre_tokenizer: the type "UnicodeScripts"/,
    ],
    [
      'a behaviour',
      { pre_tokenizer: { type: 'Punctuation', behavior: 'Sideways' } },
      /behaviour "Sideways" of a split/,
    ],
    ['merges by chance', { model: { ...gpt2.model, dropout: 0.1 } }, /dropout: 0\.1/],
    [
      'prefixes',
      { model: { ...gpt2.model, continuing_subword_prefix: '##' } },
      /continuing_subword_prefix: "##"/,
    ],
    ['tokens that stand alone', { added_tokens: [{ ...added, single_word: true }] }, /single_word/],
    [
      'a decoder that does not fit',
      { decoder: { type: 'Metaspace' } },
      /loses text: ".*" comes back as ".*"/,
    ],
    ['no decoder', { decoder: null }, /loses text/],
  ])('is refused by name: %s', (_, change, words) => {
    const open = () => openTokenizer({ ...gpt2, ...change }, null, config)
    expect(open).toThrow(ModelError)
    expect(open).toThrow(words)
    expect(open).toThrow(/Choose|choose|Set it/)
  })
})
