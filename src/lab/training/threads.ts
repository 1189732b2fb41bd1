/**
 * Engines in threads of their own, called from this one as if they were here. tfjs's WebAssembly has no threads in Node, so
 * this is how two cores train two devices at once. For Node only.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { wrap } from 'comlink'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import { lifetime } from '../../lib/lifetime'
import type { Compute } from '../../training/compute'
import { openHeadless } from '../../training/headless'
import type { Employed } from './real'

/** @param threads 0: all work is done in this thread; absent: as many as there are cores, or devices */
export function employThreads(devices: number, threads?: number): readonly Employed[] {
  const count = threads ?? Math.max(1, Math.min(availableParallelism(), devices))
  if (count === 0) return [{ compute: openHeadless(), close: async () => {} }]
  return Array.from({ length: count }, inItsOwnThread)
}

function inItsOwnThread(): Employed {
  const worker = new Worker(readsTypeScript(new URL('./worker.ts', import.meta.url)), { eval: true })
  const remote = wrap<Compute>(nodeEndpoint(worker))
  const life = lifetime()
  worker.on('error', (error) => life.end(error))
  return {
    compute: {
      open: (request) => life.within(remote.open(request)),
      hold: (shelf, examples) => life.within(remote.hold(shelf, examples)),
      train: (request) => life.within(remote.train(request)),
      evaluate: (adapter, shelf) => life.within(remote.evaluate(adapter, shelf)),
      answer: (adapter, probes) => life.within(remote.answer(adapter, probes)),
      generate: (request) => life.within(remote.generate(request)),
      stop: () => life.within(remote.stop()),
    },
    async close() {
      life.end(new Error('The Lab was closed.'))
      await worker.terminate()
    },
  }
}

/** A thread does not inherit how this one reads TypeScript: it learns it first. */
function readsTypeScript(file: URL): string {
  const tsx = import.meta.resolve('tsx/esm/api')
  return `import('${tsx}').then(({ register }) => { register(); return import('${file}') })`
}
