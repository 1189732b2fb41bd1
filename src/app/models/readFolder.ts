/** A folder as the page gets it, dropped or chosen, with each file's place in it. Hidden files are left out. */
import type { FolderFile } from '../../node/browser/models'

/** No model's folder holds as many: whoever drops their whole disk hears so at once. */
export const mostFiles = 2000

const isHidden = (path: string): boolean => path.split('/').some((part) => part.startsWith('.'))

export const filesPicked = (files: readonly File[]): FolderFile[] =>
  files
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
    .filter(({ path }) => !isHidden(path))

/** Stops reading beyond `mostFiles`. */
export async function filesDropped({ items }: DataTransfer): Promise<FolderFile[]> {
  // Entries must be taken before anything is waited for: afterwards the browser has emptied the list.
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  const found: FolderFile[] = []
  for (const entry of entries) await collect(entry, entry.name, found)
  return found
}

async function collect(entry: FileSystemEntry, path: string, found: FolderFile[]): Promise<void> {
  if (isHidden(path) || found.length > mostFiles) return
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    found.push({ path, file })
  } else if (isDirectory(entry)) {
    for (const inner of await entriesOf(entry)) await collect(inner, `${path}/${inner.name}`, found)
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory

/** A directory's reader gives some entries at a time, and none when it is done. */
async function entriesOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return all
    for (const entry of some) all.push(entry)
  }
}
