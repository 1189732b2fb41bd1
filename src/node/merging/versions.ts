/**
 * The adapters that a coordinator or an edge keeps, by id and version: what devices hold (where training starts), what the server
 * wants them to hold (lossy coding lags behind it), and the server optimizer's memory. The newest version of each id is
 * stored; older ones stay as long as an update may still come that started from them.
 */
import { aggregate } from '../../federation/aggregation/aggregate'
import { decodeGlobal, encodeGlobal } from '../../federation/aggregation/global/bytes'
import { globalOf } from '../../federation/aggregation/global/fold'
import { mixGlobals } from '../../federation/aggregation/global/mix'
import type { GlobalAdapter, LoraUpdate, ServerMemory } from '../../federation/aggregation/types'
import { globalAdapter } from '../../federation/names'
import type { AdapterId, AdapterName, Effect } from '../../federation/types'
import { type AdapterConfig, decodeAdapter } from '../../model/adapter'
import { decodeSafetensors, encodeSafetensors, type TensorMap } from '../../model/safetensors'
import type { SavedAdapter } from '../stored/storage'
import type { Federating } from '../wire/federating'
import { type Issue, issueChange, issueWhole, type Parcel } from './parcel'

export interface Version {
  readonly name: AdapterName
  readonly issue: Issue
  readonly wanted: GlobalAdapter
  readonly memory: ServerMemory | null
  /** What the merge missed of the average of the models, as a share of it; null: no merge, or nobody can know. */
  readonly distortion: number | null
}

export interface Adapters {
  newest(id: AdapterId): Version
  /** Null where it is no longer kept. */
  at(name: AdapterName): Version | null
  /** Another node's version: what a merge may start from here. */
  adopt(name: AdapterName, global: GlobalAdapter): void
  merge(effect: Effect & { type: 'merge' }, updates: readonly LoraUpdate[]): Version
  combine(effect: Effect & { type: 'combine' }): void
  /** Keeps a version that was made elsewhere. */
  take(name: AdapterName, bytes: Uint8Array, folds: number): void
  /** What to send to a device that holds `held`. */
  parcelFor(name: AdapterName, held: AdapterName | null): Parcel
  /** Begins again with this adapter; only before anything was learned. */
  reset(initial: Uint8Array): void
  saved(): SavedAdapter[]
}

export interface Kept {
  readonly federating: () => Federating
  readonly config: () => AdapterConfig
  /** How many versions of each adapter. */
  readonly versions: () => number
}

export function keepAdapters(
  { federating, config, versions }: Kept,
  initial: Uint8Array,
  stored: readonly SavedAdapter[],
): Adapters {
  /** Newest last. */
  const kept = new Map<AdapterId, Version[]>()

  function put(version: Version): void {
    const { adapter } = version.name
    kept.set(adapter, [...(kept.get(adapter) ?? []), version].slice(-versions()))
  }

  const whole = (name: AdapterName, global: GlobalAdapter): Version => ({
    ...{ name, issue: issueWhole(name, global), wanted: global, memory: null, distortion: null },
  })

  function reset(bytes: Uint8Array): void {
    kept.clear()
    put(whole({ adapter: globalAdapter, version: 0 }, globalOf(decodeAdapter(bytes, config()))))
  }

  function newest(id: AdapterId): Version {
    const version = kept.get(id)?.at(-1)
    if (!version) throw new RangeError(`There is no adapter "${id}" here.`)
    return version
  }

  const at = ({ adapter, version }: AdapterName): Version | null =>
    kept.get(adapter)?.find(({ name }) => name.version === version) ?? null

  reset(initial)
  for (const adapter of stored) put(restored(adapter, config()))

  return {
    newest,
    at,
    reset,
    adopt: (name, global) => put(whole(name, global)),
    merge({ adapter, version, from }, updates) {
      const { rule, aggregation } = federating()
      // An edge's rounds begin anew from the coordinator's adapter.
      const before = from.adapter === adapter ? newest(adapter) : (at(from) ?? newest(from.adapter))
      const { issue, wanted, memory } = before
      const merged = aggregate(rule, wanted, updates, aggregation, memory)
      const name = { adapter, version }
      const next = issueChange(federating(), issue.whole.message, issue.global, merged, name)
      const distortion = merged.distortion?.relative ?? null
      const made = { name, issue: next, wanted: merged.global, memory: merged.memory, distortion }
      put(made)
      return made
    },
    combine({ adapter, version, of }) {
      const { rule, aggregation } = federating()
      const parts = of.map((part) => ({
        ...{ of: part.adapter, weight: part.weight },
        global: (at(part) ?? newest(part.adapter)).wanted,
      }))
      const own = kept.get(adapter)?.at(-1)?.wanted ?? parts[0].global
      const mixed = parts.length === 1 ? parts[0].global : mixGlobals(rule, own, parts, aggregation)
      put(whole({ adapter, version }, mixed))
    },
    take: (name, bytes, folds) => put(whole(name, decodeGlobal(bytes, config(), folds))),
    parcelFor(name, held) {
      const { whole, change } = (at(name) ?? newest(name.adapter)).issue
      const heldHash = held && at(held)?.issue.hash
      return change && heldHash === change.message.change?.fromHash ? change : whole
    },
    saved: () => [...kept.values()].map((all) => toStored(all.at(-1)!)),
  }
}

function toStored({ name: { adapter, version }, issue, wanted, memory }: Version): SavedAdapter {
  return {
    ...{ id: adapter, version, folds: issue.global.folds, held: issue.bytes },
    wanted: encodeGlobal(wanted),
    memory: memory && {
      momentum: encodeSafetensors(memory.momentum),
      variance: encodeSafetensors(memory.variance),
    },
  }
}

function restored(
  { id, version, folds, held, wanted, memory }: SavedAdapter,
  config: AdapterConfig,
): Version {
  const name = { adapter: id, version }
  const tensors = (bytes: Uint8Array): TensorMap => decodeSafetensors(bytes).tensors
  return {
    name,
    issue: issueWhole(name, decodeGlobal(held, config, folds)),
    wanted: decodeGlobal(wanted, config, folds),
    memory: memory && { momentum: tensors(memory.momentum), variance: tensors(memory.variance) },
    distortion: null,
  }
}
