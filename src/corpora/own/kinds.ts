/**
 * What kind of file a name's ending speaks of: how it is read, or what it holds that is not text. A map, since a name like
 * `x.constructor` is as foreign as the rest. A file without an ending may be text and is tried.
 */
import type { Unsupported } from './problems'

/** `plain` and `markdown` are running text; the others are made of records. */
export type FileKind = 'plain' | 'markdown' | 'subtitles' | 'table' | 'json' | 'json-lines'

const read: Readonly<Record<FileKind, string>> = {
  plain: ' txt text log',
  markdown: 'md markdown',
  subtitles: 'srt vtt',
  table: 'csv tsv tab psv',
  json: 'json geojson',
  'json-lines': 'jsonl ndjson',
}

const refused: Readonly<Record<Exclude<Unsupported, 'other'>, string>> = {
  document: 'pdf doc docx odt rtf pages epub tex ppt pptx odp key',
  spreadsheet: 'xls xlsx xlsm ods numbers',
  'web-page': 'html htm xhtml mhtml xml svg',
  mail: 'mbox eml msg pst',
  archive: 'zip gz tgz bz2 xz 7z rar tar zst',
  data: 'parquet arrow feather sqlite db pkl npy npz h5 safetensors ipynb yaml yml toml',
}

const byEnding = <Kind extends string>(endings: Readonly<Record<Kind, string>>): ReadonlyMap<string, Kind> =>
  new Map(
    (Object.entries(endings) as [Kind, string][]).flatMap(([kind, all]) =>
      all.split(' ').map((ending) => [ending, kind] as const),
    ),
  )

const kinds = byEnding(read)
const contents = byEnding(refused)

/** In lower case, without the dot; empty where there is none. */
const endingOf = (name: string): string => /\.([a-z0-9]+)$/.exec(name.toLowerCase())?.[1] ?? ''

/** Null: a file of this name is not read. */
export const kindOf = (name: string): FileKind | null =>
  (name === '' ? null : kinds.get(endingOf(name))) ?? null

export const contentOf = (name: string): Unsupported => contents.get(endingOf(name)) ?? 'other'

/** Null where a file of this name is read. */
export const refusedContent = (name: string): Unsupported | null =>
  kindOf(name) === null ? contentOf(name) : null

/** For a file chooser. */
export const readableEndings: readonly string[] = [...kinds.keys()]
  .filter(Boolean)
  .map((ending) => `.${ending}`)
