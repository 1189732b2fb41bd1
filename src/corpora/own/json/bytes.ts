/**
 * Facebook's and Instagram's exports write every byte of UTF-8 as a letter of its own: "mang\u00c3\u00a9" for "mangé". Where all
 * texts of a file are such bytes, they are put together again.
 */
import { isObject } from './object'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes that begin and go on with a letter of UTF-8. */
const written = /[\xc2-\xf4][\x80-\xbf]/

/** Null where these letters are no bytes of UTF-8. */
function together(text: string): string | null {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code > 0xff) return null
    bytes[at] = code
  }
  try {
    return utf8.decode(bytes)
  } catch {
    return null
  }
}

/** Lists and objects of a value, itself too. What is read may be deeper than a program may call itself. */
function* containersOf(root: unknown): Generator<Record<string, unknown> | unknown[]> {
  const waiting: unknown[] = [root]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (!Array.isArray(value) && !isObject(value)) continue
    yield value
    for (const inner of Object.values(value)) if (typeof inner === 'object') waiting.push(inner)
  }
}

/** Whether all texts in the value are bytes of UTF-8, and some need it. */
function isOfBytes(value: object): boolean {
  let isNeeded = false
  for (const container of containersOf(value))
    for (const text of Object.values(container)) {
      if (typeof text !== 'string' || !/[^\0-\x7f]/.test(text)) continue
      if (together(text) === null) return false
      isNeeded ||= written.test(text)
    }
  return isNeeded
}

/** Puts the texts in a parsed value together, in their places, where all of them are bytes. Whether it did. */
export function putTogether(value: object): boolean {
  if (!isOfBytes(value)) return false
  for (const container of containersOf(value))
    for (const [name, text] of Object.entries(container))
      if (typeof text === 'string') Reflect.set(container, name, together(text))
  return true
}
