/**
 * What a device holds: the room's adapter at some version, what of its training stays with it (B under FedSA), and what
 * compression still owes of its updates. It is addressed by versions and knows nothing of rounds.
 */
import { isA } from '../../federation/aggregation/algebra/models'
import { globalComplaint } from '../../federation/aggregation/check'
import { encodeGlobal } from '../../federation/aggregation/global/bytes'
import { only } from '../../federation/aggregation/global/downlink'
import { noFactors } from '../../federation/aggregation/global/fold'
import { float32Difference } from '../../federation/aggregation/global/mean'
import type { GlobalAdapter } from '../../federation/aggregation/types'
import type { CodecMemory } from '../../federation/compression/types'
import { isOfEdge } from '../../federation/names'
import type { AdapterName } from '../../federation/types'
import { sha256Hex } from '../../lib/hash'
import { random } from '../../lib/rng'
import { type Adapter, atRank } from '../../model/adapter'
import { decodeSafetensors, type TensorMap } from '../../model/safetensors'
import type { Federating } from '../../settings/derived/merging'
import { type AdapterMessage, openParcel } from '../merging/parcel'
import { honestly, type Sending } from './lying'

export interface Held {
  readonly name: AdapterName
  readonly hash: string
  /** Canonical. */
  readonly bytes: Uint8Array
  readonly global: GlobalAdapter
  /** The coordinator's, of the version; null: an edge has made it. */
  readonly signature: string | null
}

/** With whose signature it came. */
export type ArrivedAdapter = AdapterMessage & Pick<Held, 'signature'>

export interface Start {
  readonly bytes: Uint8Array
  readonly tensors: TensorMap
}

export interface Holding {
  current(): Held | null
  /** The coordinator's newest version here; an edge's may be the current one. */
  common(): Held | null
  /** Makes the common version the current one again, if it is this one. */
  turnTo(name: AdapterName): void
  /**
   * `lacking`: it is a change from a version that is not held here.
   * @param like the model's initial adapter: what every version is shaped like
   */
  load(message: ArrivedAdapter, bytes: Uint8Array, like: Adapter): 'loaded' | 'lacking' | 'damaged'
  /**
   * What this device trains from and answers with: the room's adapter with its own factors in it, folded and all.
   * @param rank what it was given, where that is less than the room's
   */
  own(rank?: number): Start | null
  /**
   * What changed since `start` of the factors that are sent, as it may be seen by others. Keeps what is not sent.
   * @param hide what stands between a change and the wire
   */
  changeSince(
    start: Start,
    trained: Uint8Array,
    round: number,
    index: number,
    hide: (change: TensorMap) => TensorMap,
  ): TensorMap
  /** The same, as it travels. Throws where it is not finite. */
  updateFrom(
    start: Start,
    trained: Uint8Array,
    round: number,
    index: number,
    hide: (change: TensorMap) => TensorMap,
  ): Uint8Array
  /** What coding left out so far is not sent any more: it was learned from what is to be forgotten. */
  owesNothing(): void
}

/** @param sending what goes out for what was learned */
export function holdAdapter(federating: () => Federating, sending: Sending = honestly): Holding {
  let held: Held | null = null
  let common: Held | null = null
  let personal: TensorMap = noFactors
  let owed: CodecMemory = null
  let owedAtRank = 0

  const withOwn = ({ adapter, ...global }: GlobalAdapter): GlobalAdapter => ({
    ...global,
    adapter: { ...adapter, tensors: new Map([...adapter.tensors, ...personal]) },
  })

  const changeSince: Holding['changeSince'] = ({ tensors: start }, trained, round, index, hide) => {
    const { rule } = federating()
    const end = decodeSafetensors(trained).tensors
    const [learns, sends] = [rule.learns(round), rule.sends(round)]
    personal = only(end, { a: learns.a && !sends.a, b: learns.b && !sends.b })
    return hide(sending(float32Difference(only(end, sends), start), round, index))
  }

  return {
    current: () => held,
    common: () => common,
    turnTo({ adapter, version }) {
      if (common?.name.adapter === adapter && common.name.version === version) held = common
    },
    load(message, bytes, like) {
      const { rule } = federating()
      const name = { adapter: message.adapter, version: message.version }
      let global: GlobalAdapter | null
      let canonical: Uint8Array
      try {
        const from = [held, common].find((known) => known?.hash === message.change?.fromHash) ?? null
        global = openParcel(federating(), like.config, from, { message, bytes })
        if (!global) return 'lacking'
        if (globalComplaint(like.tensors, global)) return 'damaged'
        canonical = encodeGlobal(global)
        if (sha256Hex(canonical) !== message.hash) return 'damaged'
      } catch {
        return 'damaged'
      }
      // What is owed is owed in the basis of the factors: another adapter, or factors written anew, owe nothing.
      if (held?.name.adapter !== name.adapter || !rule.keepsBasis) owed = null
      held = { name, hash: message.hash, bytes: canonical, global, signature: message.signature }
      if (!isOfEdge(name.adapter)) common = held
      return 'loaded'
    },
    own(rank) {
      if (!held) return null
      const { rule, aggregation } = federating()
      const { config } = held.global.adapter
      const isWhole = rank === undefined || rank === config.rank
      const own = isWhole
        ? withOwn(held.global)
        : { ...held.global, adapter: rule.start(held.global, atRank(config, rank), aggregation.seed) }
      return { bytes: encodeGlobal(own), tensors: own.adapter.tensors }
    },
    changeSince,
    updateFrom(from, trained, round, index, hide) {
      const { up, aggregation } = federating()
      const change = changeSince(from, trained, round, index, hide)
      const seed = random(aggregation.seed, 'rounding', index, round).int(2 ** 31)
      if (rankOf(from.tensors) !== owedAtRank) owed = null
      owedAtRank = rankOf(from.tensors)
      const { bytes, memory } = up.encode(change, owed, seed)
      owed = memory
      return bytes
    },
    owesNothing() {
      owed = null
    },
  }
}

const rankOf = (factors: TensorMap): number => [...factors].find(([name]) => isA(name))?.[1].shape[0] ?? 0
