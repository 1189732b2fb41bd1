/**
 * Text as commands read it: the bytes, encodings and forms of the page (`corpora/own/read.ts`). Running text (.txt, .md) is one
 * stream of tokens here, tables and JSON are examples of which the answers are learned.
 */
import { readFile as readBytes } from 'node:fs/promises'
import { basename } from 'node:path'
import type { TextReading, Wish } from '../corpora/own'
import { OwnTextError } from '../corpora/own/errors'
import { withPlainLines } from '../corpora/own/plain/pieces'
import { checkedKind, decodeFile, isTableOfRows, type OwnFile, readFile } from '../corpora/own/read'
import type { Note } from '../corpora/own/reading'
import { english, shortened } from '../corpora/own/said/sentences'
import type { Tokenizer } from '../model/tokenizer'
import { type Row, rowsOfExamples, windows } from '../training/rows'
import { UsageError } from './flags'

/** How a file is read. Throws an `OwnTextError` or a `UsageError`. */
export const inspectFile = async (path: string, wish: Wish): Promise<TextReading> =>
  readFile(await open(path), wish)

/** A text's rows of at most `time` predictions each: windows of a stream, or examples. */
export type RowsOf = (tokenizer: Tokenizer, time: number) => readonly Row[]

/**
 * Reads a text for training or measuring; the form, the column, what was left out, and what was done to it are said on stderr.
 * Throws an `OwnTextError` or a `UsageError`.
 */
export async function readText(
  path: string,
  wish: Wish = {},
): Promise<{ readonly isStream: boolean; readonly rowsOf: RowsOf }> {
  const file = await open(path)
  const kind = checkedKind(file.name)
  if (kind === 'plain' || kind === 'markdown') {
    const { text, notes } = decodeFile(file)
    if (!isTableOfRows(file.name, withPlainLines(text))) {
      if (wish.column !== undefined) throw new OwnTextError({ kind: 'no-columns', name: file.name })
      console.error('Read as running text, one stream of tokens.')
      tell(notes, [])
      return { isStream: true, rowsOf: (tokenizer, time) => windows(tokenizer.encode(text), time) }
    }
  }
  const { form, column, examples, notes, leftOut } = readFile(file, wish)
  const from = column === null ? '' : `, column “${shortened(column)}”`
  console.error(
    `Read as ${form}${from}: ${examples.length} ${examples.length === 1 ? 'example' : 'examples'}.`,
  )
  tell(notes, leftOut)
  return { isStream: false, rowsOf: (tokenizer, time) => rowsOfExamples(tokenizer, examples, time) }
}

/** On stderr: stdout carries results only. */
export function tell(notes: readonly Note[], leftOut: TextReading['leftOut']): void {
  for (const note of notes) console.error(english.note(note))
  for (const { count, reason } of leftOut)
    console.error(`${count} left out because ${english.reason(reason)}.`)
}

async function open(path: string): Promise<OwnFile> {
  try {
    return { name: basename(path), bytes: await readBytes(path) }
  } catch (problem) {
    const isMissing = (problem as NodeJS.ErrnoException).code === 'ENOENT'
    throw new UsageError(isMissing ? `There is no file ${path}.` : `${path} cannot be read.`)
  }
}
