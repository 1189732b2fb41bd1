/**
 * Own text as a page reads it: in a worker that lives for one reading and ends with it, or at the deadline. What can be
 * refused by its name is refused here, before a worker is started.
 */
import { wrap } from 'comlink'
import { lifeline } from '../../lib/lifeline'
import { checkOwnFiles, OwnTextError } from '../own'
import type { TextReader } from './reader'
import type { Answer, WorkingReader } from './worker'

/** The most that is taken is read in two seconds here; a phone may take ten times as long. */
const deadlineMs = 30_000

const tooSlow = () => new OwnTextError({ kind: 'too-slow', seconds: deadlineMs / 1000 })

export const readerInWorker: TextReader = {
  async files(files, wishes) {
    checkOwnFiles(files)
    return inWorker((reader) => reader.files([...files], wishes))
  },
  paste: (text, wish) => inWorker((reader) => reader.paste(text, wish)),
}

async function inWorker<Result>(read: (reader: WorkingReader) => Promise<Answer<Result>>): Promise<Result> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'reader' })
  const life = lifeline(worker, 'The text could not be read')
  try {
    const answer = await life.call(() => read(wrap<WorkingReader>(worker)), {
      forMs: deadlineMs,
      problem: tooSlow,
    })
    if ('problem' in answer) throw new OwnTextError(answer.problem)
    return answer.result
  } finally {
    life.end(tooSlow())
  }
}
