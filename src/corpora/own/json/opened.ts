/**
 * Columns of a table in which JSON stands as text, as databases and trackers export it: the names in its objects become columns,
 * "payload.text", as if the file were JSON itself. Only asked for where nothing else in the table is text: an answer that is
 * JSON is meant to be learned as it is.
 */
import type { Row, Table } from '../reading'
import { putFlat } from './flat'
import { isObject } from './object'

/** Of a long table that much is looked at. */
const mostRows = 200

/** The table with these columns opened; null where there is none. */
export function opened(table: Table): Table | null {
  const keys = [...table.columns.keys()].filter((key) => holdsJson(table.rows, key))
  if (keys.length === 0) return null
  const columns = new Map<string, string>()
  const rows = table.rows.map((row) => {
    const cells = new Map<string, unknown>()
    for (const [key, value] of row) {
      const read = keys.includes(key) ? (jsonIn(value) ?? value) : value
      putFlat(cells, columns, { [table.columns.get(key) ?? key]: read })
    }
    return cells
  })
  return { ...table, columns, rows }
}

function holdsJson(rows: readonly Row[], key: string): boolean {
  const filled = rows
    .slice(0, mostRows)
    .map((row) => row.get(key))
    .filter((value) => value !== undefined && value !== null && value !== '')
  return filled.length > 0 && filled.filter((value) => jsonIn(value) !== null).length * 2 >= filled.length
}

/** An object or a list; null where the cell is other text. */
function jsonIn(value: unknown): object | null {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return null
  try {
    const read: unknown = JSON.parse(value)
    return Array.isArray(read) || isObject(read) ? read : null
  } catch {
    return null
  }
}

/** Lists and objects as Python prints them: `[{'role': 'user', …}]`, which is no JSON. */
export const isPrintedByPython = (value: unknown): boolean =>
  typeof value === 'string' && /^\s*\[?\s*\{\s*'[^']*'\s*:/.test(value)
