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
  checkQuotes(name, text, delimiter)
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

/** The parser looks from every quote that closes nothing to the end of its line, over the blanks that stand there. */
const mostLooks = 100_000_000

function checkQuotes(name: string, text: string, delimiter: string): void {
  const bounds = `"${delimiter}\r\n`
  let [stray, blanks, mostBlanks] = [0, 0, 0]
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    blanks = letter === ' ' || letter === '\t' ? blanks + 1 : 0
    mostBlanks = Math.max(mostBlanks, blanks)
    const isStray =
      letter === '"' && at > 0 && !bounds.includes(text[at - 1]) && !bounds.includes(text[at + 1] ?? '"')
    if (isStray) stray++
  }
  if (stray * mostBlanks <= mostLooks) return
  throw new OwnTextError(
    'broken-csv',
    `"${name}" is not well-formed CSV: ${stray} quotes stand inside of words, beside long rows of blanks. ` +
      'Put text that contains quotes between double quotes, each of its own quotes twice (a spreadsheet does so when it exports CSV).',
  )
}

const headerOf = (text: string): string => text.split(/\r?\n/, 1)[0].replace(/"[^"]*"/g, '')

function delimiterOf(text: string): string {
  const header = headerOf(text)
  const count = (delimiter: string) => header.split(delimiter).length
  return delimiters.reduce((best, each) => (count(each) > count(best) ? each : best))
}
