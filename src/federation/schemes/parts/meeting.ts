/**
 * Where clusters meet: when, what they share, and what a new division does to their adapters.
 */

import type { Assignment, Regrouped } from '../../clustering/regroup'
import { isAble } from '../../members'
import { globalAdapter } from '../../names'
import type { ClusteredProgress, Cycle } from '../../progress'
import { newCycle } from '../../rounds/cycle'
import { withVersion } from '../../rounds/orders'
import type { AdapterId, DeviceKey, Effect, FederationConfig, FederationState, Part, Step } from '../../types'

/** The next round after which the clusters meet, to be divided anew or to share. */
export function nextMeeting({ clustered }: FederationConfig, began: number, after: number): number {
  const { warmUpRounds, reclusterEvery, mixing, mixEvery } = clustered
  const past = after - began - warmUpRounds
  const division = past < 0 ? began + warmUpRounds : after + reclusterEvery - (past % reclusterEvery)
  const share = mixing > 0 ? after + mixEvery - (after % mixEvery) : Number.POSITIVE_INFINITY
  return Math.min(division, share)
}

/** Whether the devices are divided anew after this round. */
export function dividesAfter({ clustered }: FederationConfig, began: number, round: number): boolean {
  const past = round - began - clustered.warmUpRounds
  return past >= 0 && past % clustered.reclusterEvery === 0
}

/** There is one adapter, so all updates began alike. */
export const isTogether = ({ cycles }: ClusteredProgress): boolean => Object.keys(cycles).length === 1

/** A device that has not been told where it belongs is in the largest cluster. */
export function clusterOf({ assignment, cycles }: ClusteredProgress, device: DeviceKey): AdapterId {
  const own = assignment[device]
  if (own !== undefined && own in cycles) return own
  const sizes = sizesOf(assignment)
  return Object.keys(cycles).reduce((best, name) =>
    (sizes.get(name) ?? 0) > (sizes.get(best) ?? 0) ? name : best,
  )
}

/** Every cluster that has somebody to train has come as far as the meeting, and none is in a round. */
export function meetingIsDue(state: FederationState, progress: ClusteredProgress): boolean {
  const cycles = Object.values(progress.cycles)
  if (cycles.some(({ stage }) => stage.kind !== 'between')) return false
  const able = new Set(state.members.filter(isAble).map(({ key }) => clusterOf(progress, key)))
  return (
    able.size > 0 &&
    progress.meetAfter < state.config.rounds &&
    cycles.every((cycle) => !able.has(cycle.adapter) || cycle.completedRounds >= progress.meetAfter)
  )
}

/** Each cluster's part in what was learned together: by its devices' examples. */
export function weightsOf(state: FederationState, progress: ClusteredProgress): Part[] {
  const names = Object.keys(progress.cycles)
  const sizes = new Map<AdapterId, number>()
  for (const { key, examples } of state.members) {
    const name = clusterOf(progress, key)
    sizes.set(name, (sizes.get(name) ?? 0) + examples)
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  const weightOf = (name: AdapterId) => (total > 0 ? (sizes.get(name) ?? 0) / total : 1 / names.length)
  return names
    .map((adapter) => ({ ...newest(state, adapter), weight: weightOf(adapter) }))
    .filter(({ weight }) => weight > 0)
}

/** w_k <- (1 - l) w_k + l mean(w), where this round asks for it. */
export function share(state: FederationState, progress: ClusteredProgress, round: number): Step {
  const { mixing, mixEvery } = state.config.clustered
  const names = Object.keys(progress.cycles)
  if (mixing === 0 || round % mixEvery !== 0 || names.length < 2) return [state, []]
  const old = names.map((adapter) => newest(state, adapter))
  let next = state
  const effects = old.map((own): Effect => {
    const version = own.version + 1
    next = withVersion(next, own.adapter, version)
    const of = old.map((other) => ({
      ...other,
      weight: mixing / old.length + (other === own ? 1 - mixing : 0),
    }))
    return { type: 'combine', adapter: own.adapter, version, of }
  })
  return [next, effects]
}

/**
 * The division stands. A new cluster begins with the mean of the adapters that its devices had; one that takes in devices
 * of a cluster that is no more is averaged with it, so nothing that was learned is lost.
 * @param keepsEmpty whether a cluster without devices goes on being offered (IFCA)
 */
export function dividedInto(
  state: FederationState,
  before: ClusteredProgress,
  { assignment, silhouette, named }: Regrouped,
  keepsEmpty: boolean,
): readonly [FederationState, ClusteredProgress, readonly Effect[]] {
  const used = new Set(Object.values(assignment))
  const kept = Object.values(before.cycles).filter(
    ({ adapter }) => used.has(adapter) || (keepsEmpty && adapter !== globalAdapter),
  )
  const keptNames = new Set(kept.map(({ adapter }) => adapter))
  const some = Object.values(before.cycles)[0]
  const cycles: Record<AdapterId, Cycle> = Object.fromEntries(kept.map((cycle) => [cycle.adapter, cycle]))
  let next = state
  const effects: Effect[] = []
  for (const adapter of [...used].sort()) {
    const isNew = !keptNames.has(adapter)
    const devices = Object.keys(assignment).filter((device) => assignment[device] === adapter)
    const parents = devices
      .map((device) => clusterOf(before, device))
      .filter((parent) => isNew || parent === adapter || !keptNames.has(parent))
    if (isNew)
      cycles[adapter] = { ...newCycle(adapter, some.completedRounds), roundTimesMs: some.roundTimesMs }
    const isPlain = parents.every((parent) => parent === adapter)
    if (isPlain) continue
    const counts = sizesOf(parents)
    const of = [...counts].map(([parent, count]) => ({
      ...newest(state, parent),
      weight: count / parents.length,
    }))
    const version = Math.max(newest(state, adapter).version, ...of.map((part) => part.version)) + 1
    next = withVersion(next, adapter, version)
    effects.push({ type: 'combine', adapter, version, of })
  }
  return [next, { ...before, assignment, cycles, silhouette, named, meeting: null }, effects]
}

const newest = ({ adapters }: FederationState, adapter: AdapterId) => ({
  adapter,
  version: adapters[adapter] ?? 0,
})

function sizesOf(names: Assignment | readonly AdapterId[]): Map<AdapterId, number> {
  const sizes = new Map<AdapterId, number>()
  for (const name of Object.values(names)) sizes.set(name, (sizes.get(name) ?? 0) + 1)
  return sizes
}
