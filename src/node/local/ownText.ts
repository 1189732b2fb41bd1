/**
 * A person's own text on its way to a tab: read first, so that it can be looked at, then handed over for training. What the page
 * shows of it is re-exported here.
 */
import type { Example } from '../../corpora/example'
import { OwnTextError, type TextReading, type Wish } from '../../corpora/own'
import type { TextReader } from '../../corpora/reading/reader'

export { type Example, turnsOfExample } from '../../corpora/example'
export { OwnTextError, ownShare, type TextReading, type Wish } from '../../corpora/own'
export { readableEndings } from '../../corpora/own/kinds'
export type * from '../../corpora/own/problems'
export type { Form, LeftOut, Note, PastedForm, UnlearnedKind } from '../../corpora/own/reading'
export {
  english,
  sentenceOfColumns,
  shortened,
  someOf,
  type TextSentences,
} from '../../corpora/own/said/sentences'

/** Where a person's text comes from, and how each file (or what was pasted) is to be read; as usual where nothing is said. */
export type TextSource = (
  | { readonly kind: 'files'; readonly files: readonly File[] }
  | { readonly kind: 'paste'; readonly text: string }
) & { readonly wishes?: readonly Wish[] }

/** Reads without training on it. Throws an `OwnTextError` that says what is wrong with which file; nothing is lost by it. */
export async function readSource(reader: TextReader, source: TextSource): Promise<readonly TextReading[]> {
  switch (source.kind) {
    case 'files':
      return reader.files(source.files, source.wishes)
    case 'paste':
      return [await reader.paste(source.text, source.wishes?.[0])]
  }
}

export const pastedTitle = 'pasted text'

/** What was read, as this tab keeps it. */
export const ownTextOf = (
  readings: readonly TextReading[],
): { title: string; examples: readonly Example[] } => {
  const examples = readings.flatMap((reading) => reading.examples)
  const refusal = readings.flatMap(({ notes }) => notes).find((note) => note.kind === 'refused')
  if (examples.length === 0 && refusal) throw new OwnTextError(refusal.problem)
  return { title: learnedFrom(readings).join(', '), examples }
}

/** The names of what was read, without those of files that were refused. */
export const learnedFrom = (readings: readonly TextReading[], pasted: string = pastedTitle): string[] =>
  readings
    .filter(({ notes }) => notes.every(({ kind }) => kind !== 'refused'))
    .map(({ name }) => name ?? pasted)
