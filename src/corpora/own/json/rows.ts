/**
 * Parsed JSON as a table: whatever holds a list of objects in it. Objects within a row are columns of their own, "author.name";
 * lists stay values of one cell. A list of texts is no table: its texts are the examples.
 */
import { keyOf, type Row, type Table } from '../reading'
import { turnsOf } from '../rows/chat'
import { isObject, type Json, rowsOfDictionary, rowsOfLists, rowsOfSquad } from './lists'

export type Found =
  | {
      readonly rows: readonly Json[]
      /** Lists that stand beside that one and are not read: their names, and how many rows they have. */
      readonly others?: readonly (readonly [name: string, rows: number])[]
    }
  | { readonly texts: readonly string[] }

/** Lists of rows are mostly called so. */
const usualNames = ['data', 'rows', 'examples', 'items', 'records', 'features', 'messages', 'results']

/** Null where there is no list of rows, texts or conversations. */
export function findRows(value: unknown): Found | null {
  if (Array.isArray(value)) return inList(value)
  if (!isObject(value)) return null
  const isConversation = Object.values(value).some((each) => turnsOf(each) !== null)
  if (isConversation || turnsOf(value) !== null)
    return { rows: [isConversation ? value : { mapping: value }] }
  const special = rowsOfSquad(value) ?? rowsOfDictionary(value)
  return (
    (special && { rows: special }) ?? inColumns(value) ?? inLists(value) ?? inMap(value) ?? { rows: [value] }
  )
}

function inList(list: readonly unknown[]): Found | null {
  if (list.length === 0) return { rows: [] }
  if (list.every((each) => typeof each === 'string')) return { texts: list }
  if (turnsOf(list) !== null) return { rows: [{ messages: list }] }
  if (list.every((each) => Array.isArray(each))) {
    const rows = rowsOfLists(list)
    return rows.some((row) => 'text' in row && row.text === '') ? null : { rows }
  }
  const rows = list.filter(isObject)
  return rows.length * 2 >= list.length ? { rows } : null
}

/** {"text": ["a", "b"], "id": [1, 2]} and {"text": {"0": "a", "1": "b"}}: a table by columns. */
function inColumns(value: Json): Found | null {
  const columns = Object.entries(value).map(([name, cells]) => [name, cellsOf(cells)] as const)
  const [[, first] = ['', null]] = columns
  if (!first || first.length === 0 || columns.some(([, cells]) => cells?.length !== first.length)) return null
  return {
    rows: first.map((_, index) => Object.fromEntries(columns.map(([name, cells]) => [name, cells![index]]))),
  }
}

function cellsOf(column: unknown): readonly unknown[] | null {
  if (Array.isArray(column)) return column.some(isObject) ? null : column
  if (!isObject(column)) return null
  const names = Object.keys(column)
  return names.length > 0 && names.every((name, index) => name === String(index))
    ? Object.values(column)
    : null
}

/** The longest list of objects that is not too deep within; one with a usual name before others. */
function inLists(value: Json, depth = 0): Found | null {
  const all: {
    name: string
    rows: readonly Json[]
    others: readonly (readonly [string, number])[]
    worth: number
  }[] = []
  for (const [name, each] of Object.entries(value)) {
    const found = Array.isArray(each)
      ? inList(each)
      : isObject(each) && depth < 3
        ? inLists(each, depth + 1)
        : null
    if (!found || !('rows' in found)) continue
    const { rows, others = [] } = found
    if (rows.length > 0)
      all.push({ name, rows, others, worth: rows.length * (usualNames.includes(name) ? 100 : 1) })
  }
  const [best, ...rest] = all.toSorted((one, other) => other.worth - one.worth)
  if (!best) return null
  const left = rest.map(({ name, rows }) => [name, rows.length] as const)
  return { rows: best.rows, others: [...best.others, ...left] }
}

/** {"id 1": {...}, "id 2": {...}}. */
function inMap(value: Json): Found | null {
  const rows = Object.values(value)
  return rows.length > 1 && rows.every(isObject) ? { rows: rows as readonly Json[] } : null
}

const deepest = 5

export function tableOfRows(name: string | null, rows: readonly Json[]): Table {
  const columns = new Map<string, string>()
  return { name, rows: rows.map((row) => flat(row, columns)), columns, leftOut: [], notes: [] }
}

function flat(row: Json, columns: Map<string, string>): Row {
  const cells = new Map<string, unknown>()
  putFlat(cells, columns, row)
  return cells
}

/** Puts an object's values into a row's cells, and the names of its columns among those of the table. */
export function putFlat(cells: Map<string, unknown>, columns: Map<string, string>, row: Json): void {
  const put = (object: Json, path: string, depth: number): void => {
    for (const [name, value] of Object.entries(object)) {
      const column = path + name
      if (isObject(value) && depth < deepest && turnsOf(value) === null) put(value, `${column}.`, depth + 1)
      else {
        const key = keyOf(column)
        if (!columns.has(key)) columns.set(key, column)
        cells.set(key, value)
      }
    }
  }
  put(row, '', 0)
}
