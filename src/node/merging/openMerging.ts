/** Merging in a page: starts the worker and speaks with it through comlink. */
import { releaseProxy, wrap } from 'comlink'
import { lifeline } from '../../lib/lifeline'
import { throughRemote } from './across'
import type { Merging, OpenMerging } from './merging'

export const openMerging: OpenMerging = () => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'merging' })
  const remote = wrap<Merging>(worker)
  const { call, end } = lifeline(worker, 'The merging worker failed')
  return {
    merging: throughRemote(remote, call),
    close() {
      remote[releaseProxy]()
      end(new Error('The merging worker was closed.'))
    },
  }
}
