/**
 * Reading a person's own text, wherever it is done: the same functions in a page's worker and in a test without one. Of a file
 * nothing is loaded beyond what a tab takes.
 */
import {
  bytesTaken,
  checkOwnFiles,
  readFiles,
  readPaste,
  refusalOf,
  type TextReading,
  type Wish,
} from '../own'

export interface TextReader {
  /** The i-th wish is for the i-th file. Throws an `OwnTextError` that says what is wrong with which; nothing is lost by it. */
  files(files: readonly File[], wishes?: readonly Wish[]): Promise<TextReading[]>
  paste(text: string, wish?: Wish): Promise<TextReading>
}

export const reader: TextReader = {
  async files(files, wishes) {
    checkOwnFiles(files)
    const taken = bytesTaken(files.map((file) => (refusalOf(file) ? 0 : file.size)))
    const read = []
    for (const [index, file] of files.entries()) {
      const bytes = new Uint8Array(await file.slice(0, taken[index]).arrayBuffer())
      read.push({ name: file.name, size: file.size, bytes })
    }
    return readFiles(read, wishes)
  },
  paste: async (text, wish) => readPaste(text, wish),
}
