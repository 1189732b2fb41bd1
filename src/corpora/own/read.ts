/**
 * The one reader of a person's text, for the page and the command line: bytes become text, text becomes pieces or rows, and
 * these become examples, in a form that has a name. Nothing is left out without being counted.
 */
import type { Example } from '../example'
import { decode } from './decode'
import { OwnTextError } from './errors'
import { putTogether } from './json/bytes'
import { tableOfRows } from './json/flat'
import { readJson } from './json/json'
import type { Found } from './json/rows'
import { contentOf, type FileKind, kindOf } from './kinds'
import { mostExamples } from './limits'
import { readChatExport } from './plain/chatExport'
import { cellsOfNotebook } from './plain/notebook'
import { partsOf } from './plain/parted'
import { linesOf, paragraphsOf, piecesMeant, withoutFrontMatter, withPlainLines } from './plain/pieces'
import { readSubtitles } from './plain/subtitles'
import type { Form, LeftOut, Note, TextReading, Wish } from './reading'
import { readRows } from './rows/rows'
import { isTableWithin } from './table/cards'
import { tableOf } from './table/table'

/** A file as it lies on a disk, or the beginning of it. */
export interface OwnFile {
  readonly name: string
  readonly bytes: Uint8Array
  /** Of the whole file, where `bytes` is its beginning only. */
  readonly size?: number
}

/** To be asked before a file is read. Throws an `OwnTextError` where its name says that it is no text. */
export function checkedKind(name: string): FileKind {
  const kind = kindOf(name)
  if (kind === null) throw new OwnTextError({ kind: 'unsupported', name, content: contentOf(name) })
  return kind
}

/** Its text as it stands there, line ends and all. Throws an `OwnTextError`. */
export function decodeFile({ name, bytes, size = bytes.length }: OwnFile): { text: string; notes: Note[] } {
  checkedKind(name)
  if (bytes.length === 0) throw new OwnTextError({ kind: 'empty', name })
  const isCut = size > bytes.length
  const { text, notes } = decode(name, bytes, isCut)
  if (!isCut) return { text, notes }
  const note: Note = { kind: 'first-bytes', read: bytes.length, of: size }
  return { text: text.slice(0, text.lastIndexOf('\n') + 1) || text, notes: [...notes, note] }
}

/** The examples of one file. Throws an `OwnTextError`, whatever the bytes are. */
export function readFile(file: OwnFile, wish: Wish = {}): TextReading {
  const { name, bytes, size = bytes.length } = file
  const kind = checkedKind(name)
  const decoded = decodeFile(file)
  const text = withPlainLines(decoded.text)
  const reading = readText(name, kind, text, wish, size > bytes.length)
  return { ...reading, notes: [...decoded.notes, ...reading.notes] }
}

/** Text of a kind, of a file or pasted (no name). Throws an `OwnTextError`. */
export function readText(
  name: string | null,
  kind: FileKind,
  text: string,
  wish: Wish,
  isCut: boolean,
): TextReading {
  switch (kind) {
    case 'plain':
    case 'markdown':
      if (isTableOfRows(name, text)) return readText(name, 'table', text, wish, isCut)
      if (wish.column !== undefined) throw new OwnTextError({ kind: 'no-columns', name })
      return readPlain(name, text, wish)
    case 'subtitles':
      if (wish.column !== undefined) throw new OwnTextError({ kind: 'no-columns', name })
      return readCues(name, text)
    case 'notebook':
      if (wish.column !== undefined) throw new OwnTextError({ kind: 'no-columns', name })
      return readNotebook(name, text)
    case 'table':
      return readRows(tableOf(name, text, isCut), wish.column)
    case 'json':
    case 'json-lines':
      return readFound(name, readJson(name, text, isCut), wish)
  }
}

/** Whether a file of running text is a table all the same. */
export const isTableOfRows = (name: string | null, text: string): boolean =>
  !isLog(name) && isTableWithin(text)

function readFound(name: string | null, found: Found, { column }: Wish): TextReading {
  const notes: Note[] = putTogether(found) ? [{ kind: 'bytes-as-letters' }] : []
  if ('rows' in found) {
    const reading = readRows(tableOfRows(name, found.rows), column)
    const { others = [], beside = [] } = found
    for (const [list, count] of others) notes.push({ kind: 'nested-list', column: list, count })
    if (beside.length > 0) notes.push({ kind: 'beside-list', columns: beside })
    return { ...reading, notes: [...reading.notes, ...notes] }
  }
  if (column !== undefined) throw new OwnTextError({ kind: 'no-columns', name })
  return piecesRead(name, 'lines', found.texts, notes)
}

/** Running text, pasted or from a file. */
export function readPlain(name: string | null, text: string, { pieces }: Wish = {}): TextReading {
  const chat = pieces === undefined ? readChatExport(text) : null
  if (chat) {
    const leftOut: LeftOut[] =
      chat.wordless === 0 ? [] : [{ count: chat.wordless, reason: { kind: 'no-words' } }]
    return piecesRead(name, 'lines', chat.messages, [{ kind: 'chat-export' }], leftOut)
  }
  const page = withoutFrontMatter(text)
  const notes: Note[] = page === null ? [] : [{ kind: 'front-matter' }]
  const words = page ?? text
  const form = pieces ?? (isLog(name) ? 'lines' : piecesMeant(words))
  return piecesRead(name, form, form === 'lines' ? linesOf(words) : paragraphsOf(words), notes)
}

const isLog = (name: string | null): boolean => name !== null && /\.log$/i.test(name)

function readCues(name: string | null, text: string): TextReading {
  const { sentences, repeated } = readSubtitles(text)
  const rolling: Note[] = repeated === 0 ? [] : [{ kind: 'rolling-captions', count: repeated }]
  return piecesRead(name, 'lines', sentences, [{ kind: 'subtitles' }, ...rolling])
}

function readNotebook(name: string | null, text: string): TextReading {
  const { cells, outputs } = cellsOfNotebook(name, text)
  return piecesRead(name, 'paragraphs', cells, [{ kind: 'notebook', outputs }])
}

function piecesRead(
  name: string | null,
  form: Form,
  texts: readonly string[],
  notes: readonly Note[],
  leftOut: readonly LeftOut[] = [],
): TextReading {
  const filled = texts.map((text) => text.trim()).filter((text) => text !== '')
  if (filled.length === 0) throw new OwnTextError({ kind: 'empty', name })
  const parts = filled.flatMap(partsOf)
  const examples: Example[] = parts.slice(0, mostExamples).map((completion) => ({ prompt: '', completion }))
  const beyond = parts.length - examples.length
  return {
    name,
    form,
    column: null,
    columns: [],
    examples,
    notes: parts.length === filled.length ? notes : [...notes, { kind: 'parted' }],
    leftOut:
      beyond === 0
        ? leftOut
        : [...leftOut, { count: beyond, reason: { kind: 'beyond', most: mostExamples } }],
  }
}
