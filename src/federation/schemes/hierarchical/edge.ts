/**
 * The edge's half of the hierarchical scheme: on the coordinator's order it turns a cycle of its devices `edgeRounds`
 * times, the first from the coordinator's adapter, the next from its own, and sends what came out with the number of
 * examples behind it. It passes the coordinator's versions on to its devices, so that an adapter crosses the wide network
 * once for all of them. It holds nobody up either: an edge round that nobody answers is left out, and after the last one
 * the edge answers even where nothing came, with no examples.
 */
import type { EdgeEffect } from '../../effects'
import type { EdgeEvent, EdgeOrder } from '../../events'
import { afterEffects, type Member, memberOf, present, stepMembers } from '../../members'
import { type AdapterName, type DeviceKey, edgeAdapter } from '../../names'
import { complete, giveUp, hear, load, merge, open } from '../../rounds/cycle'
import { orders } from '../../rounds/orders'
import { type Cycle, isMergeOf, newCycle } from '../../rounds/stage'
import type { Turn } from '../../rounds/turn'

/** Of devices, whether here or not; far more than one edge merges for. */
const mostEnrolled = 255

export interface EdgeState {
  readonly self: DeviceKey
  readonly members: readonly Member[]
  /** Null: nothing has been ordered, or it is done. */
  readonly order: EdgeOrder | null
  readonly cycle: Cycle
  /** Edge rounds of this order that are behind it. */
  readonly turned: number
  /** What the next edge round trains from. */
  readonly from: AdapterName | null
  /** The coordinator's newest version that is here. */
  readonly newest: AdapterName | null
  /** Merges so far: versions of the edge's adapter. */
  readonly version: number
  /** Examples of every device that was merged for this order, counted once. */
  readonly contributed: Readonly<Record<DeviceKey, number>>
}

export type EdgeStep = readonly [EdgeState, readonly EdgeEffect[]]

export const initialEdge = (self: DeviceKey): EdgeState => ({
  self,
  members: [],
  order: null,
  cycle: newCycle(edgeAdapter(self)),
  turned: 0,
  from: null,
  newest: null,
  version: 0,
  contributed: {},
})

export function stepEdge(state: EdgeState, event: EdgeEvent): EdgeStep {
  const known = { ...state, members: stepMembers(state.members, event, mostEnrolled) }
  const [heard, effects] = react(known, event)
  const told = { ...heard, members: afterEffects(heard.members, effects) }
  const [next, more] = proceed(told, event.atMs)
  return [{ ...next, members: afterEffects(next.members, more) }, [...effects, ...more]]
}

function react(state: EdgeState, event: EdgeEvent): EdgeStep {
  switch (event.type) {
    case 'edge-ordered': {
      const { type: _, atMs: __, ...order } = event
      const { adapter, version } = order
      const fresh = { ...newCycle(state.cycle.adapter), roundTimesMs: state.cycle.roundTimesMs }
      const next = { ...state, order, cycle: fresh, turned: 0, from: { adapter, version }, contributed: {} }
      return [next, [{ type: 'stop-timers', adapter: state.cycle.adapter }]]
    }
    case 'edge-devices':
      return state.order?.round === event.round
        ? [{ ...state, order: { ...state.order, devices: event.devices } }, []]
        : [state, []]
    case 'adapter-arrived': {
      const { adapter, version } = event
      const to = present(state.members).filter((key) => key !== state.self)
      const next = { ...state, newest: { adapter, version } }
      return [next, to.length > 0 ? [{ type: 'announce', to, adapter, version }] : []]
    }
    // Whoever comes between two rounds hears of no order that would bring it the newest version, after the last round of none at all.
    case 'device-joined': {
      const { device } = event
      const isIdle = state.order === null && device !== state.self && state.newest !== null
      const [next, effects] = settle(state, hear(state.cycle, event), event.atMs)
      return [next, isIdle ? [...effects, { type: 'announce', to: [device], ...state.newest! }] : effects]
    }
    case 'merged': {
      if (!isMergeOf(state.cycle, event)) return [state, []]
      const { adapter } = state.cycle
      // Nobody waits for devices to load: the order that follows does.
      const turn = load(state.cycle, event.version, [])
      const from = { adapter, version: event.version }
      return settle({ ...state, version: event.version, from }, { ...turn, effects: [] }, event.atMs)
    }
    default:
      return settle(state, hear(state.cycle, event), event.atMs)
  }
}

function settle(state: EdgeState, turn: Turn, atMs: number): EdgeStep {
  const next = { ...state, cycle: turn.cycle }
  switch (turn.verdict.kind) {
    case 'goes-on':
      return [next, turn.effects]
    case 'gathered': {
      const ranked = inOrder(state)
      const merging = merge(turn.cycle, ranked, state.version + 1)
      const isMerging = merging.cycle.stage.kind === 'merging'
      const contributed = isMerging ? { ...state.contributed, ...examplesOf(turn.cycle) } : state.contributed
      const [after, effects] = settle({ ...next, contributed }, merging, atMs)
      return [after, [...turn.effects, ...effects]]
    }
    case 'void': {
      const { cycle, effects } = giveUp(turn.cycle, turn.verdict.why)
      return [{ ...next, cycle, turned: state.turned + 1 }, [...turn.effects, ...effects]]
    }
    case 'loaded': {
      const { cycle, effects } = complete(turn.cycle, atMs)
      return [{ ...next, cycle, turned: state.turned + 1 }, [...turn.effects, ...effects]]
    }
  }
}

/** Opens the next edge round, or sends what came of the last. */
function proceed(state: EdgeState, atMs: number): EdgeStep {
  const { order, cycle, turned, from, members } = state
  if (!order || !from || cycle.stage.kind !== 'between') return [state, []]
  const here = new Set(present(members))
  const { secure } = order
  const cohort = order.devices.filter((device) => here.has(device) && (!secure || secure[device] > 0))
  if (turned >= order.edgeRounds || cohort.length === 0) return forward(state, order)
  const round = (order.round - 1) * order.edgeRounds + turned + 1
  const plan = {
    round,
    cohort,
    wanted: cohort.length,
    from,
    deadlineMs: order.deadlineMs,
    waitsForAll: false,
    secure: secure === null ? null : { weights: secure, merger: state.self },
  }
  const turn = open(cycle, plan, atMs)
  const { steps, proximal, assigned } = order
  return [
    { ...state, cycle: turn.cycle },
    [...orders(members, cohort, { ...from, round, steps, proximal }, assigned), ...turn.effects],
  ]
}

/** One update for all devices: idempotent by edge and round. */
function forward(state: EdgeState, { round, version, adapter, devices }: EdgeOrder): EdgeStep {
  const { contributed } = state
  const contributors = devices.filter((device) => device in contributed)
  const examples = Object.values(contributed).reduce((sum, count) => sum + count, 0)
  const from = state.from ?? { adapter, version }
  return [
    { ...state, order: null, contributed: {} },
    [{ type: 'forward', ...from, round, startedFrom: version, examples, contributors }],
  ]
}

/** Sums run in the coordinator's order of devices, whatever the order in which they came to this edge. */
const inOrder = ({ order, members }: EdgeState): readonly Member[] =>
  (order?.devices ?? []).flatMap((device) => memberOf(members, device) ?? [])

const examplesOf = ({ stage }: Cycle): Record<DeviceKey, number> =>
  stage.kind === 'training' || stage.kind === 'unmasking'
    ? Object.fromEntries(
        stage.arrived
          .filter(({ examples }) => examples > 0)
          .map(({ device, examples }) => [device, examples]),
      )
    : {}
