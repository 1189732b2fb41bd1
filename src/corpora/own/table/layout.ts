/**
 * How a delimited file is laid out: which character stands between its cells, and which of its first records are a title, the
 * header, or already data. It is found by trying each delimiter on the file's beginning; the one under which most records
 * are as wide as the header is taken.
 */
import { keyOf } from '../reading'
import { isValue } from '../rows/cells'
import { isUsualName } from '../rows/names'
import type { CsvRecord } from './records'

export const delimiters = [',', ';', '\t', '|'] as const

/** Stands between cells where there is one column only: it is in no text. */
export const noDelimiter = '\x1f'

export interface Layout {
  /** Records above the header. */
  readonly titles: number
  /** False: the first record after the titles is data. */
  readonly hasHeader: boolean
}

const mostTitles = 10

/** Cells up to the last that is not blank. */
export const widthOf = (cells: readonly string[]): number => {
  let width = cells.length
  while (width > 0 && cells[width - 1].trim() === '') width--
  return width
}

const filledCells = (cells: readonly string[]): number => cells.filter((cell) => cell.trim() !== '').length

/** Of the file's first records. */
export function layoutOf(records: readonly CsvRecord[]): Layout {
  const titles = titlesAbove(records)
  const [header, ...rest] = records.slice(titles)
  const isNamed = header === undefined || (looksLikeHeader(header.cells) && !isRepeated(header, rest))
  return { titles, hasHeader: isNamed }
}

const mostCompared = 200

/** A cell that comes again in its column is a label, not a name; a whole header that comes again is one. */
function isRepeated({ cells }: CsvRecord, rest: readonly CsvRecord[]): boolean {
  const again = cells.map(
    (cell, index) =>
      cell.trim() !== '' && rest.slice(0, mostCompared).some((record) => record.cells[index] === cell),
  )
  return again.includes(true) && again.includes(false)
}

/** Titles are narrower than what follows: a single cell, or set apart by an empty line, or above a line with usual names. */
function titlesAbove(records: readonly CsvRecord[]): number {
  for (let titles = Math.min(mostTitles, records.length - 2); titles > 0; titles--) {
    const [above, header] = [records[titles - 1], records[titles]]
    const [narrow, wide] = [filledCells(above.cells), filledCells(header.cells)]
    const isApart = header.line - above.line > 1 + linesWithin(above.cells)
    const isAbove = narrow === 1 || isApart || areUsualNames(header.cells, above.cells)
    const isTitle = narrow < wide && isAbove && !isProse(header.cells)
    const others = records.slice(0, titles).every(({ cells }) => filledCells(cells) <= Math.max(narrow, 1))
    if (isTitle && others) return titles
  }
  return 0
}

const areUsualNames = (cells: readonly string[], above: readonly string[]): boolean =>
  looksLikeHeader(cells) &&
  cells.some((cell) => isUsualName(keyOf(cell))) &&
  !above.some((cell) => isUsualName(keyOf(cell)))

const linesWithin = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0)

/** Names, not values. */
const looksLikeHeader = (cells: readonly string[]): boolean =>
  widthOf(cells) > 0 && !cells.some((cell) => isValue(cell.trim()))

/** A sentence that was cut at its commas. */
const isProse = (cells: readonly string[]): boolean =>
  cells.length > 1 && cells.slice(1).every((cell) => /^ \S/.test(cell))

/**
 * How well a delimiter fits: the share of records that are as wide as the header; 0 where the header has one cell only.
 * Better than all others is also who needs no titles.
 */
export function fitOf(records: readonly CsvRecord[]): number {
  const { titles } = layoutOf(records)
  const [header, ...rest] = records.slice(titles)
  const width = header ? widthOf(header.cells) : 0
  if (width < 2) return 0
  const fitting = rest.filter(({ cells }) => widthOf(cells) <= width && cells.length >= width).length
  const share = rest.length === 0 ? 1 : fitting / rest.length
  return (share + 0.01) / (titles + 1) ** 0.5 + width / 1e6
}
