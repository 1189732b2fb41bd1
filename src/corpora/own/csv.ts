/** CSV with a header row; the delimiter is the one that the header uses most (comma, semicolon or tab). */
import Papa from 'papaparse'
import { OwnTextError } from './errors'
import type { Row } from './rows'

const delimiters = [',', ';', '\t']
const broken = new Set(['MissingQuotes', 'InvalidQuotes', 'TooManyFields'])

export function rowsOfCsv(name: string, text: string): Row[] {
  const { data, errors } = Papa.parse<Row>(text, {
    header: true,
    skipEmptyLines: 'greedy',
    delimiter: delimiterOf(text),
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

function delimiterOf(text: string): string {
  const header = text.split(/\r?\n/, 1)[0].replace(/"[^"]*"/g, '')
  const count = (delimiter: string) => header.split(delimiter).length
  return delimiters.reduce((best, each) => (count(each) > count(best) ? each : best))
}
