/**
 * Reading a person's own text, wherever it is done: the same functions in a page's worker and in a test without one. Files are
 * looked at by their sizes first, and nothing of a file is read that is too large.
 */
import type { Example } from '../example'
import { checkOwnFiles, readOwnFiles, readOwnPaste } from '../own'

export interface TextReader {
  /** Throws an `OwnTextError` that says what is wrong with which file; nothing is lost by it. */
  files(files: readonly File[]): Promise<Example[]>
  paste(text: string): Promise<Example[]>
}

export const reader: TextReader = {
  async files(files) {
    checkOwnFiles(files)
    const read = []
    for (const file of files) read.push({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
    return readOwnFiles(read)
  },
  paste: async (text) => readOwnPaste(text),
}
