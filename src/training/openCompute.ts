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

  const compute: Compute = {
    open: (request, onProgress) => call(remote.open(request, onProgress && proxy(onProgress))),
    hold: (shelf, examples, onProgress) =>
      call(remote.hold(shelf, examples, onProgress && proxy(onProgress))),
    train: (request, onProgress) => call(remote.train(request, onProgress && proxy(onProgress))),
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
