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

function textColumn(name: string, rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  if (columns.includes('text')) return 'text'
  const lengths = columns.map((column) =>
    rows.reduce((sum, row) => sum + (isNumber(textIn(row, column)) ? 0 : textIn(row, column).length), 0),
  )
  const longest = Math.max(0, ...lengths)
  if (longest === 0)
    throw new OwnTextError(
      'no-text-column',
      `"${name}" has no text to learn from: its columns (${columns.join(', ') || 'none'}) are empty or hold only numbers. ` +
        'Name the column that holds the text "text", or use "question" and "response", and drop the file again.',
    )
  return columns[lengths.indexOf(longest)]
}

function textIn(row: Row, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value.trim() : ''
}

function isNumber(text: string): boolean {
  return text === '' || Number.isFinite(Number(text))
}
