/**
 * A version of an adapter on its way to a device: whole, as canonical bytes, or as the change from the version before.
 * A change is what the device cannot know (the factors that changed, perhaps coded, and the residual that was folded),
 * and what the device holds afterwards is computed by the same function on both sides, so that all have the same bits.
 */
import { decodeGlobal, encodeGlobal } from '../../federation/aggregation/global/bytes'
import { downlinkOf, only, receive } from '../../federation/aggregation/global/downlink'
import { noFactors } from '../../federation/aggregation/global/fold'
import type { GlobalAdapter, Merged } from '../../federation/aggregation/types'
import { applyChange, encodeChange } from '../../federation/compression/change'
import type { Downward } from '../../federation/compression/registry'
import { shapesOf } from '../../federation/compression/vector'
import type { AdapterName } from '../../federation/types'
import { sha256Hex } from '../../lib/hash'
import type { AdapterConfig } from '../../model/adapter'
import { decodeSafetensors, encodeSafetensors, type TensorMap } from '../../model/safetensors'
import type { Federating } from '../../settings/derived/merging'
import type { ToDevice } from '../wire/messages'

/** Numbered once it is sent (`executor/deliveries.ts`), and vouched for. */
export type AdapterMessage = Omit<ToDevice & { type: 'adapter' }, 'number'>

export interface Parcel {
  readonly message: AdapterMessage
  readonly bytes: Uint8Array
}

/** What everybody holds from now on, its canonical bytes, and the two ways to get there. */
export interface Issue {
  readonly global: GlobalAdapter
  readonly bytes: Uint8Array
  readonly hash: string
  readonly whole: Parcel
  /** For those who hold the version before; null where there is none. */
  readonly change: Parcel | null
}

export function issueWhole(name: AdapterName, global: GlobalAdapter): Issue {
  const bytes = encodeGlobal(global)
  const hash = sha256Hex(bytes)
  const message: AdapterMessage = { type: 'adapter', ...name, hash, folds: global.folds, change: null }
  return { global, bytes, hash, whole: { message, bytes }, change: null }
}

/** The version after `before`: what it should be is `merged.global`, what devices come to hold is `global`. */
export function issueChange(
  { rule, aggregation: { seed }, down }: Federating,
  before: AdapterMessage,
  held: GlobalAdapter,
  merged: Merged,
  name: AdapterName,
): Issue {
  const { changed } = merged
  const wanted = downlinkOf(rule, merged, held.adapter.config, seed)
  const factors = encodeFactors(
    down,
    only(held.adapter.tensors, changed),
    wanted.factors,
    seed + name.version,
  )
  const residual = wanted.residual.size > 0 ? encodeSafetensors(wanted.residual) : new Uint8Array()
  const issue = issueWhole(name, receive(held, { ...wanted, factors: factors.held }, seed))
  const bytes = new Uint8Array(residual.length + factors.bytes.length)
  bytes.set(residual)
  bytes.set(factors.bytes, residual.length)
  const change = {
    fromVersion: before.version,
    fromHash: before.hash,
    learned: changed,
    afresh: wanted.afresh,
    residualBytes: residual.length,
  }
  return { ...issue, change: { message: { ...issue.whole.message, change }, bytes } }
}

/**
 * The device's side. Null: the change is from a version that is not held here.
 * @throws where the bytes are damaged
 */
export function openParcel(
  { aggregation: { seed }, down }: Federating,
  config: AdapterConfig,
  held: { readonly hash: string; readonly global: GlobalAdapter } | null,
  { message, bytes }: Parcel,
): GlobalAdapter | null {
  const { change, folds } = message
  if (!change) return decodeGlobal(bytes, config, folds)
  if (held?.hash !== change.fromHash) return null
  const { residualBytes, learned, afresh } = change
  const residual = residualBytes > 0 ? decodeSafetensors(bytes.subarray(0, residualBytes)).tensors : noFactors
  const coded = bytes.subarray(residualBytes)
  const factors = afresh ? noFactors : decodeFactors(down, only(held.global.adapter.tensors, learned), coded)
  return receive(held.global, { factors, residual, afresh }, seed)
}

function encodeFactors(down: Downward, held: TensorMap, wanted: TensorMap, seed: number) {
  if (wanted.size === 0) return { bytes: new Uint8Array(), held: noFactors }
  switch (down.kind) {
    case 'whole':
      return { bytes: encodeSafetensors(wanted), held: wanted }
    case 'change':
      return encodeChange(down.codec, held, wanted, seed)
    case 'sparse': {
      const { bytes } = down.codec.encode(wanted, null, seed)
      return { bytes, held: down.codec.decode(bytes, shapesOf(wanted)) }
    }
  }
}

function decodeFactors(down: Downward, held: TensorMap, bytes: Uint8Array): TensorMap {
  switch (down.kind) {
    case 'whole':
      return decodeSafetensors(bytes).tensors
    case 'change':
      return applyChange(down.codec, held, bytes)
    case 'sparse':
      return down.codec.decode(bytes, shapesOf(held))
  }
}
