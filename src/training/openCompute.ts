/** A tab's engine: starts the compute worker and speaks with it through comlink. */
import { proxy, releaseProxy, wrap } from 'comlink'
import { lifetime } from '../lib/lifetime'
import type { Compute } from './compute'

export interface ComputeWorker {
  readonly compute: Compute
  /** Ends the worker; calls that are under way reject. */
  close(): void
}

export function openCompute(): ComputeWorker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'compute' })
  const remote = wrap<Compute>(worker)
  /** Ends when no answer can come any more; otherwise a dead worker's calls would wait for ever. */
  const life = lifetime()
  worker.addEventListener('error', ({ message }) =>
    life.end(
      new Error(`The compute worker failed: ${message || 'its script did not load'}. Reload the page.`),
    ),
  )
  const call = life.within

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
    life.end(new Error('The compute worker was closed.'))
    remote[releaseProxy]()
    worker.terminate()
  }
  return { compute, close }
}
