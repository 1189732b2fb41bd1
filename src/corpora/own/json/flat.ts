/** Objects as rows of a table: objects within are columns of their own, "author.name"; lists stay values of one cell. */
import { keyOf, type Row, type Table } from '../reading'
import { turnsOf } from '../rows/chat/chat'
import { isObject, type Json } from './object'

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
