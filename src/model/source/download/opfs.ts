/**
 * Downloads kept in the browser's origin private file system: whole files on disk, that survive a reload and a crash. A
 * worker writes through synchronous access handles, which keep every byte at once; elsewhere a writable stream keeps them
 * when it is closed. Reading needs neither: a `File` reads from disk as it is asked.
 * Source: https://fs.spec.whatwg.org
 */
import { alone, sharedLocks } from './patience'
import { type Appender, type FileStore, memoryStore } from './store'

/** Only workers have it, so that TypeScript's library for pages does not list it. */
interface SyncAccessHandle {
  getSize(): number
  write(bytes: Uint8Array, options: { at: number }): number
  flush(): void
  close(): void
}
type FileHandle = FileSystemFileHandle & { createSyncAccessHandle?(): Promise<SyncAccessHandle> }

/** The disk, or null where the browser grants none: in a private window or an insecure page. */
export async function openDisk(): Promise<FileStore | null> {
  try {
    const root = await navigator.storage.getDirectory()
    return directoryStore(await root.getDirectoryHandle('models', { create: true }))
  } catch {
    return null
  }
}

/** The disk where there is one, else memory. */
export const openStore = async (): Promise<FileStore> => (await openDisk()) ?? memoryStore()

const directoryStore = (directory: FileSystemDirectoryHandle): FileStore => ({
  async read(name) {
    const handle = await directory.getFileHandle(name).catch(() => null)
    return (await handle?.getFile()) ?? null
  },
  async append(name) {
    const handle: FileHandle = await directory.getFileHandle(name, { create: true })
    return handle.createSyncAccessHandle
      ? syncAppender(await handle.createSyncAccessHandle())
      : streamAppender(handle)
  },
  remove: (name) => directory.removeEntry(name).catch(() => {}),
  alone: (name, work) => alone(sharedLocks, `gossamer model ${name}`, work),
})

/** Written to disk in between, so that little is lost with the power. */
const flushBytes = 64 << 20

function syncAppender(handle: SyncAccessHandle): Appender {
  let end = handle.getSize()
  let flushed = end
  return {
    async write(bytes) {
      for (let done = 0; done < bytes.length; ) {
        const written = handle.write(bytes.subarray(done), { at: end })
        if (written === 0) throw new DOMException('The disk is full.', 'QuotaExceededError')
        done += written
        end += written
      }
      if (end - flushed < flushBytes) return
      handle.flush()
      flushed = end
    },
    async close() {
      try {
        handle.flush()
      } finally {
        handle.close() // a file that stays open can neither be read nor removed
      }
    },
  }
}

async function streamAppender(handle: FileSystemFileHandle): Promise<Appender> {
  const { size } = await handle.getFile()
  const stream = await handle.createWritable({ keepExistingData: true })
  await stream.seek(size)
  return {
    write: (bytes) => stream.write(bytes as Uint8Array<ArrayBuffer>),
    close: () => stream.close(),
  }
}
