/** Merging where it is called: in the worker of a page, and in one thread with everything else in tests and simulations. */
import { globalComplaint } from '../../federation/aggregation/check'
import { decodeGlobal } from '../../federation/aggregation/global/bytes'
import type { CodecMemory } from '../../federation/compression/types'
import { globalAdapter } from '../../federation/names'
import { sha256Hex } from '../../lib/hash'
import { encodeForward } from './forwarding'
import type { Merging } from './merging'
import { packAdapter } from './pack'
import { federatingBy } from './terms'
import { KeptUpdates } from './updates'
import { issuedOf, KeptVersions } from './versions'

export function createMerger(): Merging {
  let begun: KeptVersions | null = null
  let updates = new KeptUpdates()
  /** What coding left out of the last result that was forwarded. */
  let owed: CodecMemory = null

  const versions = (): KeptVersions => {
    if (!begun) throw new Error('Merging has not begun.')
    return begun
  }

  return {
    async begin(config, initial, stored) {
      begun = new KeptVersions(config, initial, stored)
      updates = new KeptUpdates()
      owed = null
      return begun.all().map(issuedOf)
    },
    async adopt({ versionsKept }, { adapter, version, hash, folds, bytes }) {
      const { config, tensors } = versions().initial
      if (sha256Hex(bytes) !== hash) throw new Error('its bytes do not match their hash')
      const global = decodeGlobal(bytes, config, folds)
      const complaint = globalComplaint(tensors, global)
      if (complaint) throw new Error(complaint)
      return issuedOf(versions().adopt({ adapter, version }, global, versionsKept))
    },
    async take(terms, arrived, bytes) {
      const { from } = arrived
      const start = versions().at(from)
      return start
        ? updates.take(federatingBy(terms), start.issue.global, arrived, bytes)
        : `it started from version ${from.version}, which is no longer kept: it came too late`
    },
    async merge(terms, effect) {
      try {
        const { wanted } = versions().before(effect)
        const federating = federatingBy(terms)
        const { updates: all, ...believed } = updates.forMerge(federating, effect, wanted)
        const made = versions().merge(federating, effect, all, terms.versionsKept)
        return { version: issuedOf(made), ...believed }
      } finally {
        for (const { device, round } of effect.updates) updates.forget(device, round)
      }
    },
    keep: async ({ versionsKept }, effect) => issuedOf(versions().keep(effect, versionsKept)),
    combine: async (terms, effect) =>
      issuedOf(versions().combine(federatingBy(terms), effect, terms.versionsKept)),
    distance: async (of) => versions().distance(of),
    compare: async (effect) => ({ type: 'compared', round: effect.round, ...updates.compare(effect) }),
    async forward(terms, { adapter, version, startedFrom, round }, seed) {
      const start = versions().at({ adapter: globalAdapter, version: startedFrom })
      const result = versions().at({ adapter, version })
      if (!start || !result) return null
      const { up, rule } = federatingBy(terms)
      const [end, from] = [result.wanted.adapter.tensors, start.issue.global.adapter.tensors]
      const { bytes, memory } = encodeForward(up, end, from, rule.sends(round), owed, seed)
      owed = memory
      return { bytes, hash: sha256Hex(bytes) }
    },
    forget: async (device, round) => updates.forget(device, round),
    forgetAllOf: async (device) => updates.forgetAllOf(device),
    pack: async (adapter, base, config) => packAdapter(adapter, base, config),
  }
}
