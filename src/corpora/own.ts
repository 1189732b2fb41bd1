/**
 * A person's own text, pasted or from files: what of it is read (`own/read.ts`), within what a tab takes, and how it is parted
 * into what is learned and what is kept back. Everything that can be wrong with it is an `OwnTextError` that says what to do.
 */
import { random } from '../lib/rng'
import { type Example, type Share, textOfExample } from './example'
import { OwnTextError } from './own/errors'
import { mostBytes, mostExamples, mostFiles } from './own/limits'
import { withPlainLines } from './own/plain/pieces'
import { checkedKind, type OwnFile, readFile, readPlain } from './own/read'
import type { TextReading, Wish } from './own/reading'

export { OwnTextError } from './own/errors'
export { mostBytes, mostExamples, mostFiles } from './own/limits'
export { type OwnFile, readFile } from './own/read'
export type { TextReading, Wish } from './own/reading'

/** Fewer are all learned: a tenth of them would say nothing. */
const fewestParted = 20
const keptBackShare = 0.1
const fewestKeptBack = 2

/** To be asked before files are read: none of them may be refused by its name, and there are not too many. */
export function checkOwnFiles(files: readonly { readonly name: string; readonly size: number }[]): void {
  if (files.length > mostFiles)
    throw new OwnTextError({ kind: 'too-many-files', files: files.length, most: mostFiles })
  for (const { name, size } of files) {
    checkedKind(name)
    if (size === 0) throw new OwnTextError({ kind: 'empty', name })
  }
}

/** How much is read of each of these sizes: from the first on, until a tab has enough. */
export function bytesTaken(sizes: readonly number[]): number[] {
  let left = mostBytes
  return sizes.map((size) => {
    const taken = Math.min(size, left)
    left -= taken
    return taken
  })
}

/**
 * Files that are dropped together, each by itself; the i-th wish is for the i-th. A file of which nothing was taken, since the
 * others had enough, is not read.
 */
export function readFiles(files: readonly OwnFile[], wishes: readonly Wish[] = []): TextReading[] {
  let left = mostExamples
  return files.map((file, index) => {
    const isUnread = file.bytes.length === 0 && (file.size ?? 0) > 0
    const reading = isUnread ? unread(file.name) : withinLimit(readFile(file, wishes[index]), left)
    left -= reading.examples.length
    return reading
  })
}

/** The examples in pasted text: its paragraphs or its lines. */
export function readPaste(text: string, wish?: Wish): TextReading {
  const taken = text.slice(0, mostBytes)
  const reading = readPlain(null, withPlainLines(taken.replace(/^\uFEFF/, '')), wish)
  if (taken.length === text.length) return reading
  return {
    ...reading,
    notes: [...reading.notes, { kind: 'first-bytes', read: taken.length, of: text.length }],
  }
}

const unread = (name: string): TextReading => ({
  name,
  form: 'paragraphs',
  column: null,
  columns: [],
  examples: [],
  leftOut: [],
  notes: [{ kind: 'unread' }],
})

function withinLimit(reading: TextReading, most: number): TextReading {
  const beyond = reading.examples.length - most
  if (beyond <= 0) return reading
  const before = reading.leftOut.filter(({ reason }) => reason.kind !== 'beyond')
  const after = reading.leftOut.filter(({ reason }) => reason.kind === 'beyond')
  const count = after.reduce((sum, each) => sum + each.count, beyond)
  return {
    ...reading,
    examples: reading.examples.slice(0, most),
    leftOut: [...before, { count, reason: { kind: 'beyond', most: mostExamples } }],
  }
}

/**
 * Parts what is learned from what is kept back: below 20 examples nothing is kept back, from 20 on a tenth, at least two; the
 * seed decides which. Examples that are the same stay together, so that none is on both sides. There are no probes: nobody
 * knows the right answers of somebody's own text.
 */
export function ownShare(examples: readonly Example[], seed: number): Share {
  if (examples.length === 0) throw new OwnTextError({ kind: 'empty', name: null })
  const wanted =
    examples.length < fewestParted ? 0 : Math.max(fewestKeptBack, Math.round(examples.length * keptBackShare))
  const alike = new Map<string, number>()
  const keys = examples.map((example) => `${example.prompt.length} ${textOfExample(example)}`)
  for (const key of keys) alike.set(key, (alike.get(key) ?? 0) + 1)
  const kept = new Set<string>()
  let left = wanted
  for (const key of random(seed, 'own text').shuffle([...alike.keys()])) {
    const copies = alike.get(key)!
    if (copies > left) continue
    kept.add(key)
    left -= copies
  }
  return {
    train: examples.filter((_, index) => !kept.has(keys[index])),
    heldOut: examples.filter((_, index) => kept.has(keys[index])),
    probes: [],
  }
}
