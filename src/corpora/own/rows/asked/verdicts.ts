/**
 * Columns that say of each row by itself whether its answer is liked: KTO's `label`. An answer that is not is never learned, and
 * its row is counted. Labels of texts that ask and answer nothing are another matter: they are what these texts are about.
 */
import type { Table } from '../../reading'
import type { Way } from '../way'

const names = ['label', 'kto_tag', 'kto_label', 'desirable', 'is_desirable', 'is_chosen', 'is_correct']

/** The way, without the rows whose answer is turned down in such a column. @param way of rows that ask and answer */
export function judged(way: Way): Way {
  const { table, read } = way
  const key = names.find((name) => isVerdict(table, name))
  if (key === undefined) return way
  const column = table.columns.get(key)!
  return {
    ...way,
    read: (row) => (verdictOf(row.get(key)) === false ? { kind: 'turned-down', column } : read(row)),
  }
}

/** Nothing but true and false: numbers may be stars, or say what kind of text it is. */
function isVerdict({ columns, rows }: Table, key: string): boolean {
  if (!columns.has(key)) return false
  const said = rows.map((row) => row.get(key)).filter((value) => value != null && value !== '')
  return said.length > 0 && said.every((value) => verdictOf(value) !== null)
}

function verdictOf(value: unknown): boolean | null {
  const small = typeof value === 'string' ? value.trim().toLowerCase() : value
  return small === true || small === 'true' ? true : small === false || small === 'false' ? false : null
}
