/**
 * JSON files: one value with a list of rows in it (.json), or one value a line (.jsonl). Either is read under the other's name,
 * since people mix them up.
 */
import { OwnTextError } from '../errors'
import type { JsonFault } from '../problems'
import { rowOfList, rowsOfLists } from './lists'
import { isObject } from './object'
import { type Found, findRows } from './rows'
import { scanValue } from './scan'

/** @param isCut the text is the beginning of a larger file: of a list that much is read as is whole */
export function readJson(name: string | null, written: string, isCut: boolean): Found {
  const text = withoutMarks(written)
  if (isOneALine(text)) return readLines(name, text)
  if (isCut && attempted(text) === undefined) return rowsOf(name, beginning(name, text))
  const values = valuesIn(name, text)
  return values.length === 1 ? rowsOf(name, values[0]) : rowsOfLines(name, values)
}

/**
 * One value, or several one after another, which may go over many lines each.
 *
 * @param firstLine the number of the text's first line
 * @throws OwnTextError `broken-json`
 */
export function valuesIn(name: string | null, text: string, firstLine = 1): unknown[] {
  const whole = attempted(text)
  if (whole !== undefined) return [whole]
  const values: unknown[] = []
  let begin = 0
  const fail = (at: number, fault: JsonFault) =>
    failed(name, firstLine + text.slice(0, at).split('\n').length - 1, fault)
  do {
    const { at, fault } = scanValue(text, begin)
    if (fault) throw fail(at, fault)
    values.push(JSON.parse(text.slice(begin, at)))
    begin = at + /^\s*/.exec(text.slice(at))![0].length
    if (text[begin] === ',') throw fail(at, 'no-brackets')
  } while (begin < text.length)
  return values
}

/** Files that were put together have byte order marks within. */
export const withoutMarks = (text: string): string => text.replace(/^\uFEFF+/gm, '')

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
    if (written.trim() !== '')
      for (const value of valuesIn(name, written, line)) values.push(checked(name, value, line))
    begin = end < 0 ? text.length : end + 1
  }
  return rowsOfLines(name, values)
}

/** An object, a text, or a list (a conversation is one). */
function checked(name: string | null, value: unknown, line: number | null): unknown {
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null))
    throw failed(name, line, 'not-an-object')
  return value
}

function rowsOfLines(name: string | null, values: readonly unknown[]): Found {
  const texts = values.filter((value) => typeof value === 'string')
  if (texts.length > 0 && texts.length === values.length) return { texts }
  if (values.every((value) => Array.isArray(value))) return { rows: rowsOfLists(values) }
  return {
    rows: values.map((value) => (isObject(value) ? value : rowOfList([checked(name, value, null)].flat()))),
  }
}

/** The first line is a value of its own and not the last; or the last is an object, however broken the first is. */
function isOneALine(text: string): boolean {
  const trimmed = text.trim()
  const [first, last] = [trimmed.indexOf('\n'), trimmed.lastIndexOf('\n')]
  if (first < 0) return false
  return (
    attempted(trimmed.slice(0, first)) !== undefined ||
    (/^\{./.test(trimmed) && isObject(attempted(trimmed.slice(last))))
  )
}

/** Undefined where it is no JSON. */
function attempted(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The elements of a list of which only the beginning is there: those that are whole. */
function beginning(name: string | null, text: string): unknown {
  const end = elementsOf(text).at(-2)?.end
  if (end === undefined) throw failed(name, null, 'cut')
  const [value] = valuesIn(name, `${text.slice(0, end)}]`)
  return value
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
