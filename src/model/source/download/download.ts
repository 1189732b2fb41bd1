/**
 * Files over HTTP, kept so that a reload does not download them again. A download that breaks off goes on where it
 * stopped, now or on the next visit. What is kept is used while it has the version that the server names, its length, and
 * the hash that it had when it arrived; the hub's files must have the hash that the hub names. Anything else is dropped and
 * downloaded afresh.
 */
import { z } from 'zod'
import { sha256Hex, startSha256 } from '../../../lib/hash'
import { readBy } from '../../../lib/schema'
import { ModelError } from '../../config'
import { blobAccess, hashOf, type Progress, piecesOf, type SourceFile, type WholeFile } from '../source'
import { Interrupted, type RemoteFile, requestBytes, Unreachable } from './http'
import { type FileStore, loadJson, memoryStore, writeJson } from './store'

/** Kept beside each file. `sha256` is null until the file is whole. */
const noteSchema = z.object({
  version: z.string(),
  size: z.number().int().nonnegative(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
})
type Note = z.infer<typeof noteSchema>

const noteName = (name: string): string => `${name}.json`
const nameOf = (key: string): string =>
  `${sha256Hex(new TextEncoder().encode(key)).slice(0, 16)}-${key.split('/').at(-1)}`
const pauseMs = 1000
/** Attempts in a row that bring nothing. */
const fruitlessAttempts = 3

/** A described file. Its beginning can be read before the rest is fetched. */
export const remoteFile = (file: RemoteFile, store: FileStore): SourceFile => ({
  name: file.key.split('/').at(-1)!,
  size: file.size,
  read: (begin, end) => readRange(file, begin, end),
  fetch: (onProgress = () => {}) => fetchWhole(file, store, onProgress),
})

/** What is kept whole under a key, for when the server cannot be asked. */
export async function keptFile(key: string, store: FileStore): Promise<RemoteFile | null> {
  const note = await readNote(store, nameOf(key))
  if (!note?.sha256) return null
  return { key, url: key, size: note.size, version: note.version, sha256: note.sha256, validator: null }
}

async function fetchWhole(file: RemoteFile, store: FileStore, onProgress: Progress): Promise<WholeFile> {
  const name = nameOf(file.key)
  return store.alone(name, async () => {
    try {
      const kept = await findKept(file, store, name)
      if (kept) onProgress(file.size, file.size)
      return kept ?? (await downloadVerified(file, store, name, onProgress))
    } catch (problem) {
      if (!(problem instanceof DOMException)) throw problem
      // A full disk or a private window is no reason to fail: then the next visit downloads again.
      await store.remove(name).catch(() => {})
      return downloadVerified(file, memoryStore(), name, onProgress)
    }
  })
}

/** The kept file if it is whole and undamaged. What belongs to another version, or is damaged, is removed. */
async function findKept(file: RemoteFile, store: FileStore, name: string): Promise<WholeFile | null> {
  const note = await readNote(store, name)
  const blob = await store.read(name)
  const sameVersion = note?.version === file.version && note.size === file.size
  if (sameVersion && blob && note.sha256 === null && blob.size <= file.size) return null // to be resumed
  if (sameVersion && blob?.size === file.size) {
    const whole = blobAccess(blob, file.key)
    const sha256 = await hashOf(whole)
    if (sha256 === note.sha256 && sha256 === (file.sha256 ?? sha256)) return { ...whole, sha256 }
  }
  await store.remove(noteName(name))
  await store.remove(name)
  return null
}

/** A download whose hash is wrong is thrown away and tried once more from its beginning. */
async function downloadVerified(
  file: RemoteFile,
  store: FileStore,
  name: string,
  onProgress: Progress,
): Promise<WholeFile> {
  const note: Note = { version: file.version, size: file.size, sha256: null }
  for (let attempt = 1; attempt <= 2; attempt++) {
    await writeJson(store, noteName(name), note)
    const sha256 = await download(file, store, name, onProgress)
    if (sha256 === (file.sha256 ?? sha256)) {
      await writeJson(store, noteName(name), { ...note, sha256 })
      return { ...blobAccess((await store.read(name))!, file.key), sha256 }
    }
    await store.remove(name)
  }
  throw new ModelError(
    `${file.url} arrived damaged twice: its SHA-256 is not the announced one. Try again later.`,
  )
}

/** Goes on from what the store holds until the file is whole. Returns its hash. */
async function download(
  file: RemoteFile,
  store: FileStore,
  name: string,
  onProgress: Progress,
): Promise<string> {
  let hash = startSha256()
  let done = 0
  const begun = await store.read(name)
  if (begun) {
    for await (const piece of piecesOf(blobAccess(begun, file.key))) hash.update(piece)
    done = begun.size
  }
  let target = await store.append(name)
  try {
    for (let fruitless = 0, most = done; done < file.size; ) {
      try {
        const { from, chunks } = await requestBytes(file, done)
        if (from !== done) {
          if (from !== 0)
            throw new ModelError(`${file.url} sent another part than asked for. Try again later.`)
          // The server sends no parts: begin again.
          await target.close()
          await store.remove(name)
          target = await store.append(name)
          hash = startSha256()
          done = 0
        }
        for await (const chunk of chunks) {
          if (done + chunk.length > file.size)
            throw new ModelError(`${file.url} is longer than the server said. Load the model again.`)
          await target.write(chunk)
          hash.update(chunk)
          done += chunk.length
          onProgress(done, file.size)
        }
      } catch (problem) {
        if (!(problem instanceof Interrupted || problem instanceof Unreachable)) throw problem
      }
      if (done === file.size) break
      fruitless = done > most ? 0 : fruitless + 1
      most = Math.max(most, done)
      if (fruitless === fruitlessAttempts)
        throw new ModelError(
          `The download of ${file.url} was cut off after ${done} bytes. Check the connection and reload: it goes on from there.`,
        )
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  } finally {
    await target.close()
  }
  return hash.hex()
}

async function readRange(file: RemoteFile, begin: number, end: number): Promise<Uint8Array> {
  const { from, chunks } = await requestBytes(file, begin, end)
  const bytes = new Uint8Array(end - begin)
  let position = from
  try {
    for await (const chunk of chunks) {
      const wanted = chunk.subarray(Math.max(0, begin - position), Math.max(0, end - position))
      bytes.set(wanted, Math.max(0, position - begin))
      position += chunk.length
      if (position >= end) return bytes
    }
  } catch (problem) {
    if (!(problem instanceof Interrupted)) throw problem
  }
  if (begin === end) return bytes
  throw new ModelError(`${file.url} was cut off after ${position} bytes. Check the connection and reload.`)
}

async function readNote(store: FileStore, name: string): Promise<Note | null> {
  return readBy(noteSchema, await loadJson(store, noteName(name))).data ?? null
}
