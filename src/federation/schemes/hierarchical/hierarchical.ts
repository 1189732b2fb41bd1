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
import { z } from 'zod'
import type { CoordinatorEffect } from '../../effects'
import type { EdgeOrder, MembershipEvent } from '../../events'
import { able, type Member, memberOf } from '../../members'
import { type DeviceKey, globalAdapter } from '../../names'
import { abandon, deadlineMs, hear, load, open, resume } from '../../rounds/cycle'
import { type Assignments, assignmentsFor, lacking, orders } from '../../rounds/orders'
import { type Place, settle } from '../../rounds/settle'
import { awaits, type Cycle, isMergeOf, newCycle, underWay } from '../../rounds/stage'
import { securedBy } from '../../rounds/together'
import { mayBegin, newest, withVersion } from '../../run'
import type { Scheme, SchemeStep, StateOf } from '../scheme'
import { type Attachments, attach, chooseEdges } from './attachment'

const whole = z.number().int().min(0)

const hierarchicalConfig = z
  .object({
    /** Edge rounds (kappa 2) between two exchanges with the coordinator; kappa 1 is `localSteps`. */
    edgeRounds: whole.min(1).max(1000).default(2),
    /** An edge takes so many devices and no more. */
    devicesPerEdge: whole.min(1).default(8),
    /** How many edges there should be where too few volunteer; 0: volunteers only. */
    appointed: whole.default(2),
  })
  .readonly()

type HierarchicalConfig = z.output<typeof hierarchicalConfig>

interface HierarchicalProgress {
  readonly kind: 'hierarchical'
  readonly cycle: Cycle
  /** Each device's edge; null: it speaks with the coordinator itself. */
  readonly attachments: Attachments
  /** Those without an edge who may not speak with the coordinator, and were told so. */
  readonly waiting: readonly DeviceKey[]
}

type State = StateOf<HierarchicalProgress, HierarchicalConfig>
type Step = SchemeStep<HierarchicalProgress, HierarchicalConfig>

export const hierarchical: Scheme<HierarchicalProgress, HierarchicalConfig> = {
  name: 'hierarchical',
  config: hierarchicalConfig,
  mergedBy: 'edges',
  comparesDevices: false,
  hasRounds: true,

  begin: ({ completedRounds }) => ({
    kind: 'hierarchical',
    cycle: newCycle(globalAdapter, completedRounds),
    attachments: {},
    waiting: [],
  }),

  step(state, event) {
    const { progress } = state
    const { cycle } = progress
    switch (event.type) {
      case 'coordinator-resumed':
        return settle(
          withProgress(state, { ...progress, attachments: {}, waiting: [] }),
          resume(cycle),
          place,
          event.atMs,
        )
      case 'command':
        return event.command === 'stop'
          ? [withProgress(state, { ...progress, cycle: abandon(cycle) }), []]
          : [state, []]
      case 'device-joined':
        return isLastMerged(state)
          ? [state, [{ type: 'announce', to: [event.device], ...newest(state, globalAdapter) }]]
          : [state, []]
      case 'device-left':
        return leave(state, event)
      // Its edge does not wait for it, and passes nothing on to it any more.
      case 'forget-asked': {
        const here = [event.device].filter((device) => memberOf(state.members, device)?.present)
        const [next, effects] = settle(state, hear(cycle, event), place, event.atMs)
        return [next, [...lacking(state.members, here, newest(state, globalAdapter)), ...effects]]
      }
      case 'merged': {
        if (!isMergeOf(cycle, event)) return [state, []]
        const next = withVersion(state, event)
        return settle(next, load(cycle, event.version, listenersOf(state)), place, event.atMs)
      }
      default:
        return settle(state, hear(cycle, event), place, event.atMs)
    }
  },

  proceed(state, atMs) {
    const { cycle } = state.progress
    const round = cycle.completedRounds + 1
    if (!mayBegin(state) || cycle.stage.kind !== 'between' || round > state.config.rounds) return [state, []]
    return openRound(state, round, atMs)
  },

  isIdle: ({ cycle }) => cycle.stage.kind === 'between',
  learned: (state) => [{ ...newest(state, globalAdapter), weight: 1 }],
  awaits: ({ progress }, device, round) => awaits(progress.cycle, device, round),
  cycles: ({ cycle }) => [cycle],
  worksTowards: (_, round) => round,
  roundUnderWay: ({ progress }) => underWay([progress.cycle]),
  attachments: ({ attachments }) => attachments,
  behind: (state, device) => behind(state, device),

  forget(progress, { key }) {
    const { [key]: _, ...attachments } = progress.attachments
    return { ...progress, attachments, waiting: progress.waiting.filter((other) => other !== key) }
  },
}

/** The devices behind each edge that has any, in index order. Asked often of attachments that stay the same. */
const devicesBehind = new WeakMap<Attachments, ReadonlyMap<DeviceKey, readonly DeviceKey[]>>()

function behindEach(members: readonly Member[], attachments: Attachments) {
  const known = devicesBehind.get(attachments)
  if (known) return known
  const devices = new Map<DeviceKey, DeviceKey[]>()
  for (const { key } of members) {
    const edge = attachments[key] ?? null
    if (edge === null) continue
    const own = devices.get(edge)
    if (own) own.push(key)
    else devices.set(edge, [key])
  }
  devicesBehind.set(attachments, devices)
  return devices
}

const behind = ({ members, progress }: State, edge: DeviceKey): readonly DeviceKey[] =>
  behindEach(members, progress.attachments).get(edge) ?? []

function openRound(state: State, round: number, atMs: number): Step {
  const { members, config, progress: before } = state
  const { edgeRounds, devicesPerEdge, appointed } = config.hierarchical
  const edges = chooseEdges(members, appointed, before.attachments)
  const attachments = attach(members, edges, before.attachments, devicesPerEdge)
  const devicesOf = behindEach(members, attachments)
  const secure = config.secure ? securedBy(members, able(members)).weights : null
  const single = members.map(({ key }) => key).filter((key) => attachments[key] === null)
  // Alone at the coordinator a device has nobody to hide among.
  const [direct, waiting] = secure ? [[], single] : [single, []]
  const told = waiting.filter((device) => !before.waiting.includes(device)).map(roomless)
  const busy = edges.filter((edge) => devicesOf.has(edge))
  const asked = new Set([...busy, ...direct])
  const cohort = members.map(({ key }) => key).filter((key) => asked.has(key))
  if (cohort.length === 0) return [withProgress(state, { ...before, waiting }), told]
  const from = newest(state, globalAdapter)
  const { localSteps: steps, proximal, waitsForAll } = config
  const limitMs = deadlineMs(before.cycle.roundTimesMs)
  const turn = open(
    before.cycle,
    { round, cohort, wanted: cohort.length, from, deadlineMs: limitMs, waitsForAll },
    atMs,
  )
  const assigned = assignmentsFor(state, able(members))
  const orderOf = (edge: DeviceKey): EdgeOrder => ({
    ...from,
    round,
    edgeRounds,
    steps,
    proximal,
    assigned,
    devices: devicesOf.get(edge) ?? [],
    deadlineMs: limitMs / (2 * edgeRounds),
    secure,
  })
  const alone = { ...from, round, steps: steps * edgeRounds, proximal }
  const throughout = assigned && allRounds(assigned, edgeRounds)
  return [
    withProgress(state, { kind: 'hierarchical', cycle: turn.cycle, attachments, waiting }),
    [
      ...told,
      ...moves(before.attachments, attachments),
      ...lacking(members, busy, from),
      ...busy.map((edge): CoordinatorEffect => ({ type: 'order-edge', to: edge, order: orderOf(edge) })),
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

const roomless = (device: DeviceKey): CoordinatorEffect => ({
  type: 'passed-over',
  device,
  why: 'No edge has room for this device, and alone with the coordinator it would have nobody to hide among. It waits until an edge takes it: let an edge take more devices, or let another tab merge for others.',
})

/** Those who change their edge are told. */
const moves = (before: Attachments, after: Attachments): CoordinatorEffect[] =>
  Object.entries(after)
    .filter(([device, edge]) => edge !== (before[device] ?? null))
    .map(([device, to]) => ({ type: 'attach', device, to }))

/** A device or an edge is gone. The devices of a dead edge look for another one at once. */
function leave(state: State, event: MembershipEvent & { type: 'device-left' }): Step {
  const { progress } = state
  const { stage } = progress.cycle
  const orphans = behind(state, event.device).filter((key) => key !== event.device)
  const isLost = stage.kind === 'training' && stage.awaited.includes(event.device)
  if (stage.kind !== 'training' || orphans.length === 0 || !isLost) {
    const kept = Object.entries(progress.attachments).filter(([device]) => device !== event.device)
    const waiting = progress.waiting.filter((device) => device !== event.device)
    const next = withProgress(state, { ...progress, attachments: Object.fromEntries(kept), waiting })
    return settle(next, hear(progress.cycle, event), place, event.atMs)
  }
  const others = stage.awaited.filter((key) => key !== event.device && behind(state, key).length > 0)
  const present = state.members.filter(({ key }) => key !== event.device)
  const { devicesPerEdge } = state.config.hierarchical
  const before = Object.fromEntries(
    Object.entries(progress.attachments).filter(([device]) => !orphans.includes(device)),
  )
  const after = attach(present, others, before, Math.max(devicesPerEdge, present.length))
  const attachments = { ...progress.attachments, ...pick(after, orphans) }
  const devicesOf = behindEach(state.members, attachments)
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
      ...orphans.map((device): CoordinatorEffect => ({ type: 'attach', device, to: attachments[device] })),
      ...receivers.map(
        (to): CoordinatorEffect => ({
          type: 'edge-devices',
          to,
          round: stage.round,
          devices: devicesOf.get(to) ?? [],
        }),
      ),
      ...effects,
    ],
  ]
}

const pick = (attachments: Attachments, devices: readonly DeviceKey[]): Attachments =>
  Object.fromEntries(devices.map((device) => [device, attachments[device] ?? null]))

/** After the last merge no order comes that would bring its version along. */
const isLastMerged = ({ control, config, progress: { cycle } }: State): boolean =>
  control.kind === 'finished' || (cycle.stage.kind === 'loading' && cycle.stage.round >= config.rounds)

/** Who gets a new version from the coordinator: edges, and devices without one that is still here. The others get it from their edge. */
function listenersOf({ members, progress: { attachments } }: State): Member[] {
  const here = members.filter(({ present }) => present)
  const keys = new Set(here.map(({ key }) => key))
  return here.filter(({ key }) => {
    const edge = attachments[key] ?? null
    return edge === null || edge === key || !keys.has(edge)
  })
}

const place: Place<State> = {
  put: (state, cycle) => withProgress(state, { ...state.progress, cycle }),
  completedRounds: ({ progress }) => progress.cycle.completedRounds,
  behind: (state, edge) => behind(state, edge).flatMap((key) => memberOf(state.members, key) ?? []),
}

const withProgress = (state: State, progress: HierarchicalProgress): State => ({ ...state, progress })
