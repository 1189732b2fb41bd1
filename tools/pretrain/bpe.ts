/**
 * A byte-level BPE tokenizer in the manner of GPT-2, trained and written as a Hugging Face `tokenizer.json`. Training
 * counts pre-tokens once and merges the most frequent pair until the vocabulary is full (ties go to the pair that
 * sorts first, so equal text gives an equal tokenizer). Whole words can be guaranteed to become one token: they join
 * the counts with a weight, and whatever merges they still lack are added before the last place is taken. Words that are no
 * text, such as those of pictures, are added behind, and cut out of the text first.
 */
export const endOfText = '<|endoftext|>'

const preToken = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu

/** GPT-2's printable stand-ins for the 256 bytes: visible Latin-1 stands for itself, the rest moves up from U+0100. */
export const byteAlphabet: readonly string[] = (() => {
  const visible = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255)
  let moved = 0
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(visible(byte) ? byte : 256 + moved++))
})()

interface Word {
  parts: string[]
  readonly count: number
}

export interface Bpe {
  /** Token to id; `<|endoftext|>` is id 0, then the bytes, then the merges in order. */
  readonly vocabulary: ReadonlyMap<string, number>
  readonly merges: readonly (readonly [string, string])[]
  /** Words that are looked for before all else and are one token each, as they stand: their ids come after all others. */
  readonly added: readonly string[]
}

/** How often each pre-token occurs in the text between added words, as byte letters. */
export function countPreTokens(texts: Iterable<string>, added: readonly string[] = []): Map<string, number> {
  const counts = new Map<string, number>()
  const isAdded = new Set(added)
  const cut = cutAt(added)
  for (const text of texts)
    for (const part of cut(text))
      if (!isAdded.has(part))
        for (const [piece] of part.matchAll(preToken)) {
          const letters = toLetters(piece)
          counts.set(letters, (counts.get(letters) ?? 0) + 1)
        }
  return counts
}

/** Cuts a text into added words and what stands between them. */
function cutAt(added: readonly string[]): (text: string) => string[] {
  if (added.length === 0) return (text) => [text]
  const escaped = added.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`(${escaped.sort((a, b) => b.length - a.length).join('|')})`)
  return (text) => text.split(pattern).filter((part) => part !== '')
}

/** Trains on counted pre-tokens; every word of `whole` is one token in the end. `size` counts the added words, too. */
export function trainBpe(
  counts: ReadonlyMap<string, number>,
  size: number,
  whole: readonly string[],
  added: readonly string[] = [],
): Bpe {
  const weight = Math.max(1, Math.round([...counts.values()].reduce((sum, count) => sum + count, 0) / 20_000))
  const words: Word[] = [...counts].map(([letters, count]) => ({ parts: [...letters], count }))
  const guaranteed = whole.map((word): Word => ({ parts: [...toLetters(word)], count: weight }))
  const all = [...words, ...guaranteed]
  const merges: [string, string][] = []
  const places = () => size - 257 - added.length - merges.length
  const missing = () => guaranteed.reduce((sum, { parts }) => sum + parts.length - 1, 0)
  while (places() > 0) {
    const pair = bestPair(places() > missing() ? all : guaranteed)
    if (!pair) break
    merges.push(pair)
    for (const word of all) merge(word, pair)
  }
  if (missing() > 0) throw new Error(`A vocabulary of ${size} has no room for all whole words: enlarge it.`)
  const tokens = [endOfText, ...byteAlphabet, ...merges.map(([left, right]) => left + right)]
  return { vocabulary: new Map(tokens.map((token, id) => [token, id])), merges, added }
}

/** Encodes text without special tokens. One function per tokenizer, because it remembers the pre-tokens it has met. */
export function encoder({ vocabulary, merges, added }: Bpe): (text: string) => number[] {
  const ranks = new Map(merges.map(([left, right], rank) => [`${left} ${right}`, rank]))
  const known = new Map<string, number[]>()
  const addedIds = new Map(added.map((word, index) => [word, vocabulary.size + index]))
  const cut = cutAt(added)
  const encodePiece = (letters: string): number[] => {
    const word: Word = { parts: [...letters], count: 1 }
    while (true) {
      const pairs = pairsOf(word).filter((pair) => ranks.has(pair))
      if (pairs.length === 0) return word.parts.map((part) => vocabulary.get(part)!)
      const first = pairs.reduce((best, pair) => (ranks.get(pair)! < ranks.get(best)! ? pair : best))
      merge(word, first.split(' ') as [string, string])
    }
  }
  const encodeText = (text: string) =>
    Array.from(text.matchAll(preToken), ([piece]) => {
      const ids = known.get(piece) ?? encodePiece(toLetters(piece))
      known.set(piece, ids)
      return ids
    }).flat()
  return (text) => cut(text).flatMap((part) => addedIds.get(part) ?? encodeText(part))
}

/** The tokenizer as Hugging Face's `tokenizer.json`. */
export function tokenizerJson({ vocabulary, merges, added }: Bpe): object {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      { id: vocabulary.get(endOfText), content: endOfText, ...flags, special: true },
      ...added.map((content, index) => ({ id: vocabulary.size + index, content, ...flags, special: false })),
    ],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(vocabulary),
      merges: merges.map((pair) => pair.join(' ')),
    },
  }
}

/** The `tokenizer_config.json` beside it. */
export function tokenizerConfig(contextLength: number): object {
  return {
    tokenizer_class: 'GPT2Tokenizer',
    add_prefix_space: false,
    bos_token: endOfText,
    eos_token: endOfText,
    unk_token: endOfText,
    model_max_length: contextLength,
  }
}

function toLetters(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byteAlphabet[byte]).join('')
}

function pairsOf({ parts }: Word): string[] {
  return parts.slice(1).map((part, index) => `${parts[index]} ${part}`)
}

function bestPair(words: readonly Word[]): [string, string] | null {
  const counts = new Map<string, number>()
  for (const word of words)
    for (const pair of pairsOf(word)) counts.set(pair, (counts.get(pair) ?? 0) + word.count)
  let best = ''
  for (const [pair, count] of counts) {
    const lead = count - (counts.get(best) ?? 0)
    if (lead > 0 || (lead === 0 && pair < best)) best = pair
  }
  return best === '' ? null : (best.split(' ') as [string, string])
}

function merge(word: Word, [left, right]: readonly [string, string]): void {
  const { parts } = word
  for (let index = 0; index < parts.length - 1; index++)
    if (parts[index] === left && parts[index + 1] === right) parts.splice(index, 2, left + right)
}
