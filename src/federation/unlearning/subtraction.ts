/**
 * Exact subtraction. Where a device took part in the last merge and in none before, nothing that stands was learned from it but by
 * that one merge: the others' updates of it started from a version that knew nothing of that device. So the merge is made again from the
 * same updates without its own, onto the same version. What comes out is, bit for bit, what that round would have come to without
 * it, with every rule: a block leaves FLoRA's stack, a mean loses a term, a robust rule looks at the others. Nobody trains.
 *
 * It is exact only as long as nothing was merged since, and possible only where the others' updates are still in memory: of a round
 * before, or after a reload, what the device taught is in what the others have learned from it, and the run is gone through again
 * (replay.ts).
 */
import { countedExamples } from '../aggregation/limits'
import type { MergeEffect } from '../effects'
import { type AdapterId, type AdapterName, type DeviceKey, globalAdapter } from '../names'
import type { Arrived, Cycle } from '../rounds/stage'
import type { LedgerRound } from './ledger'
import type { Wish } from './wish'

/** What the newest version was made of, in the order of the devices. */
export interface LastMerge {
  readonly round: number
  /** The version that came out. */
  readonly version: number
  readonly from: AdapterName
  readonly claims: readonly Arrived[]
}

/** What is remembered of a merge that was done; null: it cannot be made again. */
export function lastMergeIn(
  cycles: readonly Cycle[],
  merged: { readonly adapter: AdapterId; readonly version: number; readonly round: number },
): LastMerge | null {
  const cycle = cycles.find(({ adapter }) => adapter === merged.adapter)
  const { version, round } = merged
  if (merged.adapter !== globalAdapter || cycle?.stage.kind !== 'merging') return null
  const { from, claims } = cycle.stage
  return claims.length > 0 ? { round, version, from, claims } : null
}

export interface Subtraction {
  readonly merge: MergeEffect
  /** The ledger as it was before that merge. */
  readonly rounds: readonly LedgerRound[]
}

/** The last merge once more without these; null: that would not be exact. @param newest of the adapter that all share */
export function subtraction(
  last: LastMerge | null,
  rounds: readonly LedgerRound[],
  wishes: readonly Wish[],
  newest: number,
): Subtraction | null {
  if (last?.version !== newest || rounds.at(-1)?.round !== last.round) return null
  const gone = new Set(wishes.map(({ device }) => device))
  const before = rounds.slice(0, -1)
  const isInAnother = before.some(({ contributions }) => contributions.some(({ device }) => gone.has(device)))
  // Of a text that was put away the device would have to train again.
  if (isInAnother || wishes.some(({ of }) => of === 'text')) return null
  const updates = weighed(
    last.claims.filter(({ device }) => !gone.has(device)),
    last.round,
  )
  if (updates.length === 0) return null
  const merge = {
    type: 'merge',
    adapter: globalAdapter,
    version: newest + 1,
    round: last.round,
    from: last.from,
    relativeTo: 'start',
    updates,
    isAgain: true,
  } as const
  return { merge, rounds: before }
}

/** As much as their claims count where nobody else has claimed anything (rounds/cycle.ts). */
function weighed(claims: readonly Arrived[], round: number): MergeEffect['updates'] {
  const counts = countedExamples(claims.map(({ examples }) => ({ examples, behind: [] })))
  const total = counts.reduce((sum, count) => sum + count, 0)
  return claims.flatMap(({ device }: { readonly device: DeviceKey }, at) =>
    counts[at] > 0 ? [{ device, round, weight: counts[at] / total }] : [],
  )
}
