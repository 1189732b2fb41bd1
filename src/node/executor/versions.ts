/**
 * The versions of adapters as they are sent and stored. Their tensors are where merging is done; here are their names, hashes
 * and bytes. The newest of each adapter is stored; older ones stay as long as an update may still come that started from
 * them.
 */
import type { AdapterId, AdapterName } from '../../federation/types'
import type { IssuedVersion } from '../merging/merging'
import type { Parcel } from '../merging/parcel'
import type { SavedAdapter } from '../stored/storage'

export class Versions {
  /** How many of each adapter. */
  readonly #most: () => number
  /** Newest last. */
  readonly #kept = new Map<AdapterId, IssuedVersion[]>()

  constructor(begun: readonly IssuedVersion[], most: () => number) {
    this.#most = most
    this.replace(begun)
  }

  /** These instead of all that were kept. */
  replace(versions: readonly IssuedVersion[]): void {
    this.#kept.clear()
    for (const version of versions) this.put(version)
  }

  put(issued: IssuedVersion): void {
    const { adapter, version } = issued
    const others = (this.#kept.get(adapter) ?? []).filter((other) => other.version !== version)
    this.#kept.set(adapter, [...others, issued].slice(-this.#most()))
  }

  newest(id: AdapterId): IssuedVersion {
    const version = this.#kept.get(id)?.at(-1)
    if (!version) throw new RangeError(`There is no adapter "${id}" here.`)
    return version
  }

  /** Null where it is no longer kept. */
  at({ adapter, version }: AdapterName): IssuedVersion | null {
    return this.#kept.get(adapter)?.find((issued) => issued.version === version) ?? null
  }

  /** What to send to a device that holds `held`. */
  parcelFor(name: AdapterName, held: AdapterName | null): Parcel {
    const { whole, change } = this.at(name) ?? this.newest(name.adapter)
    const heldHash = held && this.at(held)?.hash
    return change && heldHash === change.message.change?.fromHash ? change : whole
  }

  saved(): SavedAdapter[] {
    return [...this.#kept.values()].map((all) => all.at(-1)!.saved)
  }
}
