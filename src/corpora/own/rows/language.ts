/**
 * Which column of a table holds language. Cells that are numbers, dates, links or ids speak for nothing; labels, the same
 * few short words over and over, speak for little; sentences speak for it, and what a column is called for or against it. Of what
 * is left the column with most letters is proposed.
 */
import type { Row, Table } from '../reading'
import { isTurnedDown } from './asked/turnedDown'
import { isLanguage, wordsOf } from './cells'
import { isBodyName, isHeadingName, nameWithin } from './names'

/** Of a long table that much is looked at. */
const mostRows = 2000
/** A label comes back so often, on average. */
const labelsRepeat = 4
const longestLabel = 30
/** Where people were asked something, and several say the same, only such short answers are labels. */
const longestTick = 10
/** A column that is called as long text mostly is counts so much more, one that is called like a heading so much less. */
const nameWorth = 4
/** So does one in which people write sentences: titles, lists of words and addresses have none. */
const proseWorth = 2
const leastProse = 0.5
/** A column with so much of the proposed one's letters holds text, too. */
const otherShare = 0.25

interface Found {
  letters: number
  cells: number
  /** Cells with a sentence in them. */
  sentences: number
  /** Some of the different values. */
  readonly different: Set<string>
}

export interface Proposal {
  readonly key: string
  /** Keys of other columns that hold much text, too. */
  readonly others: readonly string[]
}

/** Null where no column holds language. */
export function languageColumn({ rows }: Pick<Table, 'rows'>): Proposal | null {
  const found = new Map<string, Found>()
  for (const row of rows.slice(0, mostRows))
    for (const [key, value] of row) {
      const text = textIn(value)
      if (text === '' || !isLanguage(text)) continue
      const column = found.get(key) ?? { letters: 0, cells: 0, sentences: 0, different: new Set<string>() }
      found.set(key, column)
      column.letters += text.length
      column.cells++
      if (isProse(text)) column.sentences++
      column.different.add(text.slice(0, longestLabel + 1))
    }
  // Not the same text in another way of writing beside it (answer, answer_html), nor answers that were turned down.
  const columns = [...found].filter(
    ([key]) => (nameWithin(key) === key || !found.has(nameWithin(key))) && !isTurnedDown(key, found),
  )
  let [best, most] = [isTextColumn(rows) ? 'text' : null, 0]
  if (best === null)
    for (const [key, column] of columns) {
      const worth = worthOf(key, column)
      if (worth > most) [best, most] = [key, worth]
    }
  if (best === null) return null
  const least = (found.get(best)?.letters ?? 0) * otherShare
  const others = columns.filter(
    ([key, column]) => key !== best && !isLabel(key, column) && column.letters >= least && column.letters > 0,
  )
  return { key: best, others: others.map(([key]) => key) }
}

const textIn = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'boolean' ? '' : wordsOf(value)

/** A stop behind a word, behind which the text ends or another sentence begins. Questions may be asked by a heading, too. */
const stop = /\p{L}["”’)\]]*[.!…]+["”’)\]]*(?:$|\s+["“‘(]?\p{Lu})|[。！]/u
/** So much of a cell tells. */
const lookedAt = 2000

const isProse = (text: string): boolean => /\S\s+\S|[。！]/.test(text) && stop.test(text.slice(0, lookedAt))

function worthOf(key: string, column: Found): number {
  const prose = column.sentences > column.cells * leastProse ? proseWorth : 1
  const named = isBodyName(key) ? nameWorth : isHeadingName(key) ? 1 / nameWorth : 1
  return (column.letters * named * prose) / (isLabel(key, column) ? 1000 : 1)
}

/** A column of that name is meant for it, unless hardly a row has it. */
const isTextColumn = (rows: readonly Row[]): boolean =>
  rows.filter((row) => isLanguage(wordsOf(row.get('text')))).length * 4 >= Math.max(1, rows.length)

const isLabel = (key: string, { letters, cells, different }: Found): boolean =>
  cells >= labelsRepeat &&
  cells / different.size >= labelsRepeat &&
  letters / cells <= (key.endsWith('?') ? longestTick : longestLabel)

/**
 * Columns that hold long text where this one holds none, by their key with the number of rows: posts have `selftext`, the comments on
 * them `body`. One that stands beside it in any row is something else.
 */
export function standIns({ rows }: Pick<Table, 'rows'>, key: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  const beside = new Set<string>()
  for (const row of rows) {
    const isThere = textIn(row.get(key)) !== ''
    for (const [other, value] of row) {
      if (other === key || beside.has(other) || !isBodyName(other) || !isLanguage(textIn(value))) continue
      if (isThere) beside.add(other)
      else counts.set(other, (counts.get(other) ?? 0) + 1)
    }
  }
  return new Map([...counts].filter(([other]) => !beside.has(other)))
}
