/**
 * Delimited text as records: lists of cells, each with the line it begins in. The parser is papaparse; what it would take
 * too long over is refused before, by counting.
 */
import Papa from 'papaparse'
import { OwnTextError } from '../errors'
import { mostCells, mostColumns } from '../limits'

export interface CsvRecord {
  readonly cells: readonly string[]
  /** From 1, as an editor counts. */
  readonly line: number
}

/** The parser looks from every quote that closes nothing to the end of its line, over the blanks that stand there. */
const mostLooks = 100_000_000

/**
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
  let [line, at] = [firstLine, 0]
  const linesTo = (end: number): void => {
    for (; at < end; at++) if (text[at] === '\n') line++
  }
  const fail = (kind: 'open-quote' | 'stray-quote', index: number): never => {
    linesTo(index)
    throw new OwnTextError({ kind: 'broken-csv', name, line, fault: { kind } })
  }
  Papa.parse<string[]>(text, {
    delimiter,
    newline: '\n',
    step({ data, errors, meta }, parser) {
      const fault = errors.find(({ code }) => code === 'MissingQuotes' || code === 'InvalidQuotes')
      if (fault && (isTrial || (isCut && fault.code === 'MissingQuotes'))) return
      // Where a cell never ends, the parser says where it began; where a quote stands astray, where it was seen.
      if (fault) fail(fault.code === 'MissingQuotes' ? 'open-quote' : 'stray-quote', fault.index ?? at)
      const begins = line
      linesTo(meta.cursor)
      if (data.some((cell) => cell.trim() !== '')) records.push({ cells: data, line: begins })
      if (records.length >= most) parser.abort()
    },
  })
  return records
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
