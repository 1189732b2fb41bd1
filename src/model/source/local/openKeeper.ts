/** Gives a folder to this browser, for `local:name`: starts the worker that copies it, and ends it afterwards. */
import { proxy, wrap } from 'comlink'
import { lifeline, type Silence } from '../../../lib/lifeline'
import type { FolderFile } from '../folder'
import type { Progress } from '../source'
import type { KeptModel } from './keep'
import type { Keeper } from './worker'

/** Between two pieces that are copied, and for all that is checked before the first. */
const silence: Silence = {
  forMs: 60_000,
  problem: () =>
    new Error(
      'Nothing moved for a minute while the folder was read, so it was given up: a file of it is damaged, or its disk no longer answers. Drop the folder again, or choose another model.',
    ),
}

/** See `keepFolder`. Throws an error whose message says what to do. */
export async function keepFolderHere(
  files: readonly FolderFile[],
  onProgress: Progress,
  model?: string,
): Promise<KeptModel> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'keeper' })
  const life = lifeline(worker, 'The folder could not be copied')
  const heard = (alive: () => void): Progress =>
    proxy((done: number, total: number) => {
      alive()
      onProgress(done, total)
    })
  try {
    return await life.call((alive) => wrap<Keeper>(worker).keep([...files], model, heard(alive)), silence)
  } finally {
    life.end(silence.problem())
  }
}
