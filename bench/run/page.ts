/** The page of a run: it starts the worker, hands it the job and keeps the answer for the driver. */
import type { Answer, Job } from '../plan'

declare global {
  interface Window {
    runJob(job: Job): Promise<Answer>
  }
}

window.runJob = (job) =>
  new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data)
    worker.onerror = ({ message }) => resolve({ problem: `The worker did not start: ${message}` })
    worker.postMessage(job)
  })
