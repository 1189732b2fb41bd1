/**
 * JSON files: one value with a list of rows in it (.json), or one value a line (.jsonl). Either is read under the other's name,
 * since people mix them up.
 */
import { OwnTextError } from '../errors'
import type { JsonFault } from '../problems'
import { isObject, rowOfList, rowsOfLists } from './lists'
import { type Found, findRows } from './rows'

/** @param isCut the text is the beginning of a larger file: only a list is read then, as far as it goes */
export function readJson(name: string | null, text: string, isCut: boolean): Found {
  if (isOneALine(text)) return readLines(name, text)
  return rowsOf(name, isCut ? beginning(name, text) : parsed(name, text))
}

/** Empty lines are allowed. */
export function readJsonLines(name: string | null, text: string): Found {
  const whole = isOneALine(text) ? undefined : attempted(text)
  return whole === undefined ? readLines(name, text) : rowsOf(name, whole)
}

function rowsOf(name: string | null, value: unknown): Found {
  const found = findRows(value)
  if (!found) throw failed(name, null, 'no-rows')
  return found
}

function readLines(name: string | null, text: string): Found {
  const values: unknown[] = []
  for (let begin = 0, line = 1; begin < text.length; line++) {
    const end = text.indexOf('\n', begin)
    const written = text.slice(begin, end < 0 ? text.length : end)
    if (written.trim() !== '') values.push(valueIn(name, written, line))
    begin = end < 0 ? text.length : end + 1
  }
  const texts = values.filter((value) => typeof value === 'string')
  if (texts.length > 0 && texts.length === values.length) return { texts }
  if (values.every((value) => Array.isArray(value))) return { rows: rowsOfLists(values) }
  return { rows: values.map((value) => (isObject(value) ? value : rowOfList([value].flat()))) }
}

/** An object, a text, or a list (a conversation is one). */
function valueIn(name: string | null, written: string, line: number): unknown {
  const value = attempted(written)
  if (value === undefined) throw failed(name, line, 'not-json')
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null))
    throw failed(name, line, 'not-an-object')
  return value
}

/** The first line is a value of its own, and not the last. */
function isOneALine(text: string): boolean {
  const [, first, rest] = /^\s*(\S[^\n]*)(\n\s*\S)?/.exec(text) ?? []
  return rest !== undefined && attempted(first) !== undefined
}

/** Undefined where it is no JSON. */
function attempted(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function parsed(name: string | null, text: string): unknown {
  const value = attempted(text)
  if (value === undefined) throw failed(name, brokenLine(text), 'not-json')
  return value
}

/** Where the first element begins that is no JSON; null where the text is no list. Browsers say it in their own ways, or not. */
function brokenLine(text: string): number | null {
  const broken = elementsOf(text).find(({ begin, end }) => attempted(text.slice(begin, end)) === undefined)
  if (!broken) return null
  const before = /^\s*/.exec(text.slice(broken.begin, broken.end))![0].length
  return text.slice(0, broken.begin + before).split('\n').length
}

/** The elements of a list of which only the beginning is there: those that are whole. */
function beginning(name: string | null, text: string): unknown {
  const end = elementsOf(text).at(-2)?.end
  if (end === undefined) throw failed(name, null, 'cut')
  return parsed(name, `${text.slice(0, end)}]`)
}

/** Where the elements of a list stand, as far as its brackets and quotes tell; none where the text is no list. */
function elementsOf(text: string): { readonly begin: number; readonly end: number }[] {
  const elements: { begin: number; end: number }[] = []
  if (!/^\s*\[/.test(text)) return elements
  let [depth, inString, begin] = [0, false, text.indexOf('[') + 1]
  const close = (end: number) => {
    elements.push({ begin, end })
    begin = end + 1
  }
  for (let at = begin - 1; at < text.length; at++) {
    const letter = text[at]
    if (inString) {
      if (letter === '\\') at++
      else if (letter === '"') inString = false
    } else if (letter === '"') inString = true
    else if (letter === '[' || letter === '{') depth++
    else if (letter === ']' || letter === '}') depth--
    if (!inString && ((letter === ',' && depth === 1) || (letter === ']' && depth === 0))) close(at)
  }
  if (depth > 0) close(text.length)
  return elements
}

const failed = (name: string | null, line: number | null, fault: JsonFault): OwnTextError =>
  new OwnTextError({ kind: 'broken-json', name, line, fault })
