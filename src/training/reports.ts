/**
 * Progress before answers. Between threads each callback has a port of its own, so an answer could overtake the last
 * report of what it answers, and a tab would show training that is over. Here an answer waits until its last report has
 * been heard: what crosses one port arrives in order, so the others have been too.
 */
import { releaseProxy } from 'comlink'
import type { Compute } from './compute'

/** Called across threads, a callback answers with a promise. */
type Report<Progress> = (progress: Progress) => unknown

async function heard<Progress, Result>(
  onProgress: Report<Progress> | undefined,
  work: (report: ((progress: Progress) => void) | undefined) => Promise<Result>,
): Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  const report = (progress: Progress): void => {
    // Who listens badly does not undo the work.
    last = Promise.resolve(onProgress?.(progress)).catch(() => {})
  }
  try {
    return await work(onProgress && report)
  } finally {
    await last
    release(onProgress)
  }
}

/** Nothing more comes: the callback's port is closed now, and not when a collector gets to it. */
function release(onProgress: unknown): void {
  const close = (onProgress as Partial<Record<typeof releaseProxy, () => void>> | undefined)?.[releaseProxy]
  close?.()
}

/** The same engine, whose answers come after all that it has reported. */
export const reportsFirst = (compute: Compute): Compute => ({
  ...compute,
  open: (request, onProgress) => heard(onProgress, (report) => compute.open(request, report)),
  hold: (shelf, examples, onProgress) => heard(onProgress, (report) => compute.hold(shelf, examples, report)),
  train: (request, onProgress) => heard(onProgress, (report) => compute.train(request, report)),
})
