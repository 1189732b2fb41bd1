/**
 * The map of characters that sentencepiece compiles into a tokenizer (`Precompiled`): a trie in a double array, whose values
 * are places in the list of new texts behind it. Applied to one grapheme after the other, as Hugging Face's library does:
 * to a short one as a whole, by the shortest beginning that the map knows, otherwise to its characters.
 * Source: tokenizers 0.23, `normalizers/precompiled.rs` and the crate spm_precompiled; Darts-clone for the array.
 */
import { ModelError } from '../config'

/** Of UTF-8, up to which a grapheme is looked up as a whole. */
const shortGraphemeBytes = 5
const mostCharsmapBytes = 8_000_000
/** Graphemes, of which a text may have any number. */
const mostRemembered = 50_000

/** What the map makes of a text. Throws a `ModelError` where it is damaged. */
export function normalizerByCharsmap(base64: unknown): (text: string) => string {
  const { trie, texts } = readCharsmap(base64)
  const encoder = new TextEncoder()
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  const known = new Map<string, string | null>()

  /** Null: the map does not know it. */
  const transformed = (part: string): string | null => {
    const before = known.get(part)
    if (before !== undefined) return before
    const begin = firstMatch(trie, encoder.encode(part))
    const end = begin === null ? -1 : texts.indexOf(0, begin)
    const found = begin === null ? null : decoder.decode(texts.subarray(begin, end === -1 ? undefined : end))
    if (known.size >= mostRemembered) known.clear()
    known.set(part, found)
    return found
  }
  return (text) => {
    let normal = ''
    for (const { segment } of graphemes.segment(text)) {
      const isShort = encoder.encode(segment).length <= shortGraphemeBytes
      const whole = isShort ? transformed(segment) : null
      if (whole !== null) normal += whole
      else for (const character of segment) normal += transformed(character) ?? character
    }
    return normal
  }
}

function readCharsmap(base64: unknown): { readonly trie: Uint32Array; readonly texts: Uint8Array } {
  const damaged = () =>
    new ModelError(
      'tokenizer.json: normalizer: precompiled_charsmap is damaged. Download the model again, or choose another.',
    )
  if (typeof base64 !== 'string' || base64.length > mostCharsmapBytes) throw damaged()
  let bytes: Uint8Array
  try {
    bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  } catch {
    throw damaged()
  }
  const view = new DataView(bytes.buffer)
  const trieBytes = bytes.length >= 4 ? view.getUint32(0, true) : 0
  if (trieBytes === 0 || trieBytes % 4 !== 0 || 4 + trieBytes > bytes.length) throw damaged()
  const trie = Uint32Array.from({ length: trieBytes / 4 }, (_, unit) => view.getUint32(4 + 4 * unit, true))
  return { trie, texts: bytes.subarray(4 + trieBytes) }
}

/** The value of the shortest beginning of a key that the array holds. */
function firstMatch(trie: Uint32Array, key: Uint8Array): number | null {
  let place = offsetOf(trie[0])
  for (const byte of key) {
    if (byte === 0) return null
    place ^= byte
    const unit = trie[place] ?? 0
    if ((unit & 0x800000ff) !== byte) return null
    place ^= offsetOf(unit)
    if (unit & 0x100) return (trie[place] ?? 0) & 0x7fffffff
  }
  return null
}

const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6)
