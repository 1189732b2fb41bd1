/**
 * The words of aggregation. The model that a federation shares is W0 + folded + (alpha / rank) B A for every adapted
 * layer. A device starts from a version of it, trains, and sends the difference of the factors it trained. What every
 * rule aims at is the average of the *models*, W⁺ = W + rate · Σ wᵢ (Wᵢ(end) - Wᵢ(start)); a rule is one way to write
 * that, or something near it, as factors again. With one common start and weights that sum to 1 it is the familiar
 * W0 + Σ wᵢ s Bᵢ Aᵢ; with weights that shrink with age it is the asynchronous step; with one's own model as the start
 * of every neighbour's update it is a gossip step.
 */
import type { Adapter, AdapterConfig } from '../../model/adapter'
import type { TensorMap } from '../../model/safetensors'
import type { DeviceKey } from '../names'
import type { ModelSum } from './algebra/products'

/** What everybody holds. It belongs to no rule: another rule may go on from it. */
export interface GlobalAdapter {
  readonly adapter: Adapter
  /** What exact rules added to the base, as factors whose plain product B A (scale 1) counts. Empty: nothing yet. */
  readonly folded: TensorMap
  /** How many aggregations have folded something. A device with another count lacks a residual. */
  readonly folds: number
}

/** Differences of factors by PEFT name. Wider than what travels: where ends are known, doubles lose nothing. */
export type Delta = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float32Array | Float64Array }
>

/** What the server may do with the averaged difference: see serverOptimizers.ts. */
export type ServerOptimizerName = 'fedavg' | 'fedavgm' | 'fedadagrad' | 'fedadam' | 'fedyogi'

/** The server optimizer's first and second moments by tensor; whichever it does not use stay empty. */
export interface ServerMemory {
  readonly momentum: TensorMap
  readonly variance: TensorMap
}

/** One device's training, checked. The end is start + delta; factors that delta does not name did not change. */
export interface LoraUpdate {
  readonly device: DeviceKey
  readonly start: Adapter
  readonly delta: Delta
  /** Its share: of the examples in a round (all sum to 1), times s(staleness) / K in a buffer, πᵢⱼ in gossip. */
  readonly weight: number
}

/** Some of LoRA's two factors. */
export interface Factors {
  readonly a: boolean
  readonly b: boolean
}

export interface AggregationSettings {
  /** How far the server goes along the averaged change; 1 is plain averaging. */
  readonly serverRate: number
  readonly serverOptimizer: ServerOptimizerName
  /** Fraction of the last velocity that FedAvgM keeps. */
  readonly serverMomentum: number
  /** The room's seed: factors that begin afresh come from it, the same in every tab. */
  readonly seed: number
  /** Whether to compute the distortion, which costs about as much as the aggregation itself. */
  readonly measuresDistortion: boolean
}

/** A gap between two models: Frobenius norm over all layers, and the same as a share of the norm it should have. */
export interface Gap {
  readonly absolute: number
  readonly relative: number
}

/** What a rule makes of a set of updates. */
export interface Merged {
  readonly global: GlobalAdapter
  /** The server optimizer's, for the next aggregation. */
  readonly memory: ServerMemory | null
  /** What was folded into the base by this aggregation: devices that hold the last version need only this. */
  readonly residual: TensorMap
  /** The factors that differ from the last version and must travel. */
  readonly changed: Factors
  /** What the rule itself cut off (singular values beyond the rank). */
  readonly truncationError: number
}

export interface Aggregated extends Merged {
  /** Between the exact average of the models and what came out; null: not measured, or the server cannot know. */
  readonly distortion: Gap | null
  /** Bytes of F32 before compression, per contributing device. */
  readonly bytes: ReadonlyMap<DeviceKey, { readonly up: number; readonly down: number }>
}

/** What a device that holds the last version must receive to hold the new one. */
export interface Downlink {
  /** The factors that changed, at the device's rank. */
  readonly factors: TensorMap
  /** What to add to the folded factors; empty: nothing. */
  readonly residual: TensorMap
  /** The factors begin afresh: the device makes them from the seed, nothing travels. */
  readonly afresh: boolean
}

/** A rule of aggregation: one file in `rules/`, one line in the registry. All of it is pure. */
export interface AggregationRule {
  readonly name: string
  /** Whether the result is the average of the models, up to rounding. */
  readonly exact: boolean
  /** Whether devices of different ranks may take part. */
  readonly mixedRanks: boolean
  /** Whether A and B go on in the basis they had: if not, optimizers and error memories begin anew everywhere. */
  readonly keepsBasis: boolean
  /** Whether each device's factors begin afresh after every aggregation. */
  readonly startsAfresh: boolean
  /**
   * Whether a mean of means, weighted by examples, is the mean of all: the factors that it learns are averaged in the basis
   * they have, all of them travel, and the same ones in every round. Then an edge may average for the coordinator.
   */
  readonly mergesInTiers: boolean
  /** Whether each update counts as its weight says, and nothing else weighs it. */
  readonly takesWeights: boolean
  /**
   * Whether it needs no more than the weighted mean of what devices send, so that they may send under masks of which only the
   * sum is ever seen (secure/): it averages in a common basis, and asks neither how updates differ nor whose they are.
   */
  readonly mergesSums: boolean
  /** The factors that devices train in a round; rounds count from 1. */
  learns(round: number): Factors
  /** The factors whose difference a device sends; what it learns beyond that stays with it. */
  sends(round: number): Factors
  /** What a device of this rank starts from. A device that comes late also needs `global.folded`. */
  start(global: GlobalAdapter, config: AdapterConfig, seed: number): Adapter
  /** The model aimed at, without what is folded: against it the distortion is measured. Null: nobody can know it. */
  readonly wanted:
    | ((current: GlobalAdapter, updates: readonly LoraUpdate[], serverRate: number) => ModelSum)
    | null
  /** Throws a RangeError where the result would not be finite: keep the last version then. */
  merge(
    current: GlobalAdapter,
    updates: readonly LoraUpdate[],
    settings: AggregationSettings,
    memory: ServerMemory | null,
  ): Merged
}
