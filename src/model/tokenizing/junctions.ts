/**
 * Where a long piece of text may be cut before merging. Files in the manner of LLaMA merge a whole text as one piece, for
 * which the library's queue takes minutes. A merge joins a token that ends in one letter to a token that begins with
 * another; where no merge of a file joins these two letters, none ever crosses that place, so both sides come out the same
 * whether they are merged together or apart, and a word that comes again is known already.
 */
import type { BPE } from '@huggingface/tokenizers'

/** In UTF-16 units: what the library remembers of shorter pieces makes them quick enough. */
export const longPiece = 64

/** Pairs of letters that a merge joins. Null: pieces must stay whole. */
export function junctionsOf(model: BPE): ReadonlySet<string> | null {
  // What is taken as a whole or marked at its end would be so at every cut.
  if (model.ignore_merges || model.end_of_word_suffix || model.continuing_subword_suffix) return null
  const pairs = new Set<string>()
  for (const [left, right] of model.merges) pairs.add(lastOf(left) + firstOf(right))
  return pairs
}

/** The piece, cut wherever no merge joins. */
export function divided(piece: string, junctions: ReadonlySet<string>): string[] {
  const parts: string[] = []
  let begin = 0
  let at = 0
  let before = ''
  for (const letter of piece) {
    if (before !== '' && !junctions.has(before + letter)) {
      parts.push(piece.slice(begin, at))
      begin = at
    }
    before = letter
    at += letter.length
  }
  parts.push(piece.slice(begin))
  return parts
}

const firstOf = (token: string): string => String.fromCodePoint(token.codePointAt(0) ?? 0)

/** With both halves of a surrogate pair. */
const lastOf = (token: string): string => token.slice(/[\ud800-\udbff][\udc00-\udfff]$/.test(token) ? -2 : -1)
