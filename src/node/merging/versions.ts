/**
 * The adapters that are kept as tensors, by id and version: what devices hold (where training starts), what the server
 * wants them to hold (lossy coding lags behind it), and the server optimizer's memory.
 */
import { aggregate } from '../../federation/aggregation/aggregate'
import { gramOf, modelOf } from '../../federation/aggregation/algebra/models'
import { decodeGlobal, encodeGlobal } from '../../federation/aggregation/global/bytes'
import { globalOf } from '../../federation/aggregation/global/fold'
import { mixGlobals } from '../../federation/aggregation/global/mix'
import type { GlobalAdapter, LoraUpdate, ServerMemory } from '../../federation/aggregation/types'
import { relativeConsensusError } from '../../federation/analysis/terms'
import type { CombineEffect, MergeEffect } from '../../federation/effects'
import { globalAdapter, initialAdapter } from '../../federation/names'
import type { AdapterId, AdapterName } from '../../federation/types'
import { type Adapter, type AdapterConfig, decodeAdapter } from '../../model/adapter'
import { decodeSafetensors, encodeSafetensors, type TensorMap } from '../../model/safetensors'
import type { Federating } from '../../settings/derived/merging'
import type { SavedAdapter } from '../stored/storage'
import type { IssuedVersion } from './merging'
import { type Issue, issueChange, issueWhole } from './parcel'

export interface Version {
  readonly name: AdapterName
  readonly issue: Issue
  readonly wanted: GlobalAdapter
  readonly memory: ServerMemory | null
  readonly distortion: number | null
}

const all = Number.POSITIVE_INFINITY

export class KeptVersions {
  /** What every version is shaped like. */
  readonly initial: Adapter
  /** Newest last. */
  readonly #kept = new Map<AdapterId, Version[]>()

  constructor(config: AdapterConfig, initial: Uint8Array, stored: readonly SavedAdapter[]) {
    this.initial = decodeAdapter(initial, config)
    this.#put(whole({ adapter: globalAdapter, version: 0 }, globalOf(this.initial)), all)
    for (const saved of stored) this.#put(restored(saved, config), all)
  }

  all(): Version[] {
    return [...this.#kept.values()].flat()
  }

  newest(id: AdapterId): Version {
    const version = this.#kept.get(id)?.at(-1)
    if (!version) throw new RangeError(`There is no adapter "${id}" here.`)
    return version
  }

  /** Null where it is no longer kept. */
  at({ adapter, version }: AdapterName): Version | null {
    if (adapter === initialAdapter) return whole({ adapter, version: 0 }, globalOf(this.initial))
    return this.#kept.get(adapter)?.find(({ name }) => name.version === version) ?? null
  }

  /** The version that this merge goes on from: an edge's rounds begin anew from the coordinator's adapter. */
  before({ adapter, version, from, isAgain }: MergeEffect): Version {
    if (isAgain) {
      const start = this.at(from)
      if (!start) throw new RangeError(`Version ${from.version}, from which they started, is no longer kept.`)
      return start
    }
    if (from.adapter !== adapter) return this.at(from) ?? this.newest(from.adapter)
    return this.at({ adapter, version: version - 1 }) ?? this.newest(adapter)
  }

  adopt(name: AdapterName, global: GlobalAdapter, most: number): Version {
    return this.#put(whole(name, global), most)
  }

  /** @throws RangeError as `aggregate` does */
  merge(federating: Federating, effect: MergeEffect, updates: readonly LoraUpdate[], most: number): Version {
    const { adapter, version } = effect
    const { issue, wanted, memory } = this.before(effect)
    const merged = aggregate(federating.rule, wanted, updates, federating.aggregation, memory)
    const name = { adapter, version }
    return this.#put(
      {
        name,
        issue: issueChange(federating, issue.whole.message, issue.global, merged, name),
        wanted: merged.global,
        memory: merged.memory,
        distortion: merged.distortion?.relative ?? null,
      },
      most,
    )
  }

  /** The version before this merge, once more and by the merge's name. */
  keep(effect: MergeEffect, most: number): Version {
    const { issue, wanted, memory } = this.before(effect)
    const name = { adapter: effect.adapter, version: effect.version }
    return this.#put({ ...whole(name, issue.global), wanted, memory }, most)
  }

  combine({ rule, aggregation }: Federating, { adapter, version, of }: CombineEffect, most: number): Version {
    const parts = of.map((part) => ({
      of: part.adapter,
      weight: part.weight,
      global: (this.at(part) ?? this.newest(part.adapter)).wanted,
    }))
    const own = this.#kept.get(adapter)?.findLast(({ name }) => name.version < version)?.wanted
    const mixed =
      parts.length === 1 ? parts[0].global : mixGlobals(rule, own ?? parts[0].global, parts, aggregation)
    return this.#put(whole({ adapter, version }, mixed), most)
  }

  distance(of: readonly AdapterName[]): number {
    const models = of.map((name) => modelOf((this.at(name) ?? this.newest(name.adapter)).wanted.adapter))
    return relativeConsensusError(gramOf(models))
  }

  /** A version that is made once more, because nobody took the last, replaces it. */
  #put(version: Version, most: number): Version {
    const { adapter } = version.name
    const others = (this.#kept.get(adapter) ?? []).filter(({ name }) => name.version !== version.name.version)
    this.#kept.set(adapter, [...others, version].slice(-most))
    return version
  }
}

const whole = (name: AdapterName, global: GlobalAdapter): Version => ({
  name,
  issue: issueWhole(name, global),
  wanted: global,
  memory: null,
  distortion: null,
})

/** As it is sent and stored. */
export function issuedOf({ name, issue, wanted, memory, distortion }: Version): IssuedVersion {
  const { hash, change } = issue
  return {
    adapter: name.adapter,
    version: name.version,
    hash,
    whole: issue.whole,
    change,
    saved: {
      id: name.adapter,
      version: name.version,
      folds: issue.global.folds,
      held: issue.whole.bytes,
      wanted: wanted === issue.global ? issue.whole.bytes : encodeGlobal(wanted),
      memory: memory && {
        momentum: encodeSafetensors(memory.momentum),
        variance: encodeSafetensors(memory.variance),
      },
    },
    distortion,
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
