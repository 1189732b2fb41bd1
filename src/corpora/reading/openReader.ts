/**
 * Own text as a page reads it: in a worker that lives for one reading and ends with it, or at the deadline. What can be
 * refused by its size is refused here, before a worker is started.
 */
import { wrap } from 'comlink'
import { lifeline } from '../../lib/lifeline'
import type { Example } from '../example'
import { checkOwnFiles, checkOwnPaste, OwnTextError } from '../own'
import type { TextReader } from './reader'

/** The largest file that is taken is read in two seconds here; a phone may take ten times as long. */
const deadlineMs = 30_000

const tooSlow = () =>
  new OwnTextError(
    'too-slow',
    `This text could not be read within ${deadlineMs / 1000} s and was given up: it is not what its name says, or damaged. ` +
      'Open it in the program that made it, save it as plain text, and try again with a part of it.',
  )

export const readerInWorker: TextReader = {
  async files(files) {
    checkOwnFiles(files)
    return inWorker((reader) => reader.files([...files]))
  },
  async paste(text) {
    checkOwnPaste(text)
    return inWorker((reader) => reader.paste(text))
  },
}

async function inWorker(read: (reader: TextReader) => Promise<Example[]>): Promise<Example[]> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'reader' })
  const life = lifeline(worker, 'The text could not be read')
  try {
    return await life.call(() => read(wrap<TextReader>(worker)), { forMs: deadlineMs, problem: tooSlow })
  } finally {
    life.end(tooSlow())
  }
}
