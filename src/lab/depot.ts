/**
 * Where the bytes are that a reducer only names: versions of adapters, updates on their way into one, what compression has
 * kept back. It merges and combines as the reducer's effects ask. Of every version there are two: what the server has
 * computed and what devices hold of it, which differ where the way down is compressed.
 */
import { aggregate } from '../federation/aggregation/aggregate'
import { changeOf, gramOf, innerProduct, innerProducts } from '../federation/aggregation/algebra/models'
import { bytesOf, downlinkOf, only } from '../federation/aggregation/global/downlink'
import { preciseDifference } from '../federation/aggregation/global/mean'
import { mixGlobals } from '../federation/aggregation/global/mix'
import { type AggregationName, aggregations } from '../federation/aggregation/registry'
import { serverOptimizers } from '../federation/aggregation/serverOptimizers'
import type {
  AggregationRule,
  AggregationSettings,
  Delta,
  Gap,
  GlobalAdapter,
  LoraUpdate,
  ServerMemory,
} from '../federation/aggregation/types'
import { type ConvergenceTerms, convergenceTerms } from '../federation/analysis/terms'
import { encodeChange } from '../federation/compression/change'
import { type CompressionName, compressionOf } from '../federation/compression/registry'
import type { CodecMemory } from '../federation/compression/types'
import { shapesOf } from '../federation/compression/vector'
import type { AdapterName, DeviceKey, Effect } from '../federation/types'
import { random } from '../lib/rng'
import type { TensorMap } from '../model/safetensors'

export interface DepotSettings {
  readonly aggregation: AggregationName
  readonly compression: CompressionName
  readonly serverRate: number | null
  readonly serverMomentum: number
  readonly seed: number
  /** Distortion and drift cost about as much as the merge itself. */
  readonly measuresTerms: boolean
}

export interface MergeTerms extends ConvergenceTerms {
  readonly distortion: Gap | null
}

interface Version {
  readonly server: GlobalAdapter
  readonly held: GlobalAdapter
  readonly wholeBytes: number
  /** For who holds the version before. */
  readonly changeBytes: number
}

type Update = Omit<LoraUpdate, 'device' | 'weight'>

export interface Depot {
  readonly rule: AggregationRule
  /** As a device holds it, with what is its own (FedSA's B). */
  heldBy(device: DeviceKey, name: AdapterName): GlobalAdapter
  /** What it trains from, where it is given a rank of its own. */
  startOf(device: DeviceKey, name: AdapterName, rank: number | null): GlobalAdapter
  /** Bytes to bring a device to this version that holds `holds`. It cuts down to its own rank what is sent to all. */
  bytesDown(name: AdapterName, holds: AdapterName | null): number
  /** Keeps what a device's training changed. @param start from `startOf` @returns the bytes that travel */
  takeUpdate(
    device: DeviceKey,
    round: number,
    from: AdapterName,
    start: GlobalAdapter,
    end: TensorMap,
  ): number
  /** Keeps an edge's adapter as its update. @returns the bytes that travel */
  takeForward(edge: DeviceKey, round: number, from: AdapterName, end: AdapterName): number
  merge(effect: Effect & { type: 'merge' }): MergeTerms | null
  combine(effect: Effect & { type: 'combine' }): void
  /** Inner products of the last updates of those devices that have sent one. */
  compare(effect: Effect & { type: 'compare' }): {
    readonly devices: readonly DeviceKey[]
    readonly landmarks: readonly DeviceKey[]
    readonly gram: readonly (readonly number[])[]
    readonly norms: readonly number[]
  }
  /** The last update of a device. */
  lastUpdate(device: DeviceKey): Update | undefined
}

/** Versions of one adapter that are kept: an asynchronous update may have begun so long ago. */
const mostVersions = 64

export function openDepot(initial: GlobalAdapter, settings: DepotSettings): Depot {
  const { rule, serverOptimizer } = aggregations[settings.aggregation]
  const { up, down } = compressionOf(settings.compression)
  const server: AggregationSettings = {
    serverRate: settings.serverRate ?? serverOptimizers[serverOptimizer].usualRate,
    ...{ serverOptimizer, serverMomentum: settings.serverMomentum },
    ...{ seed: settings.seed, measuresDistortion: settings.measuresTerms },
  }
  const versions = new Map<string, Map<number, Version>>()
  const updates = new Map<string, Update>()
  const latest = new Map<DeviceKey, Update>()
  const unsent = new Map<DeviceKey, CodecMemory>()
  const personal = new Map<DeviceKey, TensorMap>()
  const memories = new Map<string, ServerMemory | null>()
  const first: Version = versionOf(initial, initial, 0)

  function versionOf(computed: GlobalAdapter, held: GlobalAdapter, changeBytes: number): Version {
    return {
      server: computed,
      held,
      wholeBytes: bytesOf(held.adapter.tensors) + bytesOf(held.folded),
      changeBytes,
    }
  }

  /** Every adapter begins as the first. */
  function at({ adapter, version }: AdapterName): Version {
    const known = versions.get(adapter)?.get(version)
    if (known) return known
    if (version === 0) return first
    throw new Error(`Version ${version} of ${adapter} is not kept any more.`)
  }

  function keep({ adapter, version }: AdapterName, made: Version): void {
    const own = versions.get(adapter) ?? new Map<number, Version>()
    versions.set(adapter, own.set(version, made))
    for (const old of own.keys()) if (own.size > mostVersions) own.delete(old)
  }

  /** What devices hold of a new version. */
  function publish(
    name: AdapterName,
    from: AdapterName,
    next: GlobalAdapter,
    factors: number,
    residual: number,
  ): void {
    if (down.kind === 'whole' || !rule.keepsBasis)
      return keep(name, versionOf(next, next, factors + residual))
    const seed = random(settings.seed, 'down', name.adapter, name.version).int(2 ** 31)
    const { config, tensors } = next.adapter
    const before = at(from).held.adapter.tensors
    if (down.kind === 'change') {
      const { bytes, held } = encodeChange(down.codec, before, tensors, seed)
      return keep(
        name,
        versionOf(next, { ...next, adapter: { config, tensors: held } }, bytes.length + residual),
      )
    }
    const { bytes } = down.codec.encode(tensors, null, seed)
    const held = down.codec.decode(bytes, shapesOf(tensors))
    const made = versionOf(next, { ...next, adapter: { config, tensors: held } }, bytes.length + residual)
    keep(name, { ...made, wholeBytes: bytes.length + bytesOf(next.folded) })
  }

  const nameOf = (device: DeviceKey, round: number) => `${device} ${round}`

  function take(device: DeviceKey, round: number, update: Update): void {
    updates.set(nameOf(device, round), update)
    latest.set(device, update)
  }

  return {
    rule,
    heldBy(device, name) {
      const { held } = at(name)
      const own = personal.get(device)
      const { config, tensors } = held.adapter
      return own ? { ...held, adapter: { config, tensors: new Map([...tensors, ...own]) } } : held
    },
    startOf(device, name, rank) {
      const held = this.heldBy(device, name)
      const { config } = held.adapter
      if (rank === null || rank === config.rank) return held
      // With alpha in proportion, alpha / rank stays, and a learning rate means the same on every device.
      const own = { ...config, rank, alpha: (config.alpha * rank) / config.rank }
      return { ...held, adapter: rule.start(held, own, settings.seed) }
    },
    bytesDown(name, holds) {
      const { wholeBytes, changeBytes } = at(name)
      const isNext = holds?.adapter === name.adapter && holds.version === name.version - 1
      return isNext && changeBytes > 0 ? changeBytes : wholeBytes
    },
    takeUpdate(device, round, from, { adapter: start }, end) {
      const shared = at(from).held.adapter
      const sends = rule.sends(round)
      const change = new Map(
        [...end].map(([name, { shape, data }]) => {
          const before = start.tensors.get(name)!.data
          return [name, { shape, data: data.map((value, index) => value - before[index]) }] as const
        }),
      )
      const sent = only(change, sends)
      const kept = only(end, { a: !sends.a && rule.learns(round).a, b: !sends.b && rule.learns(round).b })
      if (kept.size > 0) personal.set(device, kept)
      const seed = random(settings.seed, 'up', device, round).int(2 ** 31)
      const { bytes, memory } = up.encode(sent, unsent.get(device) ?? null, seed)
      if (rule.keepsBasis) unsent.set(device, memory)
      const isShared = start.config.rank === shared.config.rank
      take(device, round, { start: isShared ? shared : start, delta: up.decode(bytes, shapesOf(sent)) })
      return bytes.length
    },
    takeForward(edge, round, from, end) {
      const start = at(from).held.adapter
      const { tensors } = at(end).server.adapter
      const precise = preciseDifference(tensors, start.tensors)
      if (settings.compression === 'none') {
        take(edge, round, { start, delta: precise })
        return bytesOf(tensors)
      }
      const seed = random(settings.seed, 'up', edge, round).int(2 ** 31)
      const { bytes, memory } = up.encode(rounded(precise), unsent.get(edge) ?? null, seed)
      unsent.set(edge, memory)
      take(edge, round, { start, delta: up.decode(bytes, shapesOf(start.tensors)) })
      return bytes.length
    },
    merge({ adapter, version, from, relativeTo, updates: wanted }) {
      const current = at(from).server
      const made = wanted.map(({ device, round, weight }): LoraUpdate => {
        const { start, delta } = updates.get(nameOf(device, round))!
        if (relativeTo === 'start') return { device, start, delta, weight }
        return { device, start: current.adapter, delta: relative(start.tensors, delta, current), weight }
      })
      const merged = aggregate(rule, current, made, server, memories.get(adapter) ?? null)
      memories.set(adapter, merged.memory)
      for (const { device, round } of wanted) updates.delete(nameOf(device, round))
      const { factors, residual } = downlinkOf(rule, merged, current.adapter.config, settings.seed)
      publish({ adapter, version }, from, merged.global, bytesOf(factors), bytesOf(residual))
      return settings.measuresTerms ? termsOf(made, merged.distortion) : null
    },
    combine({ adapter, version, of }) {
      const own = at(of[0]).server
      const parts = of.map((part) => ({ of: part.adapter, global: at(part).server, weight: part.weight }))
      const next = parts.length === 1 ? own : mixGlobals(rule, own, parts, server)
      keep({ adapter, version }, versionOf(next, next, 0))
    },
    compare({ devices, landmarks }) {
      const known = devices.filter((device) => latest.has(device))
      const changes = known.map((device) => changeOf({ ...latest.get(device)!, device, weight: 1 }))
      const columns = landmarks.filter((device) => latest.has(device))
      const places = columns.map((device) => known.indexOf(device))
      return {
        devices: known,
        landmarks: columns,
        gram: innerProducts(
          changes,
          places.map((place) => changes[place]),
        ),
        norms: changes.map((change) => innerProduct(change, change)),
      }
    },
    lastUpdate: (device) => latest.get(device),
  }
}

function termsOf(updates: readonly LoraUpdate[], distortion: Gap | null): MergeTerms {
  const shares = updates.map(({ weight }) => weight)
  return { ...convergenceTerms(gramOf(updates.map(changeOf)), shares), distortion }
}

/** What a device ended with, seen from the newest version: FedAsync mixes results, not changes. */
const relative = (start: TensorMap, delta: Delta, { adapter }: GlobalAdapter): Delta =>
  new Map(
    [...delta].map(([name, { shape, data }]) => {
      const [from, to] = [start.get(name)!.data, adapter.tensors.get(name)!.data]
      const moved = Float64Array.from(data, (value, index) => from[index] + value - to[index])
      return [name, { shape, data: moved }]
    }),
  )

const rounded = (delta: Delta): TensorMap =>
  new Map([...delta].map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]))
