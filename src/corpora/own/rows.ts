/**
 * Rows of a table or of JSON lines as examples. Rows with `question` and `response` (as OpenOrca has them, with an optional
 * `system_prompt`) are instructions: the model is trained on the response only. Of other rows the column `text` counts,
 * or else the column that holds most text.
 */
import type { Example } from '../example'
import { OwnTextError } from './errors'

export type Row = Readonly<Record<string, unknown>>

/** A row's examples in the order of the rows; rows without text are left out. */
export function examplesOfRows(name: string, rows: readonly Row[]): Example[] {
  if (rows.length === 0) return []
  if (rows.some((row) => 'question' in row && 'response' in row)) return rows.flatMap(instruction)
  const column = textColumn(name, rows)
  return rows
    .map((row) => textIn(row, column))
    .filter((completion) => completion !== '')
    .map((completion) => ({ prompt: '', completion }))
}

function instruction(row: Row): Example[] {
  const [system, question, completion] = ['system_prompt', 'question', 'response'].map((column) =>
    textIn(row, column),
  )
  if (completion === '') return []
  const given = [system, question].filter((part) => part !== '').map((part) => `${part}\n\n`)
  return [{ prompt: given.join(''), completion }]
}

/** One pass over the cells that are there: rows need not have the same columns, and a table of all would be their product. */
function textColumn(name: string, rows: readonly Row[]): string {
  const lengths = new Map<string, number>()
  for (const row of rows)
    for (const column of Object.keys(row)) {
      const text = textIn(row, column)
      lengths.set(column, (lengths.get(column) ?? 0) + (isNumber(text) ? 0 : text.length))
    }
  if (lengths.has('text')) return 'text'
  const [longest, length] = [...lengths].reduce((best, each) => (each[1] > best[1] ? each : best), ['', 0])
  if (length === 0)
    throw new OwnTextError(
      'no-text-column',
      `"${name}" has no text to learn from: its columns (${shown([...lengths.keys()])}) are empty or hold only numbers. ` +
        'Name the column that holds the text "text", or use "question" and "response", and drop the file again.',
    )
  return longest
}

const mostShown = 8

/** Some names, none of them long: they may be anything. */
function shown(columns: readonly string[]): string {
  const some = columns.slice(0, mostShown).map((column) => column.slice(0, 40))
  const rest = columns.length - some.length
  return [...some, ...(rest > 0 ? [`${rest} more`] : [])].join(', ') || 'none'
}

function textIn(row: Row, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value.trim() : ''
}

function isNumber(text: string): boolean {
  return text === '' || Number.isFinite(Number(text))
}
