/**
 * Cells without what is no language in them: tags of HTML where a column is written in it, and marks that stand for a sound. A
 * column in which tags are rare is left as it is, since its texts speak of HTML or of code.
 */
import type { Note, Table } from '../reading'
import { layoutTag, wordsOfHtml } from './html'

const sound = /\[sound:[^\]\n]*\]/g
const leastShare = 0.25
/** Of a long table that much is looked at. */
const mostRows = 2000

/** The table without them, and with notes of what was taken out. */
export function cleaned(table: Table): Table {
  const html = htmlColumns(table)
  let [markup, sounds] = [0, 0]
  const clean = (key: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value
    const said = value.replace(sound, () => {
      sounds++
      return ''
    })
    const text = html.has(key) && /[<&]/.test(said) ? wordsOfHtml(said) : said
    if (text !== said) markup++
    return text === value ? value : text.trim()
  }
  const rows = table.rows.map((row) =>
    [...row.values()].some((value) => typeof value === 'string' && /[<&]|\[sound:/.test(value))
      ? new Map([...row].map(([key, value]) => [key, clean(key, value)]))
      : row,
  )
  if (markup === 0 && sounds === 0) return table
  const notes: Note[] = [...table.notes]
  if (markup > 0) notes.push({ kind: 'markup', count: markup })
  if (sounds > 0) notes.push({ kind: 'sounds', count: sounds })
  return { ...table, rows, notes }
}

/** Cells that hold JSON, a conversation for instance, or a block of code are not counted. */
function htmlColumns({ rows }: Table): ReadonlySet<string> {
  const counts = new Map<string, { filled: number; tagged: number }>()
  for (const row of rows.slice(0, mostRows))
    for (const [key, value] of row) {
      if (typeof value !== 'string' || value.trim() === '') continue
      const found = counts.get(key) ?? { filled: 0, tagged: 0 }
      counts.set(key, found)
      found.filled++
      if (!/^\s*[[{]|```/.test(value) && layoutTag.test(value)) found.tagged++
    }
  const isHtml = ({ filled, tagged }: { filled: number; tagged: number }) =>
    tagged > 0 && tagged >= filled * leastShare
  return new Set([...counts].filter(([, each]) => isHtml(each)).map(([key]) => key))
}

const deleted = /^\[(?:removed|deleted|gelöscht|entfernt)\]$/i

/** Whether somebody took back what stood in the cell. */
export const isDeleted = (value: unknown): boolean => typeof value === 'string' && deleted.test(value.trim())

/** Slack's notices: who came, left, or changed the channel's topic. */
const notices = /^(?:channel|group|bot)_(?:join|leave|topic|purpose|name|archive|unarchive|add|remove)$/

export const isNotice = (subtype: unknown): boolean => typeof subtype === 'string' && notices.test(subtype)
