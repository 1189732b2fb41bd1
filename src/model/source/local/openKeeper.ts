/** Gives a folder to this browser, for `local:name`: starts the worker that copies it, and ends it afterwards. */
import { proxy, wrap } from 'comlink'
import type { FolderFile } from '../folder'
import type { Progress } from '../source'
import type { KeptModel } from './keep'
import type { Keeper } from './worker'

/** See `keepFolder`. Throws an error whose message says what to do. */
export async function keepFolderHere(
  files: readonly FolderFile[],
  onProgress: Progress,
  model?: string,
): Promise<KeptModel> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'keeper' })
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) =>
      reject(
        new Error(`The folder could not be copied: ${message || 'a script did not load'}. Reload the page.`),
      ),
    )
  })
  try {
    return await Promise.race([wrap<Keeper>(worker).keep([...files], model, proxy(onProgress)), broken])
  } finally {
    worker.terminate()
  }
}
