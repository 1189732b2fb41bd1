/**
 * Which column of a table holds language. Cells that are numbers, dates, links or ids speak for nothing; labels, the same
 * few short words over and over, speak for little. Of what is left the column with most letters is proposed.
 */
import type { Row, Table } from '../reading'
import { isLanguage, wordsOf } from './cells'

/** Of a long table that much is looked at. */
const mostRows = 2000
/** A label comes back so often, on average. */
const labelsRepeat = 4
const longestLabel = 30

interface Found {
  letters: number
  cells: number
  /** Some of the different values. */
  readonly different: Set<string>
}

/** The key of that column; null where no column holds language. */
export function languageColumn({ rows }: Pick<Table, 'rows'>): string | null {
  if (isTextColumn(rows)) return 'text'
  const found = new Map<string, Found>()
  for (const row of rows.slice(0, mostRows))
    for (const [key, value] of row) {
      const text = typeof value === 'number' || typeof value === 'boolean' ? '' : wordsOf(value)
      if (text === '' || !isLanguage(text)) continue
      const column = found.get(key) ?? { letters: 0, cells: 0, different: new Set<string>() }
      found.set(key, column)
      column.letters += text.length
      column.cells++
      column.different.add(text.slice(0, longestLabel + 1))
    }
  let [best, most] = [null as string | null, 0]
  for (const [key, column] of found) {
    const worth = isLabel(column) ? column.letters / 1000 : column.letters
    if (worth > most) [best, most] = [key, worth]
  }
  return best
}

/** A column of that name is meant for it, unless hardly a row has it. */
const isTextColumn = (rows: readonly Row[]): boolean =>
  rows.filter((row) => isLanguage(wordsOf(row.get('text')))).length * 4 >= Math.max(1, rows.length)

const isLabel = ({ letters, cells, different }: Found): boolean =>
  cells >= labelsRepeat && cells / different.size >= labelsRepeat && letters / cells <= longestLabel
