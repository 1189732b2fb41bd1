/** A tab's engine: starts the compute worker and speaks with it through comlink. */
import { proxy, releaseProxy, wrap } from 'comlink'
import type { Compute } from './compute'

export interface ComputeWorker {
  readonly compute: Compute
  /** Ends the worker; calls that are under way reject. */
  close(): void
}

export function openCompute(): ComputeWorker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'compute' })
  const remote = wrap<Compute>(worker)
  let fail: (problem: Error) => void = () => {}
  /** Rejects once, when no answer can come any more; otherwise a dead worker's calls would wait for ever. */
  const end = new Promise<never>((_, reject) => {
    fail = reject
  })
  end.catch(() => {})
  worker.addEventListener('error', ({ message }) =>
    fail(new Error(`The compute worker failed: ${message || 'its script did not load'}. Reload the page.`)),
  )
  const call = <Result>(answer: Promise<Result>): Promise<Result> => Promise.race([answer, end])

  /** Progress comes through a port of its own, so it can be later than the answer: then it is no news any more. */
  async function reporting<Progress, Result>(
    onProgress: ((progress: Progress) => void) | undefined,
    ask: (report: ((progress: Progress) => void) | undefined) => Promise<Result>,
  ): Promise<Result> {
    let isOver = false
    const report = onProgress && proxy((progress: Progress) => void (isOver || onProgress(progress)))
    try {
      return await call(ask(report))
    } finally {
      isOver = true
    }
  }

  const compute: Compute = {
    open: (request, onProgress) => reporting(onProgress, (report) => remote.open(request, report)),
    hold: (shelf, examples, onProgress) =>
      reporting(onProgress, (report) => remote.hold(shelf, examples, report)),
    train: (request, onProgress) => reporting(onProgress, (report) => remote.train(request, report)),
    evaluate: (adapter, shelf) => call(remote.evaluate(adapter, shelf)),
    answer: (adapter, probes) => call(remote.answer(adapter, probes)),
    generate: (request) => call(remote.generate(request)),
    stop: () => call(remote.stop()),
  }
  const close = (): void => {
    fail(new Error('The compute worker was closed.'))
    remote[releaseProxy]()
    worker.terminate()
  }
  return { compute, close }
}
