/**
 * CSV with a header row; the delimiter is the one that the header uses most (comma, semicolon or tab). Columns and cells
 * are counted before the parser, which makes an object of every row, sees the text.
 */
import Papa from 'papaparse'
import { OwnTextError } from './errors'
import type { Row } from './rows'

const delimiters = [',', ';', '\t']
/** More than any spreadsheet that holds text. */
export const mostColumns = 1000
export const mostCells = 4_000_000
const broken = new Set(['MissingQuotes', 'InvalidQuotes', 'TooManyFields'])

export function rowsOfCsv(name: string, text: string): Row[] {
  const delimiter = delimiterOf(text)
  checkSize(name, text, delimiter)
  const { data, errors } = Papa.parse<Row>(text, {
    header: true,
    skipEmptyLines: 'greedy',
    delimiter,
    transformHeader: (header) => header.trim(),
  })
  const error = errors.find(({ code }) => broken.has(code))
  if (error)
    throw new OwnTextError(
      'broken-csv',
      `"${name}" is not well-formed CSV near row ${(error.row ?? 0) + 2}: ${error.message.toLowerCase()}. ` +
        'Put text that contains commas, quotes or line breaks between double quotes (a spreadsheet does so when it exports CSV).',
    )
  return data
}

/** Delimiters within quotes count, too: an upper bound is enough. */
function checkSize(name: string, text: string, delimiter: string): void {
  const columns = headerOf(text).split(delimiter).length
  let cells = 0
  for (let at = 0; at >= 0 && cells <= mostCells; cells++) at = text.indexOf(delimiter, at + 1)
  if (columns <= mostColumns && cells <= mostCells) return
  const found =
    columns > mostColumns ? `${columns} columns` : `more than ${mostCells.toLocaleString('en')} cells`
  throw new OwnTextError(
    'too-large',
    `"${name}" has ${found}; this page takes tables of up to ${mostColumns} columns and ${mostCells.toLocaleString('en')} cells. ` +
      'Keep the columns that hold text, and drop the file again.',
  )
}

const headerOf = (text: string): string => text.split(/\r?\n/, 1)[0].replace(/"[^"]*"/g, '')

function delimiterOf(text: string): string {
  const header = headerOf(text)
  const count = (delimiter: string) => header.split(delimiter).length
  return delimiters.reduce((best, each) => (count(each) > count(best) ? each : best))
}
