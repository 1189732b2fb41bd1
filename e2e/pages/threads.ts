/** What a tab computes with the help of other threads: its worker, as an engine's, starts them and runs a program for a while. */
import type { Computed, Work } from './threads.worker'

declare global {
  /** The test page's surface. */
  var compute: (work: Work) => Promise<Computed>
}

globalThis.compute = (work) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./threads.worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<Computed>) => {
      worker.terminate()
      resolve(data)
    }
    worker.onerror = ({ message }) => reject(new Error(message))
    worker.postMessage(work)
  })
