/** Hands in workers of a page, or of a worker. */
import type { StartHand } from './crew'

export const startHandInBrowser: StartHand = (start) => {
  const worker = new Worker(new URL('./hand.worker.ts', import.meta.url), { type: 'module', name: 'hand' })
  worker.postMessage(start)
  return { end: () => worker.terminate() }
}
