/**
 * The merger across a thread's border, from both sides: bytes that nobody reads again where they are, updates on their way in
 * and encoded versions on their way out, are given away and not copied.
 */
import { type Remote, transfer } from 'comlink'
import type { IssuedVersion, Merging } from './merging'

/** In the worker: what it has encoded it never reads again. */
export const givingAway = (merger: Merging): Merging => ({
  ...merger,
  async begin(config, initial, stored) {
    const versions = await merger.begin(config, initial, stored)
    return transfer(versions, versions.flatMap(buffersOf))
  },
  async adopt(terms, version) {
    const adopted = await merger.adopt(terms, version)
    return transfer(adopted, buffersOf(adopted))
  },
  async merge(terms, effect) {
    const merged = await merger.merge(terms, effect)
    return transfer(merged, buffersOf(merged.version))
  },
  async keep(terms, effect) {
    const kept = await merger.keep(terms, effect)
    return transfer(kept, buffersOf(kept))
  },
  async combine(terms, effect) {
    const combined = await merger.combine(terms, effect)
    return transfer(combined, buffersOf(combined))
  },
  async forward(terms, effect, seed) {
    const result = await merger.forward(terms, effect, seed)
    return result && transfer(result, [result.bytes.buffer as ArrayBuffer])
  },
  async pack(adapter, base, config) {
    const bytes = await merger.pack(adapter, base, config)
    return transfer(bytes, [bytes.buffer as ArrayBuffer])
  },
})

/** In the page. @param call makes sure that every call comes to an end */
export const throughRemote = (
  remote: Remote<Merging>,
  call: <Result>(work: () => Promise<Result>) => Promise<Result>,
): Merging => ({
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
  keep: (terms, effect) => call(() => remote.keep(terms, effect)),
  combine: (terms, effect) => call(() => remote.combine(terms, effect)),
  distance: (of) => call(() => remote.distance(of)),
  compare: (effect) => call(() => remote.compare(effect)),
  forward: (terms, effect, seed) => call(() => remote.forward(terms, effect, seed)),
  forget: (device, round) => call(() => remote.forget(device, round)),
  forgetAllOf: (device) => call(() => remote.forgetAllOf(device)),
  pack: (adapter, base, config) => call(() => remote.pack(adapter, base, config)),
})

/** What is sent whole is stored too: one buffer. */
const buffersOf = ({ change, saved }: IssuedVersion): ArrayBuffer[] => {
  const all = [saved.held, saved.wanted, change?.bytes, saved.memory?.momentum, saved.memory?.variance]
  return [...new Set(all.flatMap((bytes) => (bytes?.buffer as ArrayBuffer | undefined) ?? []))]
}

/** Bytes that may be given away: a part of a larger buffer is copied out of it first. */
const wholeBuffer = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
    ? (bytes as Uint8Array<ArrayBuffer>)
    : bytes.slice()
