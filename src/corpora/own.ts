/**
 * A person's own text: pasted, or dropped as a .txt, .md, .csv or .jsonl file. It is read in this tab and becomes
 * examples like those of the generated corpora, a tenth of them held out. Everything that can be wrong with it is an
 * `OwnTextError` that says what to do.
 */
import { random } from '../lib/rng'
import type { Example, Share } from './example'
import { rowsOfCsv } from './own/csv'
import { OwnTextError } from './own/errors'
import { rowsOfJsonLines } from './own/jsonl'
import { examplesOfText } from './own/paragraphs'
import { examplesOfRows } from './own/rows'

export { type OwnTextCode, OwnTextError } from './own/errors'

export const maxOwnFileBytes = 20 * 1024 * 1024
export const mostOwnFiles = 100
/** A tab trains on a few thousand paragraphs at most; what is read is held, shown and stored by the page. */
export const mostOwnExamples = 50_000
const heldOutShare = 0.1

type Reader = (name: string, text: string) => Example[]
/** By the file name's ending: a map, since a name like `x.constructor` is as foreign as the rest. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['txt', (_, text) => examplesOfText(text)],
  ['md', (_, text) => examplesOfText(text)],
  ['csv', (name, text) => examplesOfRows(name, rowsOfCsv(name, text))],
  ['jsonl', (name, text) => examplesOfRows(name, rowsOfJsonLines(name, text))],
])

/** First bytes of formats that people drop by mistake: PDF, ZIP (also .docx), gzip, PNG, JPEG. */
const binaryMagic = ['%PDF', 'PK\x03\x04', '\x1f\x8b', '\x89PNG', '\xff\xd8\xff']

/** To be asked before a file is read, with the size that the browser tells. */
export function checkOwnFile(name: string, size: number): void {
  if (!readers.has(extensionOf(name)))
    throw new OwnTextError(
      'unsupported',
      `"${name}" was not read: this page understands .txt, .md, .csv and .jsonl files. Save the text as one of these, ` +
        'or paste it into the text field.',
    )
  if (size > maxOwnFileBytes) throw tooLarge(`"${name}"`, size)
  if (size === 0) throw empty(`"${name}"`)
}

/** Several files that are dropped together: each by itself, and all of them within the limits of one. */
export function checkOwnFiles(files: readonly { readonly name: string; readonly size: number }[]): void {
  if (files.length > mostOwnFiles)
    throw new OwnTextError(
      'too-large',
      `${files.length} files at once are too many; this page takes up to ${mostOwnFiles}. Drop fewer, or put them together.`,
    )
  for (const { name, size } of files) checkOwnFile(name, size)
  const size = files.reduce((sum, file) => sum + file.size, 0)
  if (size > maxOwnFileBytes) throw tooLarge('What you dropped', size)
}

/** The examples in a dropped file. Throws an `OwnTextError`, whatever the bytes are. */
export function readOwnFile(name: string, bytes: Uint8Array): Example[] {
  checkOwnFile(name, bytes.length)
  const examples = readers.get(extensionOf(name))!(name, decode(name, bytes))
  if (examples.length === 0) throw empty(`"${name}"`)
  return checkCount(`"${name}"`, examples)
}

/** The examples in files that were dropped together. Throws an `OwnTextError`, whatever the bytes are. */
export function readOwnFiles(
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): Example[] {
  checkOwnFiles(files.map(({ name, bytes }) => ({ name, size: bytes.length })))
  return checkCount(
    'What you dropped',
    files.flatMap(({ name, bytes }) => readOwnFile(name, bytes)),
  )
}

export function checkOwnPaste(text: string): void {
  if (text.length > maxOwnFileBytes) throw tooLarge('The pasted text', text.length)
}

/** The examples in pasted text: its paragraphs. */
export function readOwnPaste(text: string): Example[] {
  checkOwnPaste(text)
  const examples = examplesOfText(text)
  if (examples.length === 0) throw empty('The text field')
  return checkCount('The pasted text', examples)
}

/**
 * Holds out a tenth of the examples, at least one where there are two; the seed decides which. Repeated examples count
 * once, so that none is on both sides. There are no probes: nobody knows the right answers of somebody's own text.
 */
export function ownShare(examples: readonly Example[], seed: number): Share {
  const keyOf = ({ prompt, completion }: Example) => `${prompt.length} ${prompt}${completion}`
  const distinct = [...new Map(examples.map((example) => [keyOf(example), example])).values()]
  if (distinct.length === 0) throw empty('The chosen text')
  const count = distinct.length < 2 ? 0 : Math.max(1, Math.round(distinct.length * heldOutShare))
  const heldOut = new Set(random(seed, 'own text').shuffle(distinct).slice(0, count))
  return {
    train: distinct.filter((example) => !heldOut.has(example)),
    heldOut: distinct.filter((example) => heldOut.has(example)),
    probes: [],
  }
}

function decode(name: string, bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 8))
  const utf16 = start.startsWith('\xff\xfe') || start.startsWith('\xfe\xff')
  if (
    !utf16 &&
    (binaryMagic.some((magic) => start.startsWith(magic)) || bytes.subarray(0, 65536).includes(0))
  )
    throw new OwnTextError(
      'binary',
      `"${name}" is not text although its name says so: it holds binary data. Open it in the program that made it, ` +
        'save it as plain text, and drop that file.',
    )
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new OwnTextError(
      'not-utf8',
      `"${name}" is not UTF-8: it was saved in another character set${utf16 ? ' (UTF-16)' : ''}, so its letters cannot be ` +
        'told for certain. Save it again with the encoding UTF-8 and drop it once more.',
    )
  }
}

function extensionOf(name: string): string {
  return name.toLowerCase().match(/\.([a-z0-9]+)$/)?.[1] ?? ''
}

function checkCount(what: string, examples: Example[]): Example[] {
  if (examples.length <= mostOwnExamples) return examples
  throw new OwnTextError(
    'too-large',
    `${what} holds ${examples.length} paragraphs or rows; this page takes up to ${mostOwnExamples}, because a browser tab ` +
      'trains on a few thousand at most. Use a part of it.',
  )
}

function tooLarge(what: string, size: number): OwnTextError {
  const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024)
  return new OwnTextError(
    'too-large',
    `${what} has ${megabytes(size)} MB; this page takes up to ${megabytes(maxOwnFileBytes)} MB, because a browser tab ` +
      'trains on a few thousand paragraphs at most. Use a part of it.',
  )
}

function empty(what: string): OwnTextError {
  return new OwnTextError(
    'empty',
    `${what} holds no text to learn from. Paste or drop at least one paragraph.`,
  )
}
