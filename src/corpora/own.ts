/**
 * A person's own text, pasted or from files: what of it is read (`own/read.ts`), within what a tab takes, and how it is parted
 * into what is learned and what is kept back. Everything that can be wrong with it is an `OwnTextError` that says what to do.
 */
import { random } from '../lib/rng'
import { type Example, type Share, textOfExample } from './example'
import { OwnTextError } from './own/errors'
import { refusedContent } from './own/kinds'
import { mostBytes, mostExamples, mostFiles } from './own/limits'
import { readPasted } from './own/pasted'
import type { TextProblem } from './own/problems'
import { type OwnFile, readFile } from './own/read'
import type { Note, TextReading, Wish } from './own/reading'

export { OwnTextError } from './own/errors'
export { mostBytes, mostExamples, mostFiles } from './own/limits'
export { type OwnFile, readFile } from './own/read'
export type { TextReading, Wish } from './own/reading'

/** Fewer are all learned: a tenth of them would say nothing. */
const fewestParted = 20
const keptBackShare = 0.1
const fewestKeptBack = 2

/** What a file is refused for before it is read: its name, or that it is empty. Null where it may be read. */
export function refusalOf({
  name,
  size,
}: {
  readonly name: string
  readonly size: number
}): TextProblem | null {
  const content = refusedContent(name)
  if (content !== null) return { kind: 'unsupported', name, content }
  return size === 0 ? { kind: 'empty', name } : null
}

/** To be asked before files are read: there are not too many, and they are not one that is refused. */
export function checkOwnFiles(files: readonly { readonly name: string; readonly size: number }[]): void {
  if (files.length > mostFiles)
    throw new OwnTextError({ kind: 'too-many-files', files: files.length, most: mostFiles })
  const refusal = files.length === 1 ? refusalOf(files[0]) : null
  if (refusal) throw new OwnTextError(refusal)
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
 * others had enough, is not read. One that is refused costs the others nothing: it says why in a note. A single one throws.
 */
export function readFiles(files: readonly OwnFile[], wishes: readonly Wish[] = []): TextReading[] {
  let left = mostExamples
  return files.map((file, index) => {
    const read = () => withinLimit(readFile(file, wishes[index]), left)
    const reading = files.length === 1 ? read() : readBesideOthers(file, read)
    left -= reading.examples.length
    return reading
  })
}

/** The examples in pasted text: its paragraphs or its lines, or the rows of pasted JSON or of a table. */
export function readPaste(text: string, wish?: Wish): TextReading {
  const taken = text.slice(0, mostBytes)
  const reading = readPasted(taken, wish)
  if (taken.length === text.length) return reading
  return {
    ...reading,
    notes: [...reading.notes, { kind: 'first-bytes', read: taken.length, of: text.length }],
  }
}

function readBesideOthers(
  { name, bytes, size = bytes.length }: OwnFile,
  read: () => TextReading,
): TextReading {
  try {
    const refusal = refusalOf({ name, size })
    if (refusal) throw new OwnTextError(refusal)
    return bytes.length === 0 ? nothingOf(name, { kind: 'unread' }) : read()
  } catch (error) {
    if (!(error instanceof OwnTextError)) throw error
    const { problem } = error
    // The columns of a table that was refused are there to choose from.
    const columns = 'columns' in problem ? problem.columns : []
    return { ...nothingOf(name, { kind: 'refused', problem }), columns }
  }
}

const nothingOf = (name: string, note: Note): TextReading => ({
  name,
  form: 'paragraphs',
  column: null,
  columns: [],
  examples: [],
  leftOut: [],
  notes: [note],
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
