/**
 * One JSON object that holds a text and lists beside it: a note with its labels, an essay with its sections, a diary's entry with
 * comments. It is one row where it says more than any list in it; else the list is read, and what stands beside is said.
 */
import { isLanguage } from '../rows/cells'
import { languageColumn } from '../rows/language'
import { isBodyName } from '../rows/names'
import { tableOfRows } from './flat'
import type { Json } from './object'

/** Shorter text beside a list is a name or a kind. */
const leastLetters = 30

/** Texts of an object that stand in no list: by the names of their columns. */
function ownTexts(value: Json): readonly (readonly [name: string, text: string])[] {
  const { rows, columns } = tableOfRows(null, [value])
  return [...rows[0]].flatMap(([key, cell]) =>
    typeof cell === 'string' && isLanguage(cell) ? [[columns.get(key)!, cell] as const] : [],
  )
}

/** Whether the object's own text is longer than the text of the list's rows. */
export function isWholeRow(value: Json, list: readonly Json[]): boolean {
  const bodies = ownTexts(value).filter(([name]) => isBodyName(name.toLowerCase()))
  const own = Math.max(0, ...bodies.map(([, text]) => text.length))
  if (own === 0) return false
  const { rows } = tableOfRows(null, list)
  const proposed = languageColumn({ rows })
  const letters = rows.reduce((sum, row) => sum + String(row.get(proposed?.key ?? '') ?? '').length, 0)
  return own > letters
}

/** The names of what stands beside the list and says something. */
export const textBesideList = (value: Json): readonly string[] =>
  ownTexts(value)
    .filter(([name, text]) => isBodyName(name.toLowerCase()) || text.length > leastLetters)
    .map(([name]) => name)
