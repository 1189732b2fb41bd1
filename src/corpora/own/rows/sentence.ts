/**
 * An example out of a table's row: a column, or a sentence in which the names of columns stand in braces, such as
 * "{name} lives in {town}." A column by itself is the sentence that is nothing but its name.
 */
import { keyOf, type Row } from '../reading'
import { wordsOf } from './cells'

export interface Sentence {
  /** Between these stand the cells: one more than there are columns. */
  readonly between: readonly string[]
  /** Keys of columns. */
  readonly columns: readonly string[]
}

export const ofColumn = (key: string): Sentence => ({ between: ['', ''], columns: [key] })

const hole = /\{([^{}]+)\}/g

/** Null where nothing stands in braces. */
export function parseSentence(written: string): Sentence | null {
  const columns = [...written.matchAll(hole)].map(([, name]) => keyOf(name))
  if (columns.length === 0) return null
  return { columns, between: written.replace(hole, '\0').split('\0') }
}

/** The row's sentence, or the key of the first column that says nothing in it. */
export function sentenceOf(row: Row, { between, columns }: Sentence): { text: string } | { missing: string } {
  const cells = columns.map((key) => wordsOf(row.get(key)))
  const empty = cells.indexOf('')
  if (empty >= 0) return { missing: columns[empty] }
  return {
    text: between
      .map((piece, index) => piece + (cells[index] ?? ''))
      .join('')
      .trim(),
  }
}
