/**
 * Engines in threads of their own, called from this one as if they were here. tfjs's WebAssembly has no threads in Node, so
 * this is how two cores train two devices at once. For Node only.
 */
import { availableParallelism } from 'node:os'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { type Endpoint, wrap } from 'comlink'
import { lifetime } from '../../lib/lifetime'
import { readsTypeScript } from '../../lib/readsTypeScript'
import type { Compute } from '../../training/compute'
import { openHeadless } from '../../training/headless'
import { speechless } from '../simulation/compute'
import type { Employed } from './real'

/** @param threads 0: all work is done in this thread; absent: as many as there are cores, or devices */
export function employThreads(devices: number, threads?: number): readonly Employed[] {
  const count = threads ?? Math.max(1, Math.min(availableParallelism(), devices))
  if (count === 0) return [{ compute: openHeadless(), close: async () => {} }]
  return Array.from({ length: count }, inItsOwnThread)
}

function inItsOwnThread(): Employed {
  const { port1, port2 } = new MessageChannel()
  const script = readsTypeScript(new URL('./worker.ts', import.meta.url))
  const worker = new Worker(script, { eval: true, workerData: port2, transferList: [port2] })
  const remote = wrap<Compute>(endpointOf(port1))
  const life = lifetime()
  worker.on('error', (error) => life.end(error))
  return {
    compute: {
      open: (request) => life.within(remote.open(request)),
      hold: (shelf, examples) => life.within(remote.hold(shelf, examples)),
      train: (request) => life.within(remote.train(request)),
      evaluate: (adapter, shelf) => life.within(remote.evaluate(adapter, shelf)),
      answer: (adapter, probes) => life.within(remote.answer(adapter, probes)),
      sessions: speechless,
      stop: () => life.within(remote.stop()),
    },
    async close() {
      life.end(new Error('The Lab was closed.'))
      await worker.terminate()
    },
  }
}

/** Node and the browser describe the same port differently. */
const endpointOf = (port: MessagePort): Endpoint => ({
  postMessage: (message) => port.postMessage(message),
  addEventListener: (type, listener) => port.addEventListener(type, listener),
  removeEventListener: (type, listener) => port.removeEventListener(type, listener),
  start: () => port.start(),
})
