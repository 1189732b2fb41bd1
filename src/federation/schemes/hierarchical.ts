/**
 * The hierarchical scheme (HierFAVG, Liu et al., arXiv 1905.06641): device -> edge -> coordinator. An edge averages its
 * devices after every kappa 1 local steps (`localSteps`), the coordinator averages the edges after every kappa 2 edge
 * rounds (`edgeRounds`): w = sum n_l w_l / sum n_l, with n_l the examples behind edge l, so that two tiers give the flat
 * average and never a mean of means. Between two exchanges only adapters of edges cross the wide network.
 *
 * A device gets its first adapter with its first order, from its edge: nothing crosses the wide network for it.
 *
 * This file is the coordinator's half: a cycle whose cohort is the edges, and those devices that no edge has room for,
 * which take the kappa 1 · kappa 2 steps by themselves. The edge's half is `edge.ts`. An edge that dies in a round takes
 * with it what it had not sent, never more: its devices go on at other edges in the same round, unless its update had
 * arrived, because then their part is in the average already. An edge's update counts once for its round.
 */

import { globalAdapter } from '../names'
import type { HierarchicalProgress } from '../progress'
import { type Attachments, attach, edgesOf } from '../resources/attachment'
import { abandon, deadlineMs, hear, load, newCycle, open } from '../rounds/cycle'
import {
  type Assignments,
  ableOf,
  assignmentsOf,
  lacking,
  mayBegin,
  orders,
  withVersion,
} from '../rounds/orders'
import { type Place, settle } from '../rounds/settle'
import type {
  DeviceKey,
  EdgeOrder,
  Effect,
  FederationEvent,
  FederationState,
  Member,
  Scheme,
  Step,
} from '../types'

export const hierarchical: Scheme = {
  name: 'hierarchical',
  begin: ({ completedRounds }) => ({
    kind: 'hierarchical',
    cycle: newCycle(globalAdapter, completedRounds),
    attachments: {},
  }),

  step(state, event) {
    const progress = progressOf(state)
    const { cycle } = progress
    switch (event.type) {
      case 'coordinator-resumed':
        return [withProgress(state, { ...progress, cycle: abandon(cycle), attachments: {} }), []]
      case 'command':
        return event.command === 'stop'
          ? [withProgress(state, { ...progress, cycle: abandon(cycle) }), []]
          : [state, []]
      case 'device-left':
        return leave(state, event)
      case 'merged': {
        const isOurs = cycle.stage.kind === 'merging' && cycle.stage.round === event.round
        if (!isOurs || event.adapter !== globalAdapter) return [state, []]
        const next = withVersion(state, globalAdapter, event.version)
        return settle(next, load(cycle, event.version, listenersOf(state)), place, event.atMs)
      }
      default:
        return settle(state, hear(cycle, event), place, event.atMs)
    }
  },

  proceed(state, atMs) {
    const { cycle } = progressOf(state)
    const round = cycle.completedRounds + 1
    if (!mayBegin(state) || cycle.stage.kind !== 'between' || round > state.config.rounds) return [state, []]
    return openRound(state, round, atMs)
  },

  isIdle: (progress) => progress.kind === 'hierarchical' && progress.cycle.stage.kind === 'between',
  learned: (state) => [{ ...newest(state), weight: 1 }],
}

/** The devices that an edge merges for, in index order. */
export const devicesOf = ({ members }: FederationState, attachments: Attachments, edge: DeviceKey) =>
  members.map(({ key }) => key).filter((key) => attachments[key] === edge)

function openRound(state: FederationState, round: number, atMs: number): Step {
  const { members, config } = state
  const { edgeRounds, devicesPerEdge, appointed } = config.hierarchical
  const before = progressOf(state)
  const edges = edgesOf(members, appointed, before.attachments)
  const attachments = attach(members, edges, before.attachments, devicesPerEdge)
  const direct = members.map(({ key }) => key).filter((key) => attachments[key] === null)
  const busy = edges.filter((edge) => devicesOf(state, attachments, edge).length > 0)
  const cohort = members.map(({ key }) => key).filter((key) => busy.includes(key) || direct.includes(key))
  if (cohort.length === 0) return [state, []]
  const from = newest(state)
  const { localSteps: steps, proximal } = config
  const limitMs = deadlineMs(before.cycle.roundTimesMs)
  const turn = open(
    before.cycle,
    { round, cohort, wanted: cohort.length, from, deadlineMs: limitMs, waitsForAll: config.waitsForAll },
    atMs,
  )
  const assigned = assignmentsOf(state, ableOf(state))
  const orderOf = (edge: DeviceKey): EdgeOrder => ({
    ...{ ...from, round, edgeRounds, steps, proximal, assigned },
    devices: devicesOf(state, attachments, edge),
    deadlineMs: limitMs / (2 * edgeRounds),
  })
  const alone = { ...from, round, steps: steps * edgeRounds, proximal }
  const throughout = assigned && allRounds(assigned, edgeRounds)
  return [
    withProgress(state, { kind: 'hierarchical', cycle: turn.cycle, attachments }),
    [
      ...moves(before.attachments, attachments),
      ...lacking(members, busy, from),
      ...busy.map((edge): Effect => ({ type: 'order-edge', to: edge, order: orderOf(edge) })),
      ...(direct.length > 0 ? orders(members, direct, alone, throughout) : []),
      ...turn.effects,
    ],
  ]
}

/** A device without an edge takes the steps of all edge rounds at once. */
const allRounds = (assigned: Assignments, edgeRounds: number): Assignments =>
  Object.fromEntries(
    Object.entries(assigned).map(([device, own]) => [device, { ...own, steps: own.steps * edgeRounds }]),
  )

/** Those who change their edge are told. */
const moves = (before: Attachments, after: Attachments): Effect[] =>
  Object.entries(after)
    .filter(([device, edge]) => edge !== (before[device] ?? null))
    .map(([device, to]) => ({ type: 'attach', device, to }))

/** A device or an edge is gone. The devices of a dead edge look for another one at once. */
function leave(state: FederationState, event: FederationEvent & { type: 'device-left' }): Step {
  const progress = progressOf(state)
  const { stage } = progress.cycle
  const orphans = devicesOf(state, progress.attachments, event.device).filter((key) => key !== event.device)
  const isLost = stage.kind === 'training' && stage.awaited.includes(event.device)
  if (stage.kind !== 'training' || orphans.length === 0 || !isLost) {
    const kept = Object.entries(progress.attachments).filter(([device]) => device !== event.device)
    const next = withProgress(state, { ...progress, attachments: Object.fromEntries(kept) })
    return settle(next, hear(progress.cycle, event), place, event.atMs)
  }
  const others = stage.awaited.filter(
    (key) => key !== event.device && devicesOf(state, progress.attachments, key).length > 0,
  )
  const present = state.members.filter(({ key }) => key !== event.device)
  const { devicesPerEdge } = state.config.hierarchical
  const before = Object.fromEntries(
    Object.entries(progress.attachments).filter(([device]) => !orphans.includes(device)),
  )
  const after = attach(present, others, before, Math.max(devicesPerEdge, present.length))
  const attachments = { ...progress.attachments, ...pick(after, orphans) }
  const receivers = others.filter((edge) => orphans.some((device) => attachments[device] === edge))
  const [next, effects] = settle(
    withProgress(state, { ...progress, attachments }),
    hear(progress.cycle, event),
    place,
    event.atMs,
  )
  return [
    next,
    [
      ...orphans.map((device): Effect => ({ type: 'attach', device, to: attachments[device] })),
      ...receivers.map(
        (to): Effect => ({
          ...{ type: 'edge-devices', to, round: stage.round },
          devices: devicesOf(state, attachments, to),
        }),
      ),
      ...effects,
    ],
  ]
}

const pick = (attachments: Attachments, devices: readonly DeviceKey[]): Attachments =>
  Object.fromEntries(devices.map((device) => [device, attachments[device] ?? null]))

/** Who gets a new version from the coordinator: edges, and devices without one. The others get it from their edge. */
function listenersOf(state: FederationState): Member[] {
  const { attachments } = progressOf(state)
  return state.members.filter(
    ({ key, present }) => present && (attachments[key] == null || attachments[key] === key),
  )
}

const place: Place = {
  put: (state, cycle) => withProgress(state, { ...progressOf(state), cycle }),
  completedRounds: (state) => progressOf(state).cycle.completedRounds,
  behind: (state, edge) => state.members.filter(({ key }) => progressOf(state).attachments[key] === edge),
}

const newest = ({ adapters }: FederationState) => ({
  adapter: globalAdapter,
  version: adapters[globalAdapter] ?? 0,
})

function progressOf({ progress }: FederationState): HierarchicalProgress {
  if (progress.kind !== 'hierarchical') throw new TypeError(`This is a ${progress.kind} federation.`)
  return progress
}

const withProgress = (state: FederationState, progress: HierarchicalProgress): FederationState => ({
  ...state,
  progress,
})
