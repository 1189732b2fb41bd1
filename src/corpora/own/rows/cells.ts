/** What a cell of a table says, whatever kind of value it is, and of which kind of writing it is. */

import { isDate } from './dates'

/** Text, a number, a list of texts, pieces of formatted text; empty for everything else. */
export function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (!Array.isArray(value)) return ''
  if (value.every((part) => typeof part === 'string')) return value.join('\n').trim()
  const pieces = value.map(pieceOf)
  // Pieces of one running text bring their spaces with them; others are texts of their own.
  const isRunning =
    value.some((part) => typeof part === 'string') || pieces.some((piece) => /^\s|\s$/.test(piece))
  return pieces
    .filter((piece) => piece !== '')
    .join(isRunning ? '' : '\n')
    .trim()
}

/** Of formatted text: "plain", or {type: "bold", text: "words"}. */
function pieceOf(part: unknown): string {
  if (typeof part === 'string') return part
  const { text } = Object(part) as { readonly text?: unknown }
  return typeof text === 'string' ? text : ''
}

/** Writing that a person does not mean by text: numbers, dates, addresses, links, ids. */
const unspoken: readonly RegExp[] = [
  // Numbers, amounts, shares, phone numbers; with signs and units of money.
  /^[\s\d.,:;/'’+\-–()%$€£¥#*]+(?:e[+-]?\d+)?$/i,
  // Dates whose month is named in whatever language.
  /^(?:\p{L}{2,9}\.?,? )?(?:\d{1,2}\.? \p{L}{3,9}\.?|\p{L}{3,9}\.? \d{1,2}),? \d{2,4}(?:,? [\d:.]+(?: ?[ap]m)?)?(?: ?(?:utc|gmt|z|cet|cest)?(?:[+-][\d:]+)?)$/iu,
  /^\d{1,2}[/.-]\p{L}{3,9}[/.-]\d{2,4}(?: [\d:]+(?: ?[ap]m)?)?$/iu,
  /^(?:https?|ftp|file|mailto|data|urn|s3|gs):\S+$/i,
  /^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|de|io|edu|gov|co|eu|info)(?:\/\S*)?$/i,
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  /^\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i,
  /^(?:\/|\.{1,2}\/|[a-z]:\\|~\/)\S+$/i,
  // Ids and hashes: one word with digits among its letters, or one longer than any word.
  /^[a-z]{1,3}[-_]?\d+$/i,
  /^(?=\S*\d)(?=\S*[a-z])[\w:.\-/=+]{4,}$/i,
  /^[\w\-+/=]{33,}$/,
  /^(?:true|false|yes|no|null|none|nan|n\/a|ja|nein)$/i,
]

/** What stands below a header, not in it. Years do stand there, and so do signs. */
const values: readonly RegExp[] = [
  /^(?!(?:19|20)\d\d$)[^\d\p{L}]*\d[\d\s.,:;/'’+\-()%$€£¥]*$/u,
  /^\d{4}-\d{2}-\d{2}T?[\d:. +Z-]*$/i,
  /^https?:\/\/\S+$/i,
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
]

const longestUnspoken = 300

/** A number, a date, an address or an id. */
export const isValue = (text: string): boolean =>
  text.length <= longestUnspoken && values.some((kind) => kind.test(text))

/** Whether somebody says something there: words, of however many letters. */
export const isLanguage = (text: string): boolean =>
  /\p{L}/u.test(text) &&
  !isDate(text) &&
  !(text.length <= longestUnspoken && unspoken.some((kind) => kind.test(text)))
