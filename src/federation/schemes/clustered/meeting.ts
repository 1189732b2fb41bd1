/**
 * Where clusters meet: when, how they are mixed, and what a new division does to their adapters.
 */

import type { Regrouped } from '../../clustering/regroup'
import type { CombineEffect } from '../../effects'
import { able, isAble } from '../../members'
import { type AdapterId, type DeviceKey, globalAdapter, type Part } from '../../names'
import { type Cycle, newCycle } from '../../rounds/stage'
import { newest, withVersion } from '../../run'
import { leastTogether } from '../../secure/graph'
import type { ClusteredConfig, ClusteredProgress, ClusteredState, ClusteredStep } from './state'

/** The next round after which the clusters meet, to be divided anew or mixed. */
export function nextMeeting(config: ClusteredConfig, began: number, after: number): number {
  const { warmUpRounds, reclusterEvery, mixing, mixEvery } = config
  const past = after - began - warmUpRounds
  const division = past < 0 ? began + warmUpRounds : after + reclusterEvery - (past % reclusterEvery)
  const mix = mixing > 0 ? after + mixEvery - (after % mixEvery) : Number.POSITIVE_INFINITY
  return Math.min(division, mix)
}

/** Whether the devices are divided anew after this round. */
export function dividesAfter(config: ClusteredConfig, began: number, round: number): boolean {
  const past = round - began - config.warmUpRounds
  return past >= 0 && past % config.reclusterEvery === 0
}

/** There is one adapter, so all updates began alike. */
export const isTogether = ({ cycles }: ClusteredProgress): boolean => Object.keys(cycles).length === 1

/** Which cluster each device belongs to. One that has not been told where it belongs is in the largest. */
export function clusterLookup({
  assignment,
  cycles,
}: Pick<ClusteredProgress, 'assignment' | 'cycles'>): (device: DeviceKey) => AdapterId {
  let largest: AdapterId | null = null
  return (device) => {
    const own = assignment[device]
    if (own !== undefined && own in cycles) return own
    largest ??= largestOf(Object.keys(cycles), sizesOf(Object.values(assignment)))
    return largest
  }
}

const largestOf = (names: readonly AdapterId[], sizes: ReadonlyMap<AdapterId, number>): AdapterId =>
  names.reduce((best, name) => ((sizes.get(name) ?? 0) > (sizes.get(best) ?? 0) ? name : best))

/**
 * In secure rounds devices of a cluster that has too few here to hide each other go with the largest one, until the clusters
 * meet again.
 */
export function joinedUp(state: ClusteredState): ClusteredState {
  if (!state.config.secure) return state
  const { progress, members } = state
  const clusterOf = clusterLookup(progress)
  const here = new Map<AdapterId, DeviceKey[]>()
  for (const { key } of members.filter(isAble)) {
    const name = clusterOf(key)
    here.set(name, [...(here.get(name) ?? []), key])
  }
  const [largest, ...others] = [...here].toSorted(([, a], [, b]) => b.length - a.length)
  const moved = others
    .filter(([name, own]) => own.length < leastTogether && progress.cycles[name].stage.kind === 'between')
    .flatMap(([, own]) => own.map((device) => [device, largest[0]] as const))
  if (moved.length === 0) return state
  const assignment = { ...progress.assignment, ...Object.fromEntries(moved) }
  return { ...state, progress: { ...progress, assignment } }
}

/** Every cluster that has somebody to train has come as far as the meeting, and none is in a round. */
export function meetingIsDue(state: ClusteredState, progress: ClusteredProgress): boolean {
  const cycles = Object.values(progress.cycles)
  if (cycles.some(({ stage }) => stage.kind !== 'between')) return false
  const clusterOf = clusterLookup(progress)
  const able = new Set(state.members.filter(isAble).map(({ key }) => clusterOf(key)))
  return (
    able.size > 0 &&
    progress.meetAfter < state.config.rounds &&
    cycles.every((cycle) => !able.has(cycle.adapter) || cycle.completedRounds >= progress.meetAfter)
  )
}

/** Each cluster's part in what was learned together: by its devices' examples. */
export function weightsOf(state: ClusteredState, progress: ClusteredProgress): Part[] {
  const names = Object.keys(progress.cycles)
  const clusterOf = clusterLookup(progress)
  const sizes = new Map<AdapterId, number>()
  for (const { key, examples } of state.members) {
    const name = clusterOf(key)
    sizes.set(name, (sizes.get(name) ?? 0) + examples)
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  const weightOf = (name: AdapterId) => (total > 0 ? (sizes.get(name) ?? 0) / total : 1 / names.length)
  return names
    .map((adapter) => ({ ...newest(state, adapter), weight: weightOf(adapter) }))
    .filter(({ weight }) => weight > 0)
}

/** w_k <- (1 - l) w_k + l mean(w), where this round asks for it. */
export function mixClusters(
  state: ClusteredState,
  progress: ClusteredProgress,
  round: number,
): ClusteredStep {
  const { mixing, mixEvery } = state.config.clustered
  const names = Object.keys(progress.cycles)
  if (mixing === 0 || round % mixEvery !== 0 || names.length < 2) return [state, []]
  const old = names.map((adapter) => newest(state, adapter))
  let next = state
  const effects = old.map((own): CombineEffect => {
    const version = own.version + 1
    next = withVersion(next, { adapter: own.adapter, version })
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
  state: ClusteredState,
  before: ClusteredProgress,
  { assignment, silhouette, named }: Regrouped,
  keepsEmpty: boolean,
): readonly [ClusteredState, ClusteredProgress, readonly CombineEffect[]] {
  const used = new Set(Object.values(assignment))
  const kept = Object.values(before.cycles).filter(
    ({ adapter }) => used.has(adapter) || (keepsEmpty && adapter !== globalAdapter),
  )
  const keptNames = new Set(kept.map(({ adapter }) => adapter))
  const some = Object.values(before.cycles)[0]
  const cycles: Record<AdapterId, Cycle> = Object.fromEntries(kept.map((cycle) => [cycle.adapter, cycle]))
  const clusterBefore = clusterLookup(before)
  let next = state
  const effects: CombineEffect[] = []
  for (const adapter of [...used].sort()) {
    const isNew = !keptNames.has(adapter)
    const devices = Object.keys(assignment).filter((device) => assignment[device] === adapter)
    const parents = devices
      .map(clusterBefore)
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
    next = withVersion(next, { adapter, version })
    effects.push({ type: 'combine', adapter, version, of })
  }
  return [next, { ...before, assignment, cycles, silhouette, named, meeting: null }, effects]
}

function sizesOf(names: readonly AdapterId[]): Map<AdapterId, number> {
  const sizes = new Map<AdapterId, number>()
  for (const name of names) sizes.set(name, (sizes.get(name) ?? 0) + 1)
  return sizes
}

/** Clusters that have somebody to train, or a round under way. */
export function activeOf(state: ClusteredState): Set<AdapterId> {
  const { progress } = state
  const active = new Set(able(state.members).map(clusterLookup(progress)))
  for (const { adapter, stage } of Object.values(progress.cycles))
    if (stage.kind !== 'between') active.add(adapter)
  return active
}

/** The federation is as far as the last of those clusters that have somebody to train. */
export const slowestOf = ({ progress }: ClusteredState, active: ReadonlySet<AdapterId>): number =>
  Object.values(progress.cycles)
    .filter(({ adapter }) => active.has(adapter))
    .reduce((least, { completedRounds }) => Math.min(least, completedRounds), Number.POSITIVE_INFINITY)
