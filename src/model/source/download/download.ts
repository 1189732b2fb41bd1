/**
 * Files over HTTP, kept so that a reload does not download them again. A download that breaks off goes on where it
 * stopped, now or on the next visit. What is kept is used while it has the version that the server names, and its length;
 * the hub's files must have the hash that the hub names. Anything else is dropped and downloaded afresh. Each piece that is
 * read must have the digest that it had when it arrived: one that was damaged is asked for again, and the whole file at the
 * next visit.
 */
import { z } from 'zod'
import { sha256Hex } from '../../../lib/hash'
import { readBy } from '../../../lib/schema'
import { ModelError } from '../../config'
import { checkedAsRead, piecesOf, type Repair, startArrival } from '../pieces'
import { blobAccess, type Progress, type Remark, type SourceFile, type WholeFile } from '../source'
import { Interrupted, type RemoteFile, requestBytes, Unreachable } from './http'
import { type Alive, Stuck } from './patience'
import { type FileStore, loadJson, memoryStore, writeJson } from './store'

const digest = z.string().regex(/^[0-9a-f]{64}$/)
/** Kept beside each file. `whole` is null until the file is. */
const noteSchema = z.object({
  version: z.string(),
  size: z.number().int().nonnegative(),
  whole: z.object({ sha256: digest, pieces: z.array(digest) }).nullable(),
})
type Note = z.infer<typeof noteSchema>

const noteName = (name: string): string => `${name}.json`
const nameOf = (key: string): string =>
  `${sha256Hex(new TextEncoder().encode(key)).slice(0, 16)}-${key.split('/').at(-1)}`
const nameIn = ({ key }: RemoteFile): string => key.split('/').at(-1)!
const pauseMs = 1000
/** Attempts in a row that bring nothing. */
const fruitlessAttempts = 3

/** A described file. Its beginning can be read before the rest is fetched. */
export const remoteFile = (file: RemoteFile, store: FileStore): SourceFile => ({
  name: nameIn(file),
  size: file.size,
  read: (begin, end) => readRange(file, begin, end),
  fetch: (onProgress = () => {}, onRemark = () => {}) => fetchWhole(file, store, onProgress, onRemark),
})

/** What is kept whole under a key, for when the server cannot be asked. */
export async function keptFile(key: string, store: FileStore): Promise<RemoteFile | null> {
  const note = await readNote(store, nameOf(key))
  if (!note?.whole) return null
  const { sha256 } = note.whole
  return { key, url: key, size: note.size, version: note.version, sha256, validator: null }
}

async function fetchWhole(
  file: RemoteFile,
  store: FileStore,
  onProgress: Progress,
  onRemark: Remark,
): Promise<WholeFile> {
  const name = nameOf(file.key)
  try {
    return await store.alone(name, async (alive) => {
      const kept = await findKept(file, store, name)
      if (kept) onProgress(file.size, file.size)
      return kept ?? (await downloadVerified(file, store, name, heard(onProgress, alive)))
    })
  } catch (problem) {
    if (problem instanceof Stuck)
      onRemark(
        `Another tab of this browser is fetching ${nameIn(file)} and does not go on, so this tab fetches it for itself. Close that tab, or go back to it.`,
      )
    else if (problem instanceof DOMException) {
      // A full disk or a private window is no reason to fail: then the next visit downloads again.
      await store.remove(name).catch(() => {})
      onRemark(
        `${nameIn(file)} could not be kept on this browser’s disk, so the next visit fetches it again. Free some disk space.`,
      )
    } else throw problem
    return downloadVerified(file, memoryStore(), name, onProgress)
  }
}

const heard =
  (onProgress: Progress, alive: Alive): Progress =>
  (done, total) => {
    alive()
    onProgress(done, total)
  }

/** The kept file if it is whole. What belongs to another version, or has another length, is removed. */
async function findKept(file: RemoteFile, store: FileStore, name: string): Promise<WholeFile | null> {
  const note = await readNote(store, name)
  const blob = await store.read(name)
  const sameVersion = note?.version === file.version && note.size === file.size
  if (sameVersion && blob && note.whole === null && blob.size <= file.size) return null // to be resumed
  if (sameVersion && blob?.size === file.size && note.whole) {
    const { sha256, pieces } = note.whole
    if (sha256 === (file.sha256 ?? sha256)) return keptWhole(file, blob, { sha256, pieces }, store, name)
  }
  await store.remove(noteName(name))
  await store.remove(name)
  return null
}

/** A kept file, whose pieces are checked as they are read. */
function keptWhole(
  file: RemoteFile,
  blob: Blob,
  { sha256, pieces }: NonNullable<Note['whole']>,
  store: FileStore,
  name: string,
): WholeFile {
  const repair: Repair = {
    async fetchAgain(begin, end) {
      await store.remove(noteName(name)) // the next visit downloads all of it
      return readRange(file, begin, end).catch(() => null)
    },
    damaged: () =>
      new ModelError(
        `${nameIn(file)} was damaged on this browser’s disk, and its bytes could not be fetched again. Check the connection and reload.`,
      ),
  }
  return { ...checkedAsRead(blobAccess(blob, file.key), pieces, repair), hash: async () => sha256 }
}

/** A download whose hash is wrong is thrown away and tried once more from its beginning. */
async function downloadVerified(
  file: RemoteFile,
  store: FileStore,
  name: string,
  onProgress: Progress,
): Promise<WholeFile> {
  const note: Note = { version: file.version, size: file.size, whole: null }
  for (let attempt = 1; attempt <= 2; attempt++) {
    await writeJson(store, noteName(name), note)
    const whole = await download(file, store, name, onProgress)
    if (whole.sha256 === (file.sha256 ?? whole.sha256)) {
      await writeJson(store, noteName(name), { ...note, whole })
      return keptWhole(file, (await store.read(name))!, whole, store, name)
    }
    await store.remove(name)
  }
  throw new ModelError(
    `${file.url} arrived damaged twice: its SHA-256 is not the announced one. Try again later.`,
  )
}

/** Goes on from what the store holds until the file is whole. */
async function download(
  file: RemoteFile,
  store: FileStore,
  name: string,
  onProgress: Progress,
): Promise<NonNullable<Note['whole']>> {
  let arrival = startArrival()
  let done = 0
  const begun = await store.read(name)
  if (begun)
    for await (const piece of piecesOf(blobAccess(begun, file.key))) {
      await arrival.add(piece)
      done += piece.length
      onProgress(done, file.size)
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
          arrival = startArrival()
          done = 0
        }
        for await (const chunk of chunks) {
          if (done + chunk.length > file.size)
            throw new ModelError(`${file.url} is longer than the server said. Load the model again.`)
          await target.write(chunk)
          await arrival.add(chunk)
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
  return arrival.end()
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
