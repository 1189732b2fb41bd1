/** For tests: text as a file's bytes, and what was thrown. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Example } from '../example'
import { OwnTextError } from './errors'
import { readFile } from './read'
import type { TextReading, Wish } from './reading'

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

export const read = (name: string, text: string, wish?: Wish): TextReading =>
  readFile({ name, bytes: bytesOf(text) }, wish)

/** A file of the folder `fixtures`: one that people had. */
export const fixture = (name: string): TextReading =>
  readFile({ name, bytes: new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures', name))) })

export const plain = (...texts: string[]): Example[] =>
  texts.map((completion) => ({ prompt: '', completion }))

/** What is learned of each example. */
export const learned = ({ examples }: TextReading): string[] =>
  examples.map(({ completion, further = [] }) =>
    [completion, ...further.map((turn) => turn.completion)].join('|'),
  )

export function problemOf(attempt: () => unknown): OwnTextError {
  try {
    attempt()
  } catch (error) {
    if (error instanceof OwnTextError) return error
    throw error
  }
  throw new Error('There was no OwnTextError.')
}
