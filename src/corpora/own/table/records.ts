/**
 * Delimited text as records: lists of cells, each with the line it begins in. The parser is papaparse; what it would take
 * too long over is refused before, by counting.
 */
import Papa from 'papaparse'
import { OwnTextError } from '../errors'
import { mostCells, mostColumns } from '../limits'
import { cellsAsWritten } from './loose'

export interface CsvRecord {
  readonly cells: readonly string[]
  /** From 1, as an editor counts. */
  readonly line: number
  /** Its quotes are none of CSV's, and it was read as it stands. */
  readonly isMended?: true
}

/** The parser looks from every quote that closes nothing to the end of its line, over the blanks that stand there. */
const mostLooks = 100_000_000

/** A file with more rows that have to be mended is not what it seems, and each takes a look at what follows. */
const mostMended = 1000

/**
 * Rows whose quotes are astray are read as they stand, if they end with their line.
 *
 * @param text lines end in \n
 * @param firstLine the number of the text's first line
 * @param isCut the text is the beginning of a longer one: a quote that is open at its end is no fault
 * @param isTrial this may be the wrong delimiter: what does not fit it is passed over
 * @throws OwnTextError `broken-csv`
 */
export function recordsOf(
  name: string | null,
  text: string,
  delimiter: string,
  { firstLine = 1, isCut = false, isTrial = false, most = Number.POSITIVE_INFINITY } = {},
): CsvRecord[] {
  const records: CsvRecord[] = []
  let [line, at, mended] = [firstLine, 0, 0]
  const linesTo = (end: number): void => {
    for (; at < end; at++) if (text[at] === '\n') line++
  }
  const fail = (kind: 'open-quote' | 'stray-quote', index: number): never => {
    linesTo(index)
    throw new OwnTextError({ kind: 'broken-csv', name, line, fault: { kind } })
  }
  /** The line that begins here, read as it stands; null where it cannot be. */
  const asWritten = (fault: number): readonly string[] | null => {
    const end = text.indexOf('\n', at)
    const written = text.slice(at, end < 0 ? text.length : end)
    return fault > at + written.length || mended >= mostMended ? null : cellsAsWritten(written, delimiter)
  }
  /** Up to a row that has to be mended, or to the end. */
  const parse = (begin: number): void => {
    at = begin
    Papa.parse<string[]>(text.slice(begin), {
      delimiter,
      newline: '\n',
      step({ data, errors, meta }, parser) {
        const fault = errors.find(({ code }) => code === 'MissingQuotes' || code === 'InvalidQuotes')
        if (fault && (isTrial || (isCut && fault.code === 'MissingQuotes'))) return
        const begins = line
        const index = begin + (fault?.index ?? 0)
        const cells = fault ? asWritten(index) : data
        // Of either fault the parser says where the cell begins.
        if (cells === null && fault?.code === 'MissingQuotes') return fail('open-quote', index)
        if (cells === null) return fail('stray-quote', strayQuote(text, index, delimiter))
        const end = text.indexOf('\n', at)
        linesTo(fault ? (end < 0 ? text.length : end + 1) : begin + meta.cursor)
        const isFilled = cells.some((cell) => cell.trim() !== '')
        if (isFilled) records.push({ cells, line: begins, ...(fault && { isMended: true as const }) })
        if (fault) mended++
        if (fault || records.length >= most) parser.abort()
      },
    })
  }
  for (let before = -1; mended > before && at < text.length; ) {
    before = mended
    parse(at)
  }
  return records
}

/** The first quote in a cell in quotes that neither is doubled nor ends it; the cell's beginning where there is none. */
function strayQuote(text: string, begin: number, delimiter: string): number {
  for (let at = text.indexOf('"', begin + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    if (text[at + 1] === '"') at++
    else if (!['', delimiter, '\n'].includes(text.charAt(at + 1))) return at
  }
  return begin
}

/** Delimiters within quotes count, too: an upper bound is enough. */
export function checkSize(name: string | null, text: string, delimiter: string): void {
  const [header] = text.split('\n', 1)
  const columns = header.replace(/"[^"]*"/g, '').split(delimiter).length
  if (columns > mostColumns)
    throw new OwnTextError({ kind: 'too-wide', name, width: columns, most: mostColumns })
  let cells = 0
  for (let at = 0; at >= 0 && cells <= mostCells; cells++) at = text.indexOf(delimiter, at + 1)
  if (cells > mostCells) throw new OwnTextError({ kind: 'too-wide', name, width: null, most: mostCells })
}

/** The line of the first quote within a word, where they stand beside so many blanks that parsing would never end; else null. */
export function costlyQuote(text: string, delimiter: string, firstLine: number): number | null {
  const bounds = `"${delimiter}\n`
  let [stray, blanks, mostBlanks, line, firstStray] = [0, 0, 0, firstLine, firstLine]
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (letter === '\n') line++
    blanks = letter === ' ' || letter === '\t' ? blanks + 1 : 0
    if (blanks > mostBlanks) mostBlanks = blanks
    const isStray =
      letter === '"' && at > 0 && !bounds.includes(text[at - 1]) && !bounds.includes(text[at + 1] ?? '"')
    if (isStray && stray++ === 0) firstStray = line
  }
  return stray * mostBlanks > mostLooks ? firstStray : null
}
