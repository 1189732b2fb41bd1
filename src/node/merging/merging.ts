/**
 * What merging adapters asks for, as one interface that answers later: in a page a worker does it (`openMerging.ts`), so
 * that decoding, merging and encoding megabytes never hold up who looks at it; in tests, in the Lab and on the command line
 * the same code runs where it is called (`merger.ts`). It keeps adapters and updates as tensors; whoever asks names them, and
 * keeps the bytes that are sent and stored. Requests are answered in the order in which they were made.
 */
import type { CombineEffect, MergeEffect } from '../../federation/effects'
import type { ClusteringEvent } from '../../federation/events'
import type { AdapterName, CoordinatorEffect, DeviceKey, EdgeEffect } from '../../federation/types'
import type { Contribution } from '../../federation/unlearning/ledger'
import type { AdapterConfig } from '../../model/adapter'
import type { SavedAdapter } from '../stored/storage'
import type { PackedBase } from './pack'
import type { Parcel } from './parcel'
import type { MergingTerms } from './terms'

/** A version as it is sent and stored. */
export interface IssuedVersion extends AdapterName {
  readonly hash: string
  readonly whole: Parcel
  /** For those who hold the version before; null where there is none. */
  readonly change: Parcel | null
  readonly saved: SavedAdapter
  /** What the merge missed of the average of the models, as a share of it; null: no merge, or nobody can know. */
  readonly distortion: number | null
}

/** A whole version that was made elsewhere, as canonical bytes. */
export interface ForeignVersion extends AdapterName {
  readonly hash: string
  readonly folds: number
  readonly bytes: Uint8Array
}

export interface ArrivedUpdate {
  readonly device: DeviceKey
  /** Of its order. */
  readonly round: number
  /** What it was told to start from, and at which rank. */
  readonly from: AdapterName
  readonly rank: number
  readonly examples: number
  /** Null: it was trained in this tab. */
  readonly hash: string | null
  /**
   * How its bytes are meant: a change as devices code it, an edge's result (`forwarding.ts`), the factors it ended at, or the
   * mean change of many devices as float32 numbers, of which nobody knows the parts (`executor/secure.ts`).
   */
  readonly form: 'change' | 'forward' | 'end' | 'mean'
}

export interface MergedUpdates {
  readonly version: IssuedVersion
  /** Updates that could not be taken into it, and why. */
  readonly refused: readonly {
    readonly device: DeviceKey
    readonly round: number
    readonly complaint: string
  }[]
  /** Who is in it, how much, and how far each moved it. */
  readonly contributions: readonly Contribution[]
  /** What a robust rule could not do as it should, as a whole sentence; null: nothing. */
  readonly weakened: string | null
}

/** An edge's result on its way to the coordinator. */
export interface EncodedResult {
  readonly bytes: Uint8Array
  readonly hash: string
}

export type Compared = Omit<ClusteringEvent & { readonly type: 'compared' }, 'atMs'>

export type CompareEffect = CoordinatorEffect & { readonly type: 'compare' }
export type ForwardEffect = EdgeEffect & { readonly type: 'forward' }

export interface Merging {
  /**
   * Forgets everything and begins with the model's initial adapter as version 0 of `global`, and what was stored.
   * @returns all versions there are, oldest first
   * @throws where stored bytes are damaged
   */
  begin(
    config: AdapterConfig,
    initial: Uint8Array,
    stored: readonly SavedAdapter[],
  ): Promise<readonly IssuedVersion[]>
  /** Keeps a version that was made elsewhere; its bytes are given away. @throws in words where it is damaged or of another shape */
  adopt(terms: MergingTerms, version: ForeignVersion): Promise<IssuedVersion>
  /** Keeps an update until it is merged; its bytes are given away. @returns why it cannot be, in words for the teacher; null: it can */
  take(terms: MergingTerms, update: ArrivedUpdate, bytes: Uint8Array): Promise<string | null>
  /** @throws where the rule cannot take these updates, or where the result is not finite: the last version stands */
  merge(terms: MergingTerms, effect: MergeEffect): Promise<MergedUpdates>
  /** What was merged is not taken up: the version before it stands once more, by the merge's name. */
  keep(terms: MergingTerms, effect: MergeEffect): Promise<IssuedVersion>
  combine(terms: MergingTerms, effect: CombineEffect): Promise<IssuedVersion>
  /** How far these versions are from each other, as a share of their length. */
  distance(of: readonly AdapterName[]): Promise<number>
  /** Inner products of the last updates of these devices. */
  compare(effect: CompareEffect): Promise<Compared>
  /** @returns null where no such result is kept. What coding leaves out is owed to the next one. */
  forward(terms: MergingTerms, effect: ForwardEffect, seed: number): Promise<EncodedResult | null>
  /** This update will not be merged. */
  forget(device: DeviceKey, round: number): Promise<void>
  /** Nothing that this device has sent is kept any more. */
  forgetAllOf(device: DeviceKey): Promise<void>
  /** The adapter as a PEFT directory in a zip. @param base by whose name Python loads it */
  pack(adapter: Uint8Array, base: PackedBase, config: AdapterConfig): Promise<Uint8Array>
}

/** Starts it; `close` ends it, and requests that are under way reject. */
export type OpenMerging = () => { readonly merging: Merging; close(): void }
