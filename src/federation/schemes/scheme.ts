/**
 * What a scheme is: who trains and merges, and when. It is generic over what it remembers of a run under way (its
 * progress) and how it can be set (its config); all that schemes have in common, who is there, whether it runs, how one
 * scheme follows another, is settled around it (federation.ts). A scheme is pure: it decides, it never acts.
 *
 * Gossip, where nobody coordinates, is a scheme by its properties only: each of its nodes runs a reducer of its own
 * (gossip/peer.ts).
 */
import type { z } from 'zod'
import type { CoordinatorEffect } from '../effects'
import type { SchemeEvent } from '../events'
import type { Member } from '../members'
import type { AdapterId, DeviceKey, Part } from '../names'
import type { Cycle, RoundUnderWay } from '../rounds/stage'
import type { CommonConfig, Run } from '../run'

/** A scheme's own settings stand under its name. */
type Under<Name extends string, Config> = Config extends null ? unknown : { readonly [Key in Name]: Config }

/** What a scheme remembers of a run under way. Only the scheme of this kind looks inside. */
export interface Progress {
  readonly kind: string
}

/** The same under one scheme. */
export interface StateOf<Own extends Progress, Config = null> extends Run {
  readonly config: CommonConfig & Under<Own['kind'], Config>
  readonly progress: Own
}

export type Step<State, Effect> = readonly [state: State, effects: readonly Effect[]]
export type SchemeStep<Own extends Progress, Config = null> = Step<StateOf<Own, Config>, CoordinatorEffect>

/** Devices that share an adapter. */
export interface Cluster {
  readonly id: AdapterId
  readonly devices: readonly DeviceKey[]
}

/** What is known of a scheme without running it: for its settings, and for what it can go together with. */
export interface SchemeProperties<Name extends string = string, Config = null> {
  readonly name: Name
  /** Its own settings: bounds, what stands where nobody says otherwise; also what stored ones are read by. Null: none. */
  readonly config: z.ZodType<Config> | null
  /** Who merges updates: the coordinator, edges in a tier between, or every node with its neighbours. */
  readonly mergedBy: 'coordinator' | 'edges' | 'neighbours'
  /** Whether it tells devices apart by what they make of a model that all share. */
  readonly comparesDevices: boolean
  /** Whether devices train in rounds that wait for each other, with an end that can be planned. */
  readonly hasRounds: boolean
  /** How many versions old an update may be that still counts; absent: none. */
  mostStale?(config: CommonConfig & Under<Name, Config>): number
}

export interface Scheme<Own extends Progress, Config = null> extends SchemeProperties<Own['kind'], Config> {
  /** The scheme at its start. `run.adapters` holds at least `global`. */
  begin(run: Omit<StateOf<Own, Config>, 'progress'>): Own
  /** What this event means to the scheme; membership and control are stepped already. */
  step(state: StateOf<Own, Config>, event: SchemeEvent): SchemeStep<Own, Config>
  /** Begins whatever can be begun now: called after every event, so `step` need not. */
  proceed(state: StateOf<Own, Config>, atMs: number): SchemeStep<Own, Config>
  /** Nothing is being trained, merged or loaded that would be lost. */
  isIdle(progress: Own): boolean
  /** What another scheme goes on from: one adapter that holds all that was learned, as a mean of these. */
  learned(state: StateOf<Own, Config>): readonly Part[]
  /** Whether an update of this device in answer to this order would count now. */
  awaits(state: StateOf<Own, Config>, device: DeviceKey, round: number): boolean
  /** The rounds that it turns now, one per adapter; none where nobody waits for anybody. */
  cycles(progress: Own): readonly Cycle[]
  /** Which round of the run an order works towards; null: it trains to be compared, not to be merged. */
  worksTowards(state: StateOf<Own, Config>, round: number): number | null
  /** Null between rounds. */
  roundUnderWay(state: StateOf<Own, Config>): RoundUnderWay | null
  /** The same without this member, whose place went to another; absent: it remembers nothing of single devices. */
  forget?(progress: Own, gone: Member): Own
  /** Who shares which adapter with whom, those without devices left out; absent: all share one. */
  clusters?(state: StateOf<Own, Config>): readonly Cluster[]
  /** Each device's edge, null: it speaks with the coordinator; absent: there are no edges. */
  attachments?(progress: Own): Readonly<Record<DeviceKey, DeviceKey | null>>
  /** Whose work came with an update of this device; absent: everybody speaks for itself. */
  behind?(state: StateOf<Own, Config>, device: DeviceKey): readonly DeviceKey[]
  /** How old the updates of the last merge were, in versions; absent: they are never old. */
  staleness?(progress: Own): { readonly mean: number; readonly largest: number } | null
}
