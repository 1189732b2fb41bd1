/**
 * Where a model's files come from: this server, a hub, a folder that somebody dropped, a directory on disk. A source gives
 * files by name. What a loader must know before it commits to a download, sizes and headers, it reads piecewise; then
 * `fetch` brings a whole file to hand, for reading anywhere; what is read is checked on the way (pieces.ts).
 */
import { ModelError } from '../config'

export interface RandomAccess {
  readonly size: number
  /** Bytes `begin` up to, not including, `end`; not to be written to. */
  read(begin: number, end: number): Promise<Uint8Array>
}

export type Progress = (doneBytes: number, totalBytes: number) => void
/** Hears, as a whole sentence, what could not be done as usual and was done in another way. */
export type Remark = (sentence: string) => void

export interface SourceFile extends RandomAccess {
  readonly name: string
  /** Brings the whole file to hand. Throws a `ModelError` that says what to do. */
  fetch(onProgress?: Progress, onRemark?: Remark): Promise<WholeFile>
}

/** Reading throws a `ModelError` where a byte of it is no longer what it was when the file arrived. */
export interface WholeFile extends RandomAccess {
  /** SHA-256 as 64 hex digits. Where it is not known beforehand, what nobody has read yet is read for it. */
  hash(): Promise<string>
}

export interface ModelSource {
  /** For people, and stable: `toy`, `openai-community/gpt2`, a folder's name. */
  readonly name: string
  /** Whether it has a list of its files: then `has` asks nobody, and looking for what most models lack costs nothing. */
  readonly isListed: boolean
  has(file: string): Promise<boolean>
  /** Throws a `ModelError` where the file is missing or cannot be reached. */
  open(file: string): Promise<SourceFile>
}

/** Configurations take a few kB, lists of shards up to some 100. */
const usualJsonBytes = 4 << 20

/** A small file's content. Throws a `ModelError` where it is missing, larger than `maxBytes`, or no JSON. */
export async function readJson(
  source: ModelSource,
  name: string,
  maxBytes = usualJsonBytes,
): Promise<unknown> {
  const file = await source.open(name)
  if (file.size > maxBytes)
    throw new ModelError(
      `${name} of ${source.name} is too large: ${file.size} bytes, and up to ${maxBytes} are read. Choose another model.`,
    )
  const bytes = await (await file.fetch()).read(0, file.size)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new ModelError(
      `${name} of ${source.name} is no valid JSON. Is this a Hugging Face model directory? Download it again.`,
    )
  }
}

/** A browser's file as random access. It may vanish or change under us: then reading it fails. */
export const blobAccess = (blob: Blob, name: string): RandomAccess => ({
  size: blob.size,
  async read(begin, end) {
    try {
      return new Uint8Array(await blob.slice(begin, end).arrayBuffer())
    } catch {
      throw new ModelError(`${name} can no longer be read: it was changed or removed. Load the model again.`)
    }
  },
})
