/**
 * Where the rows of parsed JSON are: whatever holds a list of objects in it. A list of texts is no table: its texts are the
 * examples.
 */
import { turnsOf } from '../rows/chat/chat'
import { rowsOfDictionary, rowsOfLists, rowsOfSquad } from './lists'
import { isObject, type Json } from './object'
import { isWholeRow, textBesideList } from './whole'

export type Found =
  | {
      readonly rows: readonly Json[]
      /** Lists that stand beside that one and are not read: their names, and how many rows they have. */
      readonly others?: readonly (readonly [name: string, rows: number])[]
      /** Texts that stand beside it, by their names. */
      readonly beside?: readonly string[]
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
    (special && { rows: special }) ??
    inColumns(value) ??
    listOrWhole(value) ??
    inMap(value) ?? { rows: [value] }
  )
}

/** The longest list in it; or the object itself, where it says more than a list that has no usual name. */
function listOrWhole(value: Json): Found | null {
  const list = inLists(value)
  if (!list) return null
  const { rows, others, isUsual } = list
  return !isUsual && isWholeRow(value, rows)
    ? { rows: [value] }
    : { rows, others, beside: textBesideList(value) }
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

/** A list of objects within an object. */
interface List {
  readonly rows: readonly Json[]
  readonly others: readonly (readonly [name: string, rows: number])[]
  /** Whether its name, or that of an object around it, is one that lists of rows mostly have. */
  readonly isUsual: boolean
}

/** The longest that is not too deep within; one with a usual name before others. */
function inLists(value: Json, depth = 0): List | null {
  const all: (List & { readonly name: string; readonly worth: number })[] = []
  for (const [name, each] of Object.entries(value)) {
    const found = Array.isArray(each)
      ? inList(each)
      : isObject(each) && depth < 3
        ? inLists(each, depth + 1)
        : null
    if (!found || !('rows' in found) || found.rows.length === 0) continue
    const { rows, others = [] } = found
    const isNamed = usualNames.includes(name)
    const isUsual = isNamed || ('isUsual' in found && found.isUsual)
    all.push({ name, rows, others, isUsual, worth: rows.length * (isNamed ? 100 : 1) })
  }
  const [best, ...rest] = all.toSorted((one, other) => other.worth - one.worth)
  if (!best) return null
  const left = rest.map(({ name, rows }) => [name, rows.length] as const)
  return { rows: best.rows, others: [...best.others, ...left], isUsual: best.isUsual }
}

/** {"id 1": {...}, "id 2": {...}}. */
function inMap(value: Json): Found | null {
  const rows = Object.values(value)
  return rows.length > 1 && rows.every(isObject) ? { rows: rows as readonly Json[] } : null
}
