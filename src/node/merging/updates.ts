/**
 * Updates as tensors: decoded, checked against the version that their device was told to start from, and kept until they
 * are merged. The last one of each device stays, so that devices can be compared.
 */
import { changeOf, innerProducts, normOf } from '../../federation/aggregation/algebra/models'
import { updateComplaint } from '../../federation/aggregation/check'
import { only } from '../../federation/aggregation/global/downlink'
import { preciseDifference } from '../../federation/aggregation/global/mean'
import { bounded, isWritable, shortened } from '../../federation/aggregation/limits'
import { robustly } from '../../federation/aggregation/robust/estimate'
import type { Delta, GlobalAdapter, LoraUpdate } from '../../federation/aggregation/types'
import { shapesOf, tensorsOf } from '../../federation/compression/vector'
import type { MergeEffect } from '../../federation/effects'
import type { DeviceKey } from '../../federation/types'
import { sha256Hex } from '../../lib/hash'
import { type Adapter, atRank } from '../../model/adapter'
import { decodeSafetensors } from '../../model/safetensors'
import type { Federating } from '../../settings/derived/merging'
import { decodeForward } from './forwarding'
import type { ArrivedUpdate, CompareEffect, MergedUpdates } from './merging'

export interface ForMerge extends Pick<MergedUpdates, 'refused' | 'weakened' | 'contributions'> {
  readonly updates: readonly LoraUpdate[]
}

export class KeptUpdates {
  readonly #kept = new Map<string, LoraUpdate>()
  readonly #last = new Map<DeviceKey, { readonly round: number; readonly update: LoraUpdate }>()

  /** @returns why it is not kept, in words for the teacher; null: it is. @param global what its order started from */
  take(
    federating: Federating,
    global: GlobalAdapter,
    arrived: ArrivedUpdate,
    bytes: Uint8Array,
  ): string | null {
    const { device, round, rank, examples, hash } = arrived
    if (hash !== null && sha256Hex(bytes) !== hash) return 'its bytes do not match their hash'
    const { rule, aggregation } = federating
    const { config } = global.adapter
    const start =
      rank === config.rank ? global.adapter : rule.start(global, atRank(config, rank), aggregation.seed)
    try {
      const delta = decoded(federating, start, arrived, bytes)
      const complaint = updateComplaint(start.tensors, delta, examples, rule.sends(round))
      if (complaint) return complaint
      const update: LoraUpdate = { device, start, delta, weight: 1 }
      this.#kept.set(place(device, round), update)
      this.#last.set(device, { round, update })
      return null
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  forget(device: DeviceKey, round: number): void {
    this.#kept.delete(place(device, round))
  }

  forgetAllOf(device: DeviceKey): void {
    for (const [place, update] of this.#kept) if (update.device === device) this.#kept.delete(place)
    this.#last.delete(device)
  }

  /**
   * Those of a merge as they count: what is no number is left out, and of the rest a robust chain says what is believed. Where the merge says
   * how far each may go, that is its bound.
   */
  forMerge(
    federating: Federating,
    { updates, relativeTo, round: ofMerge, longest, isAgain = false }: MergeEffect,
    current: GlobalAdapter,
  ): ForMerge {
    const all = updates.flatMap(({ device, round, weight }) => {
      const update = isAgain ? this.#merged(device, round) : this.#kept.get(place(device, round))
      return update ? [{ round, update: { ...update, weight } }] : []
    })
    const measured = all.map((each) => ({ ...each, norm: normOf(changeOf(each.update)) }))
    const writable = measured.filter(({ norm }) => isWritable(norm))
    const share = total(all) / total(writable)
    const weighed = writable.map(({ update, norm }) => ({
      update: { ...update, weight: share * update.weight },
      norm,
    }))
    const believed = withinBounds(weighed, federating, longest)
    const {
      updates: counted,
      leftOut,
      weakened,
    } = robustly(federating.rule, believed, ofMerge, federating.robust)
    const refused = measured
      .filter(({ norm }) => !isWritable(norm))
      .map(({ update: { device } }) => ({
        device,
        complaint: 'it changes the model by more than a number can say',
      }))
    return {
      updates: counted.map((update) => (relativeTo === 'newest' ? fromNewest(update, current) : update)),
      refused: [...refused, ...leftOut].map(({ device, complaint }) => ({
        device,
        round: all.find(({ update }) => update.device === device)!.round,
        complaint,
      })),
      weakened,
      contributions: believed.map((update, at) => ({
        device: update.device,
        weight: update.weight,
        length: update === weighed[at].update ? weighed[at].norm : normOf(changeOf(update)),
      })),
    }
  }

  /** One that was merged before. @throws RangeError where it is no longer here */
  #merged(device: DeviceKey, round: number): LoraUpdate {
    const last = this.#last.get(device)
    if (last?.round !== round)
      throw new RangeError(`The update of ${device} for round ${round} is no longer here.`)
    return last.update
  }

  compare({ devices, landmarks }: CompareEffect) {
    const known = devices.filter((device) => this.#last.has(device))
    const near = landmarks.filter((device) => this.#last.has(device))
    const changes = new Map(known.map((device) => [device, changeOf(this.#last.get(device)!.update)]))
    const all = known.map((device) => changes.get(device)!)
    const gram = innerProducts(
      all,
      near.map((device) => changes.get(device)!),
    )
    const norms = all.map((change) => normOf(change) ** 2)
    return { devices: known, landmarks: near, gram, norms }
  }
}

const place = (device: DeviceKey, round: number): string => `${round} ${device}`

const total = (all: readonly { readonly update: LoraUpdate }[]): number =>
  all.reduce((sum, { update }) => sum + update.weight, 0)

/** Each no longer than the merge says, where it says so; else within the norm bound, where the chain has it. */
function withinBounds(
  weighed: readonly { readonly update: LoraUpdate; readonly norm: number }[],
  { rule, robust }: Federating,
  longest: MergeEffect['longest'],
): readonly LoraUpdate[] {
  if (longest)
    return weighed.map(({ update, norm }) => shortened(update, norm, longest[update.device] ?? norm))
  return robust.chain.includes('norm-bound')
    ? bounded(weighed, rule.keepsBasis)
    : weighed.map(({ update }) => update)
}

/** Throws where the bytes do not fit. */
function decoded(
  { rule, up }: Federating,
  { tensors }: Adapter,
  { form, round }: ArrivedUpdate,
  bytes: Uint8Array,
): Delta {
  const sends = rule.sends(round)
  switch (form) {
    case 'change':
      return up.decode(bytes, shapesOf(only(tensors, sends)))
    case 'forward':
      return decodeForward(up, bytes, tensors, sends)
    case 'mean':
      return tensorsOf(new Float32Array(bytes.slice().buffer), shapesOf(only(tensors, sends)))
    case 'end':
      return preciseDifference(only(decodeSafetensors(bytes).tensors, sends), tensors)
  }
}

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
