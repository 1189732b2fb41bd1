/**
 * What was pasted, as the file it came from: JSON, JSON lines, or a table whose header names a question and an answer. Everything
 * else is running text, however many commas stand in it.
 */
import { OwnTextError } from './errors'
import { valuesIn } from './json/json'
import { withPlainLines } from './plain/pieces'
import { readPlain, readText } from './read'
import { keyOf, type PastedForm, type TextReading, type Wish } from './reading'
import { pairIn } from './rows/asked/pairs'
import { isTableWithin } from './table/cards'

/** Throws an `OwnTextError` whose problem has no name. */
export function readPasted(pasted: string, wish: Wish = {}): TextReading {
  const text = withPlainLines(pasted.replace(/^\uFEFF+/, ''))
  const form = wish.pieces === undefined ? formOf(text) : null
  if (form === null) return readPlain(null, text, wish)
  if (form instanceof OwnTextError) {
    const reading = readPlain(null, text, wish)
    return { ...reading, notes: [{ kind: 'pasted-broken', problem: form.problem }, ...reading.notes] }
  }
  try {
    const reading = readText(null, form, text.trim(), wish, false)
    return { ...reading, notes: [{ kind: 'pasted-as', form }, ...reading.notes] }
  } catch (error) {
    // A first line with commas in it is not always a header.
    if (form === 'table' && wish.column === undefined && error instanceof OwnTextError)
      return readPlain(null, text, wish)
    throw error
  }
}

/** Null: running text. An error: what begins as only JSON does, and is none. */
function formOf(text: string): PastedForm | OwnTextError | null {
  if (isTableWithin(text)) return 'table'
  const trimmed = text.trim()
  if (!/^[[{]/.test(trimmed)) return isTable(trimmed) ? 'table' : null
  try {
    return valuesIn(null, trimmed).length === 1 ? 'json' : 'json-lines'
  } catch (error) {
    return error instanceof OwnTextError && /^(?:\[\s*)?\{\s*["'\w]+\s*:/.test(trimmed) ? error : null
  }
}

function isTable(text: string): boolean {
  const [header, second] = text.split('\n', 2)
  if (second === undefined) return false
  return [',', ';', '\t', '|'].some((delimiter) => {
    const names = header.split(delimiter).map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
    const isPair = pairIn(new Map(names.map((name) => [keyOf(name), name]))) !== null
    return isPair && second.includes(delimiter)
  })
}
