/**
 * A run of a federation as everything but its scheme sees it: how it is set, who is there, whether it goes on, and which
 * adapters there are. Schemes add what they are set to and what they remember (schemes/scheme.ts).
 */
import { largestOf } from '../lib/extremes'
import { type Control, isRunning } from './control'
import type { Member } from './members'
import type { AdapterId, AdapterName, DeviceKey } from './names'
import type { AllocationConfig } from './resources/allocation'
import type { Wish } from './unlearning/wish'

/** How every scheme can be set; the values that stand in config.ts are the literature's where there is one. */
export interface CommonConfig {
  /** Devices that are remembered, whether here or not; null: all that ever came. */
  readonly mostKnown: number | null
  readonly rounds: number
  readonly localSteps: number
  /** Rounds begin by themselves once so many devices hold text; null: a person starts. */
  readonly autostart: number | null
  /** Draws cohorts, topologies and first centroids. */
  readonly seed: number
  /** Fraction of the able devices that a round asks for. */
  readonly fractionTrain: number
  /** rho: so many more are asked than are waited for. */
  readonly overSelection: number
  /** Textbook rounds that end when everybody has answered: no grace time after the quorum, only the deadline. */
  readonly waitsForAll: boolean
  /** mu of FedProx: local training pays (mu / 2) |w - w_start|²; 0: FedAvg. */
  readonly proximal: number
  /** Where a scheme has rounds: what each device is given follows from what it can do; null: all are given the same. */
  readonly allocation: AllocationConfig | null
  /** Keeps of each merge what is needed to unlearn it later (unlearning/ledger.ts). */
  readonly ledger: boolean
  /** Whoever merges sees sums alone: devices send under masks (rounds/together.ts). */
  readonly secure: boolean
}

/** Who is waited for after a break (returning.ts). */
export interface Returning {
  readonly devices: readonly DeviceKey[]
  /** Null until somebody is able to train again. */
  readonly untilMs: number | null
}

export interface Run {
  readonly config: CommonConfig
  readonly members: readonly Member[]
  readonly control: Control
  /** The newest version of every adapter there is. */
  readonly adapters: Readonly<Record<AdapterId, number>>
  readonly completedRounds: number
  /** Nothing begins without those who were there before a break, for a while. */
  readonly returning: Returning | null
  /** Settings that stand as soon as what was begun is merged. */
  readonly switchTo: CommonConfig | null
  /** To be forgotten: heard, and not yet begun with. They are fulfilled once what was begun is merged. */
  readonly wishes: readonly Wish[]
}

/** New work may be begun. */
export const mayBegin = ({
  control,
  switchTo,
  returning,
  wishes,
}: Pick<Run, 'control' | 'switchTo' | 'returning' | 'wishes'>): boolean =>
  switchTo === null && wishes.length === 0 && returning === null && isRunning(control)

/** The newest version of this adapter. */
export const newest = ({ adapters }: Pick<Run, 'adapters'>, adapter: AdapterId): AdapterName => ({
  adapter,
  version: adapters[adapter] ?? 0,
})

/** The newest version of any adapter. */
export const newestVersion = ({ adapters }: Pick<Run, 'adapters'>): number =>
  largestOf(Object.values(adapters))

export const withVersion = <State extends Pick<Run, 'adapters'>>(
  state: State,
  { adapter, version }: AdapterName,
): State => ({ ...state, adapters: { ...state.adapters, [adapter]: version } })
