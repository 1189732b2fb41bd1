/**
 * The library that runs tokenizers, put right where it differs from Hugging Face's own (Rust): how texts are cut
 * (`pieces.ts`), bytes for letters that a Unigram model does not have, marks at the beginning of bytes, the spaces of the
 * first token, letters in lower case one by one. A long piece is cut where no merge could join, which changes no id and
 * makes it quick (`junctions.ts`). What cannot be put right is refused by its name.
 * Source: tokenizers 0.23, `models/`, `decoders/`, `normalizers/`.
 */
import {
  BPE,
  ByteFallbackDecoder,
  ByteLevelDecoder,
  type Decoder,
  LowercaseNormalizer,
  MetaspaceDecoder,
  type Normalizer,
  PrecompiledNormalizer,
  type PreTokenizer,
  SequenceDecoder,
  SequenceNormalizer,
  StripNormalizer,
  type Tokenizer,
  Unigram,
} from '@huggingface/tokenizers'
import { asText, shown } from '../../lib/schema'
import { ModelError } from '../config'
import { normalizerByCharsmap } from './charsmap'
import { divided, junctionsOf, longPiece } from './junctions'
import { cutOf, letterOfByte } from './pieces'

/** Changes the library's tokenizer of this file. Throws a `ModelError` on what it is known to compute otherwise. */
export function mend(tokenizer: Tokenizer, file: Readonly<Record<string, unknown>>): void {
  mendCutting(tokenizer, file.pre_tokenizer)
  const { normalizer, model, decoder } = tokenizer
  if (normalizer) mendNormalizer(normalizer)
  if (model instanceof Unigram) mendUnigram(model)
  if (model instanceof BPE) checkMerging(model)
  if (decoder) mendDecoder(decoder)
}

function mendCutting(tokenizer: Tokenizer, part: unknown): void {
  const cut = cutOf(part)
  const { model } = tokenizer
  const junctions = model instanceof BPE ? junctionsOf(model) : null
  const pieces = (text: string, { section_index }: { readonly section_index?: number } = {}): string[] => {
    const whole = cut(text, section_index === 0)
    if (!junctions) return [...whole]
    return whole.flatMap((piece) => (piece.length > longPiece ? divided(piece, junctions) : [piece]))
  }
  tokenizer.pre_tokenizer = pieces as unknown as PreTokenizer // which the library calls and nothing else
}

/** A part of the file, of which the library's types do not name everything. */
const said = ({ config }: { readonly config: unknown }) => config as Readonly<Record<string, unknown>>

/** Computed as Hugging Face's own library does. */
const normalizers = ['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'Strip', 'StripAccents', 'Prepend', 'Replace']

const edges = /^\p{White_Space}+|\p{White_Space}+$/gu

function mendNormalizer(normalizer: Normalizer): void {
  if (normalizer instanceof SequenceNormalizer) {
    for (const step of normalizer.normalizers) if (step) mendNormalizer(step)
    return
  }
  if (normalizer instanceof PrecompiledNormalizer) {
    normalizer.normalize = normalizerByCharsmap(said(normalizer).precompiled_charsmap)
    return
  }
  const type = asText(said(normalizer).type)
  if (!normalizers.includes(type))
    throw new ModelError(
      `tokenizer.json: normalizer: the type "${type.slice(0, 40)}" is not computed here as Hugging Face's own library does. Choose a model with another tokenizer.`,
    )
  if (normalizer instanceof LowercaseNormalizer) {
    normalizer.normalize = (text) => Array.from(text, (letter) => letter.toLowerCase()).join('')
  } else if (normalizer instanceof StripNormalizer) {
    const { strip_left: left, strip_right: right } = said(normalizer)
    normalizer.normalize = (text) =>
      text.replace(edges, (found, at: number) => ((at === 0 ? left : right) ? '' : found))
  }
}

function mendUnigram(model: Unigram): void {
  const bytes = byteTokens(model.tokens_to_ids)
  const falls = said(model).byte_fallback === true && bytes
  const encoder = new TextEncoder()
  model.encode = (pieces) => {
    const tokens: string[] = []
    for (const piece of pieces)
      for (const token of model.tokenize(piece))
        if (falls && !model.tokens_to_ids.has(token))
          for (const byte of encoder.encode(token)) tokens.push(bytes[byte])
        else tokens.push(token)
    return tokens
  }
}

/** Of every byte, where a vocabulary has them all. */
function byteTokens(ids: ReadonlyMap<string, number>): readonly string[] | null {
  const tokens = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  )
  return tokens.every((token) => ids.has(token)) ? tokens : null
}

/** What changes merges and is not computed. */
function checkMerging(model: BPE): void {
  const { continuing_subword_prefix: prefix, dropout } = said(model)
  if (prefix)
    throw new ModelError(
      `tokenizer.json: continuing_subword_prefix: ${shown(prefix)} is not supported here. Choose a model with another tokenizer.`,
    )
  if (dropout)
    throw new ModelError(
      `tokenizer.json: dropout: ${shown(dropout)} would leave out merges by chance. Set it to null, as for everything but training from scratch.`,
    )
}

/** Bytes as text; a mark at their beginning is a letter like any other. */
const bytesAsText = new TextDecoder('utf-8', { ignoreBOM: true })
const strictly = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })

function mendDecoder(decoder: Decoder): void {
  if (decoder instanceof SequenceDecoder) for (const step of decoder.decoders) mendDecoder(step)
  else if (decoder instanceof ByteFallbackDecoder) decoder.decode_chain = byteFallback
  else if (decoder instanceof ByteLevelDecoder) decoder.decode_chain = (tokens) => [letterBytes(tokens)]
  else if (decoder instanceof MetaspaceDecoder) {
    const { replacement, prepend_scheme: scheme } = said(decoder)
    const mark = typeof replacement === 'string' ? replacement : '▁'
    decoder.decode_chain = (tokens) =>
      tokens.map((token, place) => token.replaceAll(mark, place === 0 && scheme !== 'never' ? '' : ' '))
  }
}

/** Runs of byte tokens as text; of a run that is no text every byte is a question mark of its own. */
function byteFallback(tokens: readonly string[]): string[] {
  const texts: string[] = []
  let run: number[] = []
  const end = () => {
    if (run.length === 0) return
    try {
      texts.push(strictly.decode(Uint8Array.from(run)))
    } catch {
      for (const _ of run) texts.push('\ufffd')
    }
    run = []
  }
  for (const token of tokens) {
    const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(token)
    if (byte) run.push(Number.parseInt(byte[1], 16))
    else {
      end()
      texts.push(token)
    }
  }
  end()
  return texts
}

const byteOfLetter: ReadonlyMap<string, number> = new Map(letterOfByte.map((letter, byte) => [letter, byte]))

/** A token with a letter that stands for no byte, as added ones may have, stands for itself. */
function letterBytes(tokens: readonly string[]): string {
  const encoder = new TextEncoder()
  const bytes: number[] = []
  for (const token of tokens) {
    const own = Array.from(token, (letter) => byteOfLetter.get(letter))
    for (const byte of own.includes(undefined) ? encoder.encode(token) : own) bytes.push(byte ?? 0)
  }
  return bytesAsText.decode(Uint8Array.from(bytes))
}
