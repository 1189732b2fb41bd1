/** Hands in threads of Node. They keep no process alive. */
import { Worker } from 'node:worker_threads'
import { readsTypeScript } from '../../../lib/readsTypeScript'
import type { StartHand } from './crew'

export const startHandInNode: StartHand = (start) => {
  const worker = new Worker(readsTypeScript(new URL('./handInNode.ts', import.meta.url)), {
    eval: true,
    workerData: start,
  })
  worker.unref()
  return { end: () => void worker.terminate() }
}
