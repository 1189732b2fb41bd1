/**
 * The clustered scheme: devices whose data is alike share an adapter, and every cluster runs the synchronous rounds of its
 * own members, at its own pace. The first rounds are common (warm-up). Then, every `reclusterEvery` rounds, the clusters
 * meet: devices are divided anew, by likeness of their updates (the LoRA products, so that factors do not matter) or, as
 * in IFCA (Ghosh et al., arXiv 2006.04088), by which cluster's adapter has the least loss on a device's own text. Updates
 * are alike only where they began at the same adapter, so for a meeting of several clusters all devices train some steps
 * from the clusters' mean (a survey); nothing of it is merged. Optionally clusters are mixed: w_k <- (1 - l) w_k + l mean(w).
 *
 * A cluster keeps its name and adapter through a new division as long as most of its members stay together. A device that
 * drifts is moved and adopts the adapter of its new cluster. A cluster of one joins its nearest; one that has lost its
 * devices keeps its adapter and holds nobody up. Data that shows no clusters is trained with one.
 */
import { landmarksOf, regroupByChance, regroupBySimilarity } from '../../clustering/regroup'
import { afterRound } from '../../control'
import type { CombineEffect, CoordinatorEffect } from '../../effects'
import type { SchemeEvent } from '../../events'
import { able, present } from '../../members'
import { type AdapterId, type DeviceKey, globalAdapter } from '../../names'
import { abandon, hear, load, open, resume } from '../../rounds/cycle'
import { assignmentsFor, cohortOf, lacking, orders } from '../../rounds/orders'
import { type Place, settle } from '../../rounds/settle'
import { awaits, type Cycle, isMergeOf, newCycle, underWay } from '../../rounds/stage'
import { securedBy } from '../../rounds/together'
import { mayBegin, newest, withVersion } from '../../run'
import { leastTogether } from '../../secure/graph'
import type { Scheme } from '../scheme'
import { atMeeting, regrouped, tried, withProgress } from './inquiry'
import {
  activeOf,
  clusterLookup,
  dividesAfter,
  isTogether,
  joinedUp,
  meetingIsDue,
  mixClusters,
  nextMeeting,
  slowestOf,
  weightsOf,
} from './meeting'
import {
  type ClusteredConfig,
  type ClusteredProgress,
  type ClusteredState,
  type ClusteredStep,
  clusteredConfig,
} from './state'

/** Trying adapters takes no training; who has not answered by then stays where it is. */
const trialMs = 60_000

export const clustered: Scheme<ClusteredProgress, ClusteredConfig> = {
  name: 'clustered',
  config: clusteredConfig,
  mergedBy: 'coordinator',
  comparesDevices: true,
  hasRounds: true,

  begin: ({ completedRounds, config }) => ({
    kind: 'clustered',
    assignment: {},
    cycles: { [globalAdapter]: newCycle(globalAdapter, completedRounds) },
    began: completedRounds,
    meetAfter: nextMeeting(config.clustered, completedRounds, completedRounds),
    meeting: null,
    silhouette: null,
    named: 0,
  }),

  step(state, event) {
    const { progress } = state
    switch (event.type) {
      case 'coordinator-resumed':
        return resumed(state, event.atMs)
      case 'command':
        return [event.command === 'stop' ? abandoned(state) : state, []]
      case 'device-joined': {
        const { device } = event
        const adapter = clusterLookup(progress)(device)
        // What it is sent now is its own, whichever cluster is the largest later.
        const assignment = { ...progress.assignment, [device]: adapter }
        const next = isTogether(progress) ? state : withProgress(state, { ...progress, assignment })
        return [next, [{ type: 'announce', to: [device], ...newest(state, adapter) }]]
      }
      case 'merged': {
        const cycle = progress.cycles[event.adapter]
        if (!cycle || !isMergeOf(cycle, event)) return [state, []]
        const clusterOf = clusterLookup(progress)
        const to = state.members.filter(({ key, present }) => present && clusterOf(key) === event.adapter)
        const next = withVersion(state, event)
        return settle(next, load(cycle, event.version, to), placeOf(event.adapter), event.atMs)
      }
      case 'compared': {
        const { meeting, assignment, named } = progress
        const { clustered, seed } = state.config
        if (meeting?.kind !== 'comparing' || meeting.round !== event.round) return [state, []]
        if (event.devices.length < 2) return [withProgress(state, { ...progress, meeting: null }), []]
        return regrouped(state, regroupBySimilarity(event, state.members, assignment, named, clustered, seed))
      }
      case 'tried':
        return tried(state, event)
      default:
        return progress.meeting ? atMeeting(state, event) : inClusters(state, event)
    }
  },

  proceed(state, atMs) {
    // Asked after every event: what nearly always ends it comes first.
    const { cycles, meeting } = state.progress
    const isFree = Object.values(cycles).some(({ stage }) => stage.kind === 'between')
    if (!isFree || meeting || !mayBegin(state)) return [state, []]
    const [opened, effects] = openRounds(state, atMs)
    if (effects.length > 0) return [opened, effects]
    const { progress } = opened
    return meetingIsDue(opened, progress) ? meet(opened, progress.meetAfter, atMs) : overtaken(opened)
  },

  isIdle: ({ cycles, meeting }) =>
    meeting === null && Object.values(cycles).every(({ stage }) => stage.kind === 'between'),
  learned: (state) => weightsOf(state, state.progress),
  awaits: ({ progress }, device, round) => cyclesOf(progress).some((cycle) => awaits(cycle, device, round)),
  cycles: cyclesOf,
  worksTowards: ({ progress }, round) => (progress.meeting?.kind === 'survey' ? null : round),
  roundUnderWay: ({ progress }) => underWay(cyclesOf(progress)),

  forget(progress, { key }) {
    const { [key]: _, ...assignment } = progress.assignment
    return { ...progress, assignment }
  },

  clusters({ progress, members }) {
    const clusterOf = clusterLookup(progress)
    const devices = new Map<AdapterId, DeviceKey[]>(Object.keys(progress.cycles).map((id) => [id, []]))
    for (const { key } of members) devices.get(clusterOf(key))?.push(key)
    return [...devices].flatMap(([id, own]) => (own.length > 0 ? [{ id, devices: own }] : []))
  },
}

/** A survey stands in the place of the clusters' own rounds. */
function cyclesOf({ cycles, meeting }: ClusteredProgress): readonly Cycle[] {
  return meeting?.kind === 'survey' ? [meeting.cycle] : Object.values(cycles)
}

const placeOf = (adapter: AdapterId): Place<ClusteredState> => ({
  put(state, cycle) {
    const { progress } = state
    if (progress.cycles[adapter] === cycle) return state
    return withProgress(state, { ...progress, cycles: { ...progress.cycles, [adapter]: cycle } })
  },
  completedRounds: (state) => slowestOf(state, activeOf(state).add(adapter)),
})

/** The last cluster may have lost its devices, so that the federation is further without any round that ends. */
function overtaken(state: ClusteredState): ClusteredStep {
  const active = activeOf(state)
  if (active.size === 0) return [state, []]
  const [next, finished] = afterRound(state, slowestOf(state, active))
  if (next === state) return [state, []]
  const clusterOf = clusterLookup(state.progress)
  const here = present(state.members)
  const announcements = [...active].flatMap((adapter) =>
    lacking(
      state.members,
      here.filter((device) => clusterOf(device) === adapter),
      newest(state, adapter),
    ),
  )
  return [next, [...announcements, ...finished]]
}

function inClusters(state: ClusteredState, event: SchemeEvent): ClusteredStep {
  let next = state
  const effects: CoordinatorEffect[] = []
  for (const adapter of Object.keys(state.progress.cycles)) {
    const cycle = next.progress.cycles[adapter]
    const [settled, more] = settle(next, hear(cycle, event), placeOf(adapter), event.atMs)
    next = settled
    for (const effect of more) effects.push(effect)
  }
  return [next, effects]
}

/** Every cluster that is free and not yet at the meeting opens its next round. */
function openRounds(state: ClusteredState, atMs: number): ClusteredStep {
  const { config, control } = state
  const { localSteps, proximal, rounds, waitsForAll } = config
  let next = joinedUp(state)
  const effects: CoordinatorEffect[] = []
  const clusterOf = clusterLookup(next.progress)
  for (const cycle of Object.values(next.progress.cycles)) {
    const { progress } = next
    const round = cycle.completedRounds + 1
    const isFree = cycle.stage.kind === 'between' && round <= Math.min(rounds, progress.meetAfter)
    const isAhead = control.kind === 'stepping' && cycle.completedRounds > state.completedRounds
    if (!isFree || isAhead) continue
    const devices = able(state.members).filter((device) => clusterOf(device) === cycle.adapter)
    if (devices.length === 0) continue
    const from = newest(state, cycle.adapter)
    const asked = cohortOf(devices, config, round)
    const secure = config.secure ? securedBy(state.members, asked.cohort) : null
    const turn = open(cycle, { round, ...asked, from, deadlineMs: null, waitsForAll, secure }, atMs)
    const joined = Object.fromEntries(devices.map((device) => [device, cycle.adapter]))
    next = withProgress(next, {
      ...progress,
      assignment: { ...progress.assignment, ...joined },
      cycles: { ...progress.cycles, [cycle.adapter]: turn.cycle },
    })
    const order = { ...from, round, steps: localSteps, proximal }
    const assigned = assignmentsFor(state, asked.cohort)
    for (const effect of [...orders(state.members, asked.cohort, order, assigned), ...turn.effects])
      effects.push(effect)
  }
  return [next, effects]
}

/** All clusters have come as far as this round: they are mixed, and divided anew. */
function meet(state: ClusteredState, round: number, atMs: number): ClusteredStep {
  const { config } = state
  const before = state.progress
  const meetAfter = nextMeeting(config.clustered, before.began, round)
  // A cluster without devices comes along.
  const cycles = Object.fromEntries(
    Object.entries(before.cycles).map(([adapter, cycle]) => [
      adapter,
      { ...cycle, completedRounds: Math.max(cycle.completedRounds, round) },
    ]),
  )
  const progress = { ...before, cycles, meetAfter }
  const [mixed, effects] = mixClusters(withProgress(state, progress), progress, round)
  const devices = able(state.members)
  if (!dividesAfter(config.clustered, before.began, round) || devices.length < 2) {
    const [next, more] = openRounds(mixed, atMs)
    return [next, [...effects, ...more]]
  }
  if (isTogether(progress) && config.secure) {
    const { named, assignment } = progress
    const count = config.clustered.count ?? 2
    const dealt = regroupByChance(devices, assignment, named, count, leastTogether, config.seed)
    const [divided, combining] = regrouped(withProgress(mixed, progress), dealt)
    const [next, more] = openRounds(divided, atMs)
    return [next, [...effects, ...combining, ...more]]
  }
  if (isTogether(progress)) {
    const landmarks = landmarksOf(devices, config.seed, round)
    const next = withProgress(mixed, { ...progress, meeting: { kind: 'comparing', round } })
    return [next, [...effects, { type: 'compare', round, devices, landmarks }]]
  }
  // A number that no round of a cluster has.
  const number = config.rounds + round
  if (config.clustered.by === 'loss') {
    const adapters = Object.keys(cycles).map((adapter) => newest(mixed, adapter))
    const meeting = { kind: 'trial', round: number, awaited: devices, losses: {} } as const
    return [
      withProgress(mixed, { ...progress, meeting }),
      [
        ...effects,
        { type: 'try', to: devices, round: number, adapters },
        { type: 'start-timer', timer: trialTimer(number), afterMs: trialMs },
      ],
    ]
  }
  const from = { adapter: globalAdapter, version: newest(mixed, globalAdapter).version + 1 }
  const combine: CombineEffect = { type: 'combine', ...from, of: weightsOf(mixed, progress) }
  const blank = { ...newCycle(globalAdapter), roundTimesMs: Object.values(cycles)[0].roundTimesMs }
  const turn = open(
    blank,
    { round: number, cohort: devices, wanted: devices.length, from, deadlineMs: null, waitsForAll: false },
    atMs,
  )
  const order = { ...from, round: number, steps: Math.ceil(config.localSteps / 2), proximal: config.proximal }
  const next = withProgress(withVersion(mixed, from), {
    ...progress,
    meeting: { kind: 'survey', cycle: turn.cycle },
  })
  return [next, [...effects, combine, ...orders(state.members, devices, order), ...turn.effects]]
}

const trialTimer = (round: number) => ({ name: 'deadline', adapter: globalAdapter, round }) as const

function resumed(state: ClusteredState, atMs: number): ClusteredStep {
  const between = withProgress(state, { ...state.progress, meeting: null })
  return Object.keys(state.progress.cycles).reduce<ClusteredStep>(
    ([before, effects], adapter) => {
      const turn = resume(before.progress.cycles[adapter])
      const [after, more] = settle(before, turn, placeOf(adapter), atMs)
      return [after, [...effects, ...more]]
    },
    [between, []],
  )
}

function abandoned(state: ClusteredState): ClusteredState {
  const { progress } = state
  const cycles: Record<AdapterId, Cycle> = {}
  for (const [adapter, cycle] of Object.entries(progress.cycles)) cycles[adapter] = abandon(cycle)
  return withProgress(state, { ...progress, cycles, meeting: null })
}
