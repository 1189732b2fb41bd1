/**
 * Updates as they arrive: decoded, checked against the version that their device was told to start from, and kept until
 * they are merged. The last one of each device stays, so that devices can be compared.
 */
import { changeOf, innerProducts, normOf } from '../../federation/aggregation/algebra/models'
import { manifestComplaint, updateComplaint } from '../../federation/aggregation/check'
import { only } from '../../federation/aggregation/global/downlink'
import { preciseDifference } from '../../federation/aggregation/global/mean'
import { isWritable, longestChange, shortened } from '../../federation/aggregation/limits'
import type { GlobalAdapter, LoraUpdate } from '../../federation/aggregation/types'
import { shapesOf } from '../../federation/compression/vector'
import type { AdapterName, DeviceKey, Effect, FederationEvent } from '../../federation/types'
import { sha256Hex } from '../../lib/hash'
import { atRank } from '../../model/adapter'
import type { Federating } from '../wire/federating'
import type { Forward, Manifest, Update } from '../wire/messages'
import { decodeForward } from './forwarding'
import type { Adapters } from './versions'

export interface KeptUpdate {
  readonly round: number
  readonly update: Omit<LoraUpdate, 'weight'>
  readonly loss: number
  readonly examples: number
}

export interface Updates {
  /** A device was told to start from this version, at this rank. */
  ordered(device: DeviceKey, round: number, from: AdapterName, rank: number): void
  /** Keeps it, or says why not, in words for the teacher. */
  take(device: DeviceKey, message: Update | Forward, bytes: Uint8Array | null): string | null
  /** For the merge that an effect asks for, none longer than limits.ts allows; what is no number is left out and complained of. */
  forMerge(effect: Effect & { type: 'merge' }, current: GlobalAdapter): ForMerge
  forget(device: DeviceKey, round: number): void
  /** The last update of each of these devices that has sent any. */
  latest(devices: readonly DeviceKey[]): ReadonlyMap<DeviceKey, KeptUpdate>
  compare(effect: Effect & { type: 'compare' }): Omit<FederationEvent & { type: 'compared' }, 'atMs'>
}

export interface ForMerge {
  readonly updates: readonly LoraUpdate[]
  readonly complaints: readonly {
    readonly device: DeviceKey
    readonly round: number
    readonly complaint: string
  }[]
}

export function keepUpdates(
  federating: () => Federating,
  adapters: () => Adapters,
  expected: () => Manifest,
): Updates {
  const starts = new Map<string, { readonly from: AdapterName; readonly rank: number }>()
  const kept = new Map<string, KeptUpdate>()
  const last = new Map<DeviceKey, KeptUpdate>()
  const place = (device: DeviceKey, round: number) => `${round} ${device}`

  return {
    ordered: (device, round, from, rank) => void starts.set(place(device, round), { from, rank }),
    take(device, message, bytes) {
      const { round, hash, examples, loss, manifest } = message
      if (loss === null || !bytes)
        return 'it is NaN or infinite: training diverged on that device (try a smaller learning rate)'
      if (sha256Hex(bytes) !== hash) return 'its bytes do not match their hash'
      const ordered = starts.get(place(device, round))
      if (!ordered) return 'nobody here asked for it'
      const { from, rank } = ordered
      const global = adapters().at(from)?.issue.global
      if (!global) return `it started from version ${from.version}, which is no longer kept: it came too late`
      const { baseHash, dtype, config } = manifestOf(expected())
      const shape = atRank(config, rank)
      const foreign = manifestComplaint({ baseHash, dtype, config: shape }, manifestOf(manifest))
      if (foreign) return foreign
      const { rule, up, aggregation } = federating()
      const start = rank === config.rank ? global.adapter : rule.start(global, shape, aggregation.seed)
      const sends = rule.sends(round)
      try {
        const delta =
          message.type === 'forward'
            ? decodeForward(up, bytes, start.tensors, sends)
            : up.decode(bytes, shapesOf(only(start.tensors, sends)))
        const complaint = updateComplaint(start.tensors, delta, examples, sends)
        if (complaint) return complaint
        const update = { round, update: { device, start, delta }, loss, examples }
        kept.set(place(device, round), update)
        last.set(device, update)
        return null
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    },
    forMerge({ updates, relativeTo }, current) {
      const all = updates.flatMap(({ device, round, weight }) => {
        const found = kept.get(place(device, round))
        return found ? [{ round, update: { ...found.update, weight } }] : []
      })
      const norms = all.map(({ update }) => normOf(changeOf(update)))
      const isNumber = (_: unknown, at: number) => isWritable(norms[at])
      const believed = all.filter(isNumber).map(({ update }) => update)
      const lengths = norms.filter(isNumber)
      const most = longestChange(lengths)
      const total = (list: readonly LoraUpdate[]) => list.reduce((sum, { weight }) => sum + weight, 0)
      const share = total(all.map(({ update }) => update)) / total(believed)
      return {
        updates: believed
          .map((update, at) => shortened({ ...update, weight: share * update.weight }, lengths[at], most))
          .map((update) => (relativeTo === 'newest' ? fromNewest(update, current) : update)),
        complaints: all.flatMap(({ round, update: { device } }, at) =>
          isWritable(norms[at])
            ? []
            : [{ device, round, complaint: 'it changes the model by more than a number can say' }],
        ),
      }
    },
    forget(device, round) {
      kept.delete(place(device, round))
      starts.delete(place(device, round))
    },
    latest: (devices) => new Map([...last].filter(([device]) => devices.includes(device))),
    compare({ round, devices, landmarks }) {
      const known = devices.filter((device) => last.has(device))
      const near = landmarks.filter((device) => last.has(device))
      const changes = new Map(
        known.map((device) => [device, changeOf({ ...last.get(device)!.update, weight: 1 })]),
      )
      const all = known.map((device) => changes.get(device)!)
      const gram = innerProducts(
        all,
        near.map((device) => changes.get(device)!),
      )
      const norms = all.map((change) => normOf(change) ** 2)
      return { type: 'compared', round, devices: known, landmarks: near, gram, norms }
    },
  }
}

const manifestOf = ({ baseHash, dtype, ...config }: Manifest) => ({ baseHash, dtype, config })

/** The same end, as a difference to the newest version (FedAsync). Factors that were not sent are not touched. */
function fromNewest({ device, weight, start, delta }: LoraUpdate, { adapter }: GlobalAdapter): LoraUpdate {
  const end = new Map(
    [...delta].map(([name, { shape, data }]) => {
      const from = start.tensors.get(name)!.data
      return [name, { shape, data: Float32Array.from(data, (value, at) => from[at] + value) }] as const
    }),
  )
  return { device, weight, start: adapter, delta: preciseDifference(end, adapter.tensors) }
}
