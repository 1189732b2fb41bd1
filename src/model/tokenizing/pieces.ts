/**
 * How a text is cut before a tokenizer's model sees it, as Hugging Face's own library (Rust) does it. The one that runs here
 * cuts otherwise in places: it reads `\d` and `\s` as JavaScript does (½ is no digit, U+FEFF a space) and all behaviours of
 * a split as one. So the rules are written here, each as a pattern and what becomes of its matches.
 * Source: tokenizers 0.23, `pre_tokenizers/` and `tokenizer/normalizer.rs` (`SplitDelimiterBehavior`).
 */
import { SplitPreTokenizer } from '@huggingface/tokenizers'
import { asText } from '../../lib/schema'
import { ModelError } from '../config'

/** Cuts pieces further. The first piece of a text may get a space before it. */
export type Cut = (piece: string, isFirst: boolean) => readonly string[]

type Part = Readonly<Record<string, unknown>>
type Behaviour = 'removed' | 'isolated' | 'contiguous' | 'mergedwithprevious' | 'mergedwithnext'

const space = /\p{White_Space}+/gu
const number = /\p{N}/gu
const punctuation = /[\p{P}!-/:-@[-`{-~]/gu
const words =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu
/** GPT-2's, with Unicode's white space. */
const byteLevel =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu

/** What the `pre_tokenizer` of a file does; null: nothing. Throws a `ModelError` where it is unknown here. */
export function cutOf(part: unknown): Cut {
  if (part === null || part === undefined) return (piece) => [piece]
  const { type, ...said } = part as Part
  switch (type) {
    case 'Sequence': {
      const cuts = (Array.isArray(said.pretokenizers) ? said.pretokenizers : []).map(cutOf)
      return (text, isFirst) =>
        cuts.reduce<readonly string[]>(
          (pieces, cut) => pieces.flatMap((piece, place) => cut(piece, isFirst && place === 0)),
          [text],
        )
    }
    case 'ByteLevel':
      return byteLevelCut(said)
    case 'Metaspace':
      return metaspaceCut(said)
    case 'Split': {
      const { pattern } = new SplitPreTokenizer(part as ConstructorParameters<typeof SplitPreTokenizer>[0])
      if (pattern === null) break
      const behaviour = behaviourOf(said.behavior, 'isolated')
      return (piece) => split(piece, pattern, behaviour, said.invert === true)
    }
    case 'Digits': {
      const behaviour = said.individual_digits === true ? 'isolated' : 'contiguous'
      return (piece) => split(piece, number, behaviour)
    }
    case 'Punctuation': {
      const behaviour = behaviourOf(said.behavior, 'isolated')
      return (piece) => split(piece, punctuation, behaviour)
    }
    case 'Whitespace':
      return (piece) => split(piece, words, 'removed', true)
    case 'WhitespaceSplit':
      return (piece) => split(piece, space, 'removed')
    case 'BertPreTokenizer':
      return (piece) => split(piece, space, 'removed').flatMap((word) => split(word, punctuation, 'isolated'))
    case 'CharDelimiterSplit': {
      const delimiter = asText(said.delimiter)
      return (piece) => piece.split(delimiter).filter((each) => each !== '')
    }
    case 'FixedLength': {
      const length = Number(said.length)
      return (piece) => {
        const letters = [...piece]
        return Array.from({ length: Math.ceil(letters.length / length) }, (_, at) =>
          letters.slice(at * length, (at + 1) * length).join(''),
        )
      }
    }
  }
  throw new ModelError(
    `tokenizer.json: pre_tokenizer: the type "${asText(type).slice(0, 40)}" is not known here. Choose a model with another tokenizer.`,
  )
}

/** Pieces of a text by the matches of a pattern. None is empty. */
export function split(
  text: string,
  pattern: RegExp,
  behaviour: Behaviour,
  isInverted = false,
): readonly string[] {
  const parts: { text: string; isMatch: boolean }[] = []
  let end = 0
  const take = (from: number, to: number, isMatch: boolean) => {
    if (to > from) parts.push({ text: text.slice(from, to), isMatch: isMatch !== isInverted })
    end = to
  }
  // An empty match cuts, too: what is before it ends there.
  for (const { 0: found, index } of text.matchAll(pattern)) {
    take(end, index, false)
    take(index, index + found.length, true)
  }
  take(end, text.length, false)
  switch (behaviour) {
    case 'removed':
      return parts.flatMap((part) => (part.isMatch ? [] : [part.text]))
    case 'isolated':
      return parts.map((part) => part.text)
    case 'contiguous':
      return joined(parts, (part, before) => part.isMatch === before.isMatch)
    case 'mergedwithprevious':
      return joined(parts, (part, before) => part.isMatch && !before.isMatch)
    case 'mergedwithnext':
      return joined(parts, (part, before) => !part.isMatch && before.isMatch)
  }
}

/** Neighbours that belong together as one; whether they do is asked of the parts themselves. */
function joined<Part extends { readonly text: string }>(
  parts: readonly Part[],
  belongs: (part: Part, before: Part) => boolean,
): string[] {
  const pieces: string[] = []
  for (const [place, part] of parts.entries())
    if (place > 0 && belongs(part, parts[place - 1])) pieces[pieces.length - 1] += part.text
    else pieces.push(part.text)
  return pieces
}

function behaviourOf(said: unknown, usual: Behaviour): Behaviour {
  if (said === null || said === undefined) return usual
  const name = asText(said).toLowerCase().replaceAll('_', '')
  const known = (['removed', 'isolated', 'contiguous', 'mergedwithprevious', 'mergedwithnext'] as const).find(
    (each) => each === name,
  )
  if (known) return known
  throw new ModelError(
    `tokenizer.json: pre_tokenizer: the behaviour "${asText(said).slice(0, 40)}" of a split is not known here. Choose a model with another tokenizer.`,
  )
}

function byteLevelCut({ add_prefix_space, use_regex }: Part): Cut {
  const encoder = new TextEncoder()
  const asLetters = (piece: string) =>
    Array.from(encoder.encode(piece), (byte) => letterOfByte[byte]).join('')
  return (piece) => {
    const whole = add_prefix_space === true && !piece.startsWith(' ') ? ` ${piece}` : piece
    const pieces = use_regex === false ? [whole] : split(whole, byteLevel, 'isolated')
    return pieces.map(asLetters)
  }
}

function metaspaceCut(said: Part): Cut {
  const mark = typeof said.replacement === 'string' ? said.replacement : '▁'
  const scheme = said.prepend_scheme ?? (said.add_prefix_space === false ? 'never' : 'always')
  return (piece, isFirst) => {
    const marked = piece.replaceAll(' ', mark)
    const isPrepended = scheme === 'always' || (scheme === 'first' && isFirst)
    const whole = isPrepended && !marked.startsWith(mark) ? mark + marked : marked
    if (said.split === false) return [whole]
    return joined(
      [...whole].map((text) => ({ text })),
      ({ text }) => text !== mark,
    )
  }
}

/** GPT-2's letters for bytes: those that can be seen stand for themselves. */
export const letterOfByte: readonly string[] = (() => {
  const isSeen = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte < 256 && byte !== 173)
  let hidden = 0
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isSeen(byte) ? byte : 256 + hidden++))
})()
