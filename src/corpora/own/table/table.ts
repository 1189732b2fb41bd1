/**
 * CSV and its relatives as a table: any of four delimiters, Excel's `sep=` line, titles above the header, cells after the last
 * column that are empty, columns of one name (their cells are joined), files without a header.
 */
import { OwnTextError } from '../errors'
import { keyOf, type LeftOut, type Note, type Row, type Table } from '../reading'
import { areCards } from '../rows/asked/cards'
import { type AnkiExport, ankiExport, ankiHeader, cardNames } from './anki'
import { firstLineOf, holdsCards } from './cards'
import { delimiters, fitOf, layoutOf, noDelimiter, widthOf } from './layout'
import { beginsBlankAndQuoted, rejoined, withoutBlanksBeforeQuotes } from './loose'
import { type CsvRecord, checkSize, costlyQuote, recordsOf } from './records'

/** So much of a file tells how it is laid out. */
const sampleLetters = 65_536
const sampleRecords = 60
/** Where a larger share of the rows has too many cells, the file is not what it seems. */
const mostMisfits = 0.5
/** So many rows tell whether they are cards. */
const mostCompared = 2000

/**
 * @param text lines end in \n
 * @param isCut the text is the beginning of a longer file
 */
export function tableOf(name: string | null, text: string, isCut = false): Table {
  const anki = ankiExport(text)
  if (anki) return ankiTable(name, anki, isCut)
  const sep = /^"?sep=([^\n"])"?[^\S\n]*\n/i.exec(text)
  const body = sep ? text.slice(sep[0].length) : text
  const firstLine = sep ? 2 : 1
  const delimiter = sep ? sep[1] : delimiterOf(name, body)
  checkSize(name, body, delimiter)
  const costly = costlyQuote(body, delimiter, firstLine)
  if (costly !== null)
    throw new OwnTextError({ kind: 'broken-csv', name, line: costly, fault: { kind: 'stray-quote' } })
  const records = tidyRecordsOf(name, body, delimiter, { firstLine, isCut })
  const { titles, hasHeader: isNamed } = layoutOf(records)
  const below = records.slice(titles)
  const [first, ...rest] = below
  const cells = below.slice(0, mostCompared).map((record) => record.cells)
  const line = holdsCards(cells) ? firstLineOf(cells, delimiter) : null
  const hasHeader = isNamed && line !== 'card'
  const isCards = !hasHeader && line !== null
  const notes: Note[] = []
  if (titles > 0) notes.push({ kind: 'title-lines', count: titles })
  if (isCards) notes.push({ kind: 'cards', first: first.cells.slice(0, 2) })
  else if (!hasHeader) notes.push({ kind: 'no-header' })
  else if (line === 'doubtful') notes.push({ kind: 'doubtful-header', first: first.cells.slice(0, 2) })
  const rows = hasHeader ? rest : below
  const names = first ? namesOf(hasHeader ? first.cells : isCards ? cardNames : [], rows) : []
  return { name, ...filled({ name, names, delimiter, notes }, rows) }
}

function ankiTable(name: string | null, anki: AnkiExport, isCut: boolean): Table {
  const { body, delimiter, firstLine } = anki
  checkSize(name, body, delimiter)
  const costly = costlyQuote(body, delimiter, firstLine)
  if (costly !== null)
    throw new OwnTextError({ kind: 'broken-csv', name, line: costly, fault: { kind: 'stray-quote' } })
  const records = recordsOf(name, body, delimiter, { firstLine, isCut })
  const names = ankiHeader(anki, widestOf(records))
  const [front, back] = names.map((_, index) => index).filter((index) => !anki.others.has(index + 1))
  const isCards =
    back !== undefined && areCards(records.map(({ cells }) => [cells[front] ?? '', cells[back] ?? '']))
  const cards = isCards ? ([keyOf(names[front]), keyOf(names[back])] as const) : undefined
  return { name, ...filled({ name, names, delimiter, notes: [] }, records), ...(cards && { cards }) }
}

/** With blanks before quotes, as people write them, taken away where that makes the quotes those of CSV. */
function tidyRecordsOf(
  name: string | null,
  body: string,
  delimiter: string,
  options: { readonly firstLine: number; readonly isCut: boolean },
): CsvRecord[] {
  const records = recordsOf(name, body, delimiter, options)
  if (!records.some(({ cells }) => cells.some(beginsBlankAndQuoted))) return records
  try {
    return recordsOf(name, withoutBlanksBeforeQuotes(body, delimiter), delimiter, options)
  } catch (problem) {
    if (problem instanceof OwnTextError) return records
    throw problem
  }
}

function delimiterOf(name: string | null, body: string): string {
  const sample = body.slice(0, sampleLetters)
  let [best, most] = [noDelimiter, 0]
  for (const delimiter of delimiters) {
    if (costlyQuote(sample, delimiter, 1) !== null) continue
    const fit = fitOf(recordsOf(name, sample, delimiter, { isTrial: true, most: sampleRecords }))
    if (fit > most) [best, most] = [delimiter, fit]
  }
  return best
}

/** The header's names; columns beyond the cards or without a header are numbered where they hold anything. */
function namesOf(header: readonly string[], rows: readonly CsvRecord[]): string[] {
  const named = widthOf(header)
  const width = named > 0 && header !== cardNames ? named : Math.max(1, widestOf(rows))
  return Array.from({ length: width }, (_, index) => header[index]?.trim() || `column ${index + 1}`)
}

const widestOf = (rows: readonly CsvRecord[]): number =>
  rows.reduce((widest, { cells }) => Math.max(widest, widthOf(cells)), 0)

interface Heading {
  readonly name: string | null
  readonly names: readonly string[]
  readonly delimiter: string
  readonly notes: readonly Note[]
}

function filled(
  { name, names, delimiter, notes }: Heading,
  records: readonly CsvRecord[],
): Pick<Table, 'columns' | 'rows' | 'leftOut' | 'notes'> {
  const columns = new Map<string, string>()
  for (const each of names) if (!columns.has(keyOf(each))) columns.set(keyOf(each), each)
  const fits = ({ cells }: CsvRecord) => widthOf(cells) <= names.length
  const mended = records.map((record): CsvRecord => {
    const cells = fits(record) ? null : rejoined(record.cells, names.length, delimiter)
    return cells ? { ...record, cells, isMended: true } : record
  })
  const misfits = mended.filter((record) => !fits(record))
  if (misfits.length > mostMisfits * records.length) {
    const [{ cells, line }] = misfits
    const fault = { kind: 'cells', found: widthOf(cells), wanted: names.length } as const
    throw new OwnTextError({ kind: 'broken-csv', name, line, fault })
  }
  const keys = names.map(keyOf)
  const rows = mended.filter(fits).map(({ cells }) => rowOf(keys, cells))
  const leftOut: LeftOut[] =
    misfits.length === 0 ? [] : [{ count: misfits.length, reason: { kind: 'cells', line: misfits[0].line } }]
  const [first, ...more] = mended.filter(({ isMended }) => isMended)
  const put: Note[] = first ? [{ kind: 'mended-rows', count: 1 + more.length, line: first.line }] : []
  return { columns, rows, leftOut, notes: [...notes, ...put] }
}

/** Columns of one name, as trackers export comments, become one. */
function rowOf(keys: readonly string[], cells: readonly string[]): Row {
  const row = new Map<string, string>()
  for (const [index, key] of keys.entries()) {
    const [before, cell] = [row.get(key), (cells[index] ?? '').trim()]
    row.set(key, before && cell ? `${before}\n${cell}` : before || cell)
  }
  return row
}
