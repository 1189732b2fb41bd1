/** The merging worker: the merger behind comlink. What it has encoded it gives away, since it never reads it again. */
import { expose, transfer } from 'comlink'
import { createMerger } from './merger'
import type { IssuedVersion, Merging } from './merging'

const buffersOf = ({ whole, change, saved }: IssuedVersion): ArrayBuffer[] => [
  ...new Set(
    [whole.bytes, change?.bytes, saved.wanted, saved.memory?.momentum, saved.memory?.variance].flatMap(
      (bytes) => (bytes?.buffer as ArrayBuffer | undefined) ?? [],
    ),
  ),
]

const merger = createMerger()

const exposed: Merging = {
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
  async combine(terms, effect) {
    const combined = await merger.combine(terms, effect)
    return transfer(combined, buffersOf(combined))
  },
  async forward(terms, effect, seed) {
    const result = await merger.forward(terms, effect, seed)
    return result && transfer(result, [result.bytes.buffer as ArrayBuffer])
  },
  async pack(adapter, model, config) {
    const bytes = await merger.pack(adapter, model, config)
    return transfer(bytes, [bytes.buffer as ArrayBuffer])
  },
}

expose(exposed)
