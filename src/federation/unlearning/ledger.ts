/**
 * The ledger: what a coordinator remembers of each merge, so that a device can be taken out of it again later. FedEraser (Liu
 * et al., arXiv 2012.13891) keeps every update of every device; its calibration Ũ = |U| Û / |Û| needs of an old update U
 * nothing but its length, and a bound no more, so a length is all that is kept here, with the weight by which it counted. A ledger of updates would
 * tell nearly all that the devices have read to whoever opens it; this one says how far each moved the model, and not
 * whereto.
 *
 * It exists only where single updates are seen when they are merged: not behind an edge, and not under secure aggregation.
 */
import type { DeviceKey } from '../names'

/** One device's part in one merge. */
export interface Contribution {
  readonly device: DeviceKey
  /** Its share; those of one merge sum to 1. */
  readonly weight: number
  /** ‖W(end) - W(start)‖ over all layers, as it was merged. */
  readonly length: number
}

export interface LedgerRound {
  readonly round: number
  readonly contributions: readonly Contribution[]
}

export interface Ledger {
  /** In the order in which they were merged. */
  readonly rounds: readonly LedgerRound[]
  /** Every so manieth round is kept: FedEraser's Δt. */
  readonly every: number
  /** A part of what was merged is not in it, so nothing can be taken out exactly enough any more. */
  readonly isBroken: boolean
}

export const emptyLedger: Ledger = { rounds: [], every: 1, isBroken: false }

/** So long that hardly a run of tabs reaches it, and a state of a few hundred kilobytes where 64 devices do. */
export const mostRounds = 256

/** With one more merge. Beyond the bound every second round is given up, and from then on only as many are kept. */
export function withMerge(ledger: Ledger, merged: LedgerRound): Ledger {
  if ((merged.round - 1) % ledger.every !== 0) return ledger
  const rounds = [...ledger.rounds, merged]
  if (rounds.length <= mostRounds) return { ...ledger, rounds }
  const every = 2 * ledger.every
  return { ...ledger, every, rounds: rounds.filter(({ round }) => (round - 1) % every === 0) }
}

/** Whether anything of this device was ever merged. */
export const holds = ({ rounds, every }: Ledger, device: DeviceKey, contributed: boolean): boolean =>
  rounds.some(({ contributions }) => contributions.some((each) => each.device === device)) ||
  // It may have taken part in rounds that were given up.
  (every > 1 && contributed)

/** The rounds without these devices, the weights of the others as they would have been; rounds of nobody else are left out. */
export const roundsWithout = (
  rounds: readonly LedgerRound[],
  devices: ReadonlySet<DeviceKey>,
): readonly LedgerRound[] =>
  rounds.flatMap(({ round, contributions }) => {
    const others = contributions.filter(({ device }) => !devices.has(device))
    return others.length > 0 ? [{ round, contributions: renormalised(others) }] : []
  })

/** 1 / (1 - p) of every weight that is left. */
export function renormalised(contributions: readonly Contribution[]): readonly Contribution[] {
  const total = contributions.reduce((sum, { weight }) => sum + weight, 0)
  return contributions.map((each) => ({ ...each, weight: each.weight / total }))
}
