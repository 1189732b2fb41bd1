/**
 * Hands in threads of their own, seen from this one: calls go over as messages and come back as promises. tfjs's
 * WebAssembly has no threads in Node, so this is how two cores train two devices at once. For Node only.
 */

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { createNodeHand } from './directories'
import type { Employed, Hand } from './hand'

export interface Question {
  readonly id: number
  readonly method: keyof Hand
  readonly args: readonly unknown[]
}

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly problem: { readonly name: string; readonly message: string } }

/** @param threads 0: all work is done in this thread; absent: as many as there are cores, or devices */
export function employThreads(devices: number, threads?: number): readonly Employed[] {
  const count = threads ?? Math.max(1, Math.min(availableParallelism(), devices))
  if (count === 0) return [{ hand: createNodeHand(), close: async () => {} }]
  return Array.from({ length: count }, inItsOwnThread)
}

function inItsOwnThread(): Employed {
  const worker = new Worker(readsTypeScript(new URL('./worker.ts', import.meta.url)), { eval: true })
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  let asked = 0
  const failAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('message', (answer: Answer) => {
    const { resolve, reject } = waiting.get(answer.id)!
    waiting.delete(answer.id)
    if ('result' in answer) resolve(answer.result)
    else reject(Object.assign(new Error(answer.problem.message), { name: answer.problem.name }))
  })
  worker.on('error', failAll)
  const call = <Method extends keyof Hand>(method: Method, ...args: Parameters<Hand[Method]>) =>
    new Promise<Awaited<ReturnType<Hand[Method]>>>((resolve, reject) => {
      const id = asked++
      waiting.set(id, { resolve: resolve as (result: unknown) => void, reject })
      worker.postMessage({ id, method, args } satisfies Question)
    })
  return {
    hand: {
      open: (settings) => call('open', settings),
      train: (job) => call('train', job),
      evaluate: (...args) => call('evaluate', ...args),
    },
    async close() {
      await worker.terminate()
      failAll(new Error('The Lab was closed.'))
    },
  }
}

/** A thread does not inherit how this one reads TypeScript: it learns it first. */
function readsTypeScript(file: URL): string {
  const tsx = import.meta.resolve('tsx/esm/api')
  return `import('${tsx}').then(({ register }) => { register(); return import('${file}') })`
}
