/**
 * What kind of file a name's ending speaks of: how it is read, or what it holds that is not text. A map, since a name like
 * `x.constructor` is as foreign as the rest. A file without an ending may be text and is tried.
 */
import type { Unsupported } from './problems'

/** `plain` and `markdown` are running text; the others are made of records. */
export type FileKind = 'plain' | 'markdown' | 'subtitles' | 'notebook' | 'table' | 'json' | 'json-lines'

const read: Readonly<Record<FileKind, string>> = {
  plain: ' txt text log',
  markdown: 'md markdown rst adoc org',
  subtitles: 'srt vtt',
  notebook: 'ipynb',
  table: 'csv tsv tab psv',
  json: 'json geojson',
  'json-lines': 'jsonl ndjson',
}

const refused: Readonly<Record<Exclude<Unsupported, 'other'>, string>> = {
  document: 'doc docx dotx odt rtf pages wpd ps djvu',
  pdf: 'pdf',
  book: 'epub mobi azw azw3 fb2',
  slides: 'ppt pptx pps ppsx odp key',
  tex: 'tex latex ltx',
  spreadsheet: 'xls xlsx xlsm xlsb ods numbers',
  'web-page': 'html htm xhtml mht mhtml xml svg rss atom webarchive',
  mail: 'mbox mbx eml emlx msg pst ost',
  calendar: 'ics ical ifb',
  contacts: 'vcf vcard',
  bibliography: 'bib bibtex ris enw nbib',
  translations: 'po pot mo xliff xlf tmx arb resx strings',
  subtitles: 'ass ssa sub sbv ttml dfxp lrc',
  anki: 'apkg colpkg',
  archive: 'zip gz tgz bz2 xz 7z rar tar zst',
  database: 'sqlite sqlite3 db db3 mdb accdb sql dump',
  columns: 'parquet arrow feather orc avro',
  numbers: 'pkl pickle npy npz h5 hdf5 mat rds safetensors pt pth onnx gguf bin',
  settings: 'yaml yml toml ini cfg conf plist',
  picture: 'png jpg jpeg gif webp heic heif tif tiff bmp avif ico psd',
  recording: 'mp3 wav m4a ogg oga opus flac aac wma mp4 m4v mov mkv avi webm',
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
