/** A tab's engine: starts the compute worker and speaks with it through comlink. */
import { proxy, type Remote, releaseProxy, wrap } from 'comlink'
import { lifeline, type Silence } from '../lib/lifeline'
import type { Compute } from './compute'
import type { Passed, Sessions } from './session'

/** Downloads report every piece, GPUs every program; the slowest of those takes a minute on a busy software GPU. */
const opening: Silence = {
  forMs: 300_000,
  problem: () =>
    new Error(
      'Nothing moved for five minutes while the model was opened, so it was given up. Check the connection and reload the page; if it happens again, choose another model.',
    ),
}

/** A tokenizer reports as it goes. A pattern in a model's file may make it stand still on certain text. */
const holding: Silence = {
  forMs: 120_000,
  problem: () =>
    new Error(
      'This model’s tokenizer stood still over the text for two minutes, so this tab’s engine was ended. Reload the page, and choose other text or another model.',
    ),
}

export interface ComputeWorker {
  readonly compute: Compute
  /** Ends the worker; calls that are under way reject. */
  close(): void
}

export function openCompute(): ComputeWorker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'compute' })
  const remote = wrap<Compute>(worker)
  // A property is a proxy, too, which comlink's types do not know.
  const sessions = remote.sessions as unknown as Remote<Sessions>
  const { call, end } = lifeline(worker, 'The compute worker failed')
  /** Passes reports on, and takes each for a sign of life. */
  const heard = <Progress>(alive: () => void, onProgress: ((progress: Progress) => void) | undefined) =>
    proxy((progress: Progress) => {
      alive()
      onProgress?.(progress)
    })

  const compute: Compute = {
    open: (request, onProgress) => call((alive) => remote.open(request, heard(alive, onProgress)), opening),
    hold: (shelf, examples, onProgress) =>
      call((alive) => remote.hold(shelf, examples, heard(alive, onProgress)), holding),
    train: (request, onProgress) => call(() => remote.train(request, onProgress && proxy(onProgress))),
    evaluate: (adapter, shelf) => call(() => remote.evaluate(adapter, shelf)),
    answer: (adapter, probes) => call(() => remote.answer(adapter, probes)),
    sessions: {
      facts: () => call(() => sessions.facts()),
      arithmetic: () => call(() => sessions.arithmetic()),
      encode: (text) => call(() => sessions.encode(text)),
      decode: (ids) => call(() => sessions.decode(ids)),
      openSession: (request) => call(() => sessions.openSession(request)),
      pass: (request) => call(() => sessions.pass(request) as Promise<Passed>),
      chooseFrom: (law, draw) => call(() => sessions.chooseFrom(law, draw)),
      closeSession: (session) => call(() => sessions.closeSession(session)),
    },
    stop: () => call(() => remote.stop()),
  }
  const close = (): void => {
    remote[releaseProxy]()
    end(new Error('The compute worker was closed.'))
  }
  return { compute, close }
}
