/** Merging in a page: starts the worker and speaks with it through comlink. */
import { releaseProxy, transfer, wrap } from 'comlink'
import { lifeline } from '../../lib/lifeline'
import type { Merging, OpenMerging } from './merging'

export const openMerging: OpenMerging = () => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'merging' })
  const remote = wrap<Merging>(worker)
  const { call, end } = lifeline(worker, 'The merging worker failed')
  const merging: Merging = {
    begin: (config, initial, stored) => call(() => remote.begin(config, initial, stored)),
    adopt: (terms, version) =>
      call(() => {
        const bytes = wholeBuffer(version.bytes)
        return remote.adopt(terms, transfer({ ...version, bytes }, [bytes.buffer]))
      }),
    take: (terms, update, given) =>
      call(() => {
        const bytes = wholeBuffer(given)
        return remote.take(terms, update, transfer(bytes, [bytes.buffer]))
      }),
    merge: (terms, effect) => call(() => remote.merge(terms, effect)),
    combine: (terms, effect) => call(() => remote.combine(terms, effect)),
    distance: (of) => call(() => remote.distance(of)),
    compare: (effect) => call(() => remote.compare(effect)),
    forward: (terms, effect, seed) => call(() => remote.forward(terms, effect, seed)),
    forget: (device, round) => call(() => remote.forget(device, round)),
    pack: (adapter, model, config) => call(() => remote.pack(adapter, model, config)),
  }
  return {
    merging,
    close() {
      remote[releaseProxy]()
      end(new Error('The merging worker was closed.'))
    },
  }
}

/** Bytes that may be given away: a part of a larger buffer is copied out of it first. */
const wholeBuffer = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
    ? (bytes as Uint8Array<ArrayBuffer>)
    : bytes.slice()
