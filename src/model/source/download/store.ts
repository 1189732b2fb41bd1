/**
 * Where downloads are kept: files by flat names, that grow at their end and are read anywhere. In a browser they lie in the
 * origin's private file system (opfs.ts); here is the store in memory, for tests, Node, and browsers that grant no disk.
 */
import { type Alive, alone, ownLocks, type Patience } from './patience'

export interface FileStore {
  /** What is there so far, null where there is nothing. */
  read(name: string): Promise<Blob | null>
  /** Opens a file to write at its end; it begins empty. */
  append(name: string): Promise<Appender>
  /** Removing what is not there is no error. */
  remove(name: string): Promise<void>
  /**
   * Runs `work` while nobody else, in no other tab either, runs any under this name. Rejects with `Stuck` where whoever does
   * gives no sign of life (patience.ts).
   */
  alone<T>(name: string, work: (alive: Alive) => Promise<T>): Promise<T>
}

/** Whatever was written before `close` is kept, also where the writer never gets there. */
export interface Appender {
  write(bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}

/** Replaces a file by a JSON value. */
export async function writeJson(store: FileStore, name: string, value: unknown): Promise<void> {
  await store.remove(name)
  const file = await store.append(name)
  await file.write(new TextEncoder().encode(JSON.stringify(value)))
  await file.close()
}

/** A file's JSON value, null where there is none or it is damaged. */
export async function loadJson(store: FileStore, name: string): Promise<unknown> {
  const blob = await store.read(name)
  try {
    return blob && JSON.parse(await blob.text())
  } catch {
    return null
  }
}

/** Pieces become a Blob together when they reach this size: many small Blobs are slow, and a Blob may leave memory. */
const blobBytes = 8 << 20

export function memoryStore(patience?: Patience): FileStore {
  const files = new Map<string, { blobs: Blob[]; pending: Uint8Array<ArrayBuffer>[]; pendingBytes: number }>()
  const locks = ownLocks()
  return {
    async read(name) {
      const file = files.get(name)
      return file ? new Blob([...file.blobs, ...file.pending]) : null
    },
    async append(name) {
      const file = files.get(name) ?? { blobs: [], pending: [], pendingBytes: 0 }
      files.set(name, file)
      return {
        async write(bytes) {
          file.pending.push(bytes.slice())
          file.pendingBytes += bytes.length
          if (file.pendingBytes < blobBytes) return
          file.blobs.push(new Blob(file.pending.splice(0)))
          file.pendingBytes = 0
        },
        close: async () => {},
      }
    },
    async remove(name) {
      files.delete(name)
    },
    alone: (name, work) => alone(locks, name, work, patience),
  }
}
