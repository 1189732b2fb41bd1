/**
 * Rows that are no well-formed CSV and can be read all the same: a delimiter within a text without quotes, text in single quotes,
 * quotes within a text in quotes, blanks before a quote. What does not come out as wide as the header is left to others.
 */
import { isLanguage } from '../rows/cells'

/** Of each delimiter the blanks behind it, where a quote follows: `1, "text"`. */
export function withoutBlanksBeforeQuotes(text: string, delimiter: string): string {
  const blanks = delimiter === '\t' ? ' +' : '[ \\t]+'
  return text.replace(new RegExp(`(${delimiter === '|' ? '\\|' : delimiter})${blanks}(?=")`, 'g'), '$1')
}

export const beginsBlankAndQuoted = (cell: string): boolean => /^[ \t]+"/.test(cell)

/** The cells of a line whose quotes are none of CSV's; null where one is open at its end, so that the text may go on below. Some write \\" for a quote. */
export function cellsAsWritten(line: string, delimiter: string): readonly string[] | null {
  const cells = joinedByQuotes(line.split(delimiter), delimiter, '"')
  return cells.some((cell) => isOpen(cell, '"'))
    ? null
    : cells.map((cell) => unquoted(cell, '"').replaceAll('\\"', '"'))
}

/** A row with too many cells, where some of them are one text; null where they do not become so many. */
export function rejoined(
  cells: readonly string[],
  width: number,
  delimiter: string,
): readonly string[] | null {
  const quoted = ['"', "'"].reduce((parts, quote) => joinedByQuotes(parts, delimiter, quote), cells)
  const plain = quoted.map((cell) => ['"', "'"].reduce(unquoted, cell))
  if (plain.length === width) return plain
  const sentences = joinedByBlanks(plain, delimiter)
  return sentences.length === width ? sentences : null
}

const countOf = (cell: string, quote: string): number => cell.split(quote).length - 1

/** It begins with a quote that does not close in it. An apostrophe within a word closes nothing. */
const isOpen = (cell: string, quote: string): boolean => {
  const text = cell.trim()
  if (!text.startsWith(quote)) return false
  return quote === '"' ? countOf(text, quote) % 2 === 1 : text.length === 1 || !text.endsWith(quote)
}

const unquoted = (cell: string, quote: string): string => {
  const text = cell.trim()
  const isQuoted = text.length > 1 && text.startsWith(quote) && text.endsWith(quote)
  return isQuoted ? text.slice(1, -1).replaceAll(quote + quote, quote) : cell
}

/** From an open quote on to where it closes; where it never does, the cells stay as they are. */
function joinedByQuotes(cells: readonly string[], delimiter: string, quote: string): readonly string[] {
  const joined: string[] = []
  for (let at = 0; at < cells.length; at++) {
    let cell = cells[at]
    if (isOpen(cell, quote)) {
      const length = cells.slice(at + 1).findIndex((each) => each.trim().endsWith(quote)) + 1
      if (length > 0) cell = cells.slice(at, at + length + 1).join(delimiter)
      at += length
    }
    joined.push(cell)
  }
  return joined
}

/** Nobody begins a cell with a blank, unless a sentence goes on in it. */
function joinedByBlanks(cells: readonly string[], delimiter: string): readonly string[] {
  const joined: string[] = []
  for (const cell of cells) {
    const before = joined.at(-1)
    if (before !== undefined && /^ \S/.test(cell) && isLanguage(before))
      joined[joined.length - 1] = before + delimiter + cell
    else joined.push(cell)
  }
  return joined
}
