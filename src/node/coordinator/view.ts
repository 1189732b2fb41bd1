/**
 * The coordinator's picture of its room, for its own page; what of it everybody is told is `digests.ts`. It
 * follows the federation's state and the devices' reports; it decides nothing.
 */
import { able } from '../../federation/members'
import { allocationFor } from '../../federation/rounds/orders'
import { newestVersion } from '../../federation/run'
import type { Attachments } from '../../federation/schemes/hierarchical/attachment'
import type { DeviceKey, FederationState } from '../../federation/types'
import { attachmentsIn, clusterOfEach, clustersIn, isUnlearning, roundUnderWay } from '../../federation/view'
import type { Network, Peer } from '../../network/network'
import { atMostEvery } from '../../network/time/clock'
import type { Post } from '../executor/post'
import { suggestedPrompts } from '../local/shares'
import type { AssignedView, DeviceView, Phase, RoundView } from '../state'
import { isLargeRoom, largeRoomPeriodMs } from '../tab/largeRoom'
import { addLossPoint } from '../tab/lossCurve'
import { distinctName } from '../tab/names'
import { phaseOf } from '../tab/phase'
import type { Tab } from '../tab/tab'
import { isSame } from '../wire/digest'
import type { FromDevice } from '../wire/messages'
import { digestsOf } from './digests'

export interface CoordinatorView {
  show(state: FederationState): void
  /** A device is told what the others know of the room. */
  introduce(key: DeviceKey): void
  joined(peer: Peer): void
  left(peer: Peer): void
  /** It wants to be called so; where somebody is already, it gets a number, which it learns from the digest. */
  named(key: DeviceKey, name: string): void
  status(key: DeviceKey, status: FromDevice & { type: 'status' }): void
  nameOf(key: DeviceKey): string
}

/** The page of a large room shows so often what its devices say of themselves. */
const saidEveryMs = 400

export function viewOf(
  tab: Tab,
  network: Network,
  sendTo: Post['sendTo'],
  closesAtMs: () => number | null,
): CoordinatorView {
  const devices = () => tab.store.getState().devices
  const digests = digestsOf(tab, network, sendTo)
  let latest: FederationState | null = null
  const follow = () => {
    if (!latest) return
    dropForgotten(tab, latest)
    tab.changeDevices(factsOf(latest))
    const contributors = devices().filter(({ role }) => role !== 'coordinator')
    tab.set({
      suggestedPrompts: suggestedPrompts(tab.store.getState().settings, contributors),
      tokensPerSecond: contributors.reduce(
        (sum, { activity, tokensPerSecond }) => sum + (activity === 'training' ? (tokensPerSecond ?? 0) : 0),
        0,
      ),
    })
    digests.changed()
  }
  const followSoon = atMostEvery(tab.clock, () => largeRoomPeriodMs, follow)
  /** What devices of a large room have said of themselves and the page does not show yet. */
  const unshown = new Map<DeviceKey, Partial<DeviceView>>()
  const showSaid = atMostEvery(
    tab.clock,
    () => saidEveryMs,
    () => {
      tab.changeDevices(({ key }) => unshown.get(key) ?? null)
      unshown.clear()
    },
  )

  function named(key: DeviceKey, name: string): void {
    const others = devices().flatMap((device) => (device.key === key ? [] : [device.name]))
    tab.setDevice(key, { name: distinctName(name, new Set(others)) })
    digests.changed()
  }

  network.on('change', (peer) => {
    if (!devices().some(({ key }) => key === peer.deviceKey)) return
    const activity = devices().find(({ key }) => key === peer.deviceKey)?.activity
    if (peer.liveness === 'suspect') tab.setDevice(peer.deviceKey, { activity: 'suspect' })
    else if (activity === 'suspect') tab.setDevice(peer.deviceKey, { activity: 'idle' })
    digests.changed()
  })

  return {
    show(state) {
      latest = state
      // Devices let go of their work where a run is over.
      const phase: Phase = isUnlearning(state) ? { kind: 'running' } : phaseOf(state)
      tab.set({ phase, round: roundOf(state, closesAtMs()), version: newestVersion(state) })
      if (isLargeRoom(tab)) followSoon()
      else follow()
    },
    introduce: digests.begin,
    joined(peer) {
      const { id, role, transport, roundTripMs } = peer
      tab.setDevice(peer.deviceKey, { peer: id, role, transport, roundTripMs, activity: 'joining' })
      named(peer.deviceKey, peer.name)
    },
    named,
    left(peer) {
      if (!devices().some(({ key }) => key === peer.deviceKey)) return
      unshown.delete(peer.deviceKey)
      tab.setDevice(peer.deviceKey, { activity: 'gone', tokensPerSecond: null })
    },
    status(key, { activity, round, step, steps, loss, tokensPerSecond }) {
      const isTraining = activity === 'training'
      const progress = isTraining
        ? { step, steps, tokensPerSecond }
        : { step: 0, steps: 0, tokensPerSecond: null }
      const said = { activity, ...progress, ...(loss === null ? {} : { trainLoss: loss }) }
      if (isLargeRoom(tab)) {
        unshown.set(key, { ...unshown.get(key), ...said })
        showSaid()
      } else tab.setDevice(key, said)
      // A point of a round that there is not would bend the axis of everybody's curve.
      const isOfRun = round <= tab.store.getState().settings.rounds && steps > 0 && step <= steps
      // Nor are there curves of more devices than are drawn.
      if (loss !== null && isOfRun && !isLargeRoom(tab))
        addLossPoint(tab, key, round - 1 + step / steps, loss)
      digests.changed()
    },
    nameOf: (key) => devices().find((device) => device.key === key)?.name ?? 'A device',
  }
}

/** Whose place has gone to somebody else is not shown any more either, nor are its curves. */
function dropForgotten(tab: Tab, { members }: FederationState): void {
  const { devices, lossPoints } = tab.store.getState()
  const known = new Set(members.map(({ key }) => key))
  const kept = devices.filter(({ key, isSelf }) => isSelf || known.has(key))
  if (kept.length === devices.length) return
  const points = Object.entries(lossPoints).filter(([key]) => known.has(key) || key === tab.selfKey)
  tab.set({ devices: kept, lossPoints: Object.fromEntries(points) })
}

/** What the federation says of each device; null where nothing of it is new. */
function factsOf(state: FederationState): (device: DeviceView) => Partial<DeviceView> | null {
  const members = new Map(state.members.map((member) => [member.key, member]))
  const clusters = clusterOfEach(state)
  const attachments: Attachments = attachmentsIn(state) ?? {}
  const edges = new Set(Object.values(attachments))
  const assigned = assignedOf(state)
  return (device) => {
    const { key } = device
    const member = members.get(key)
    const isEdge = state.config.scheme === 'hierarchical' && ((member?.isEdge ?? false) || edges.has(key))
    const facts: Facts = {
      index: member?.index ?? device.index,
      cluster: clusters.get(key) ?? null,
      edge: attachments[key] ?? null,
      isEdge,
      volunteers: member?.volunteers ?? false,
      assigned: assigned.get(key) ?? null,
    }
    return factNames.every((name) => isSame(facts[name], device[name])) ? null : facts
  }
}

const factNames = ['index', 'cluster', 'edge', 'isEdge', 'volunteers', 'assigned'] as const
type Facts = Pick<DeviceView, (typeof factNames)[number]>

/** What the devices of a round would be given now, cluster by cluster. */
function assignedOf(state: FederationState): ReadonlyMap<DeviceKey, AssignedView> {
  const { config } = state
  if (!config.allocation) return new Map()
  const clusters = clustersIn(state).map(({ devices }) => devices)
  const groups = clusters.length > 0 ? clusters : [able(state.members)]
  const given = groups.flatMap((devices) => allocationFor(state, devices) ?? [])
  const { overrides } = config.allocation
  return new Map(
    given.map(({ device, ...assigned }) => [device, { ...assigned, byHand: overrides[device] ?? {} }]),
  )
}

function roundOf(state: FederationState, deadlineAtMs: number | null): RoundView {
  const { config, completedRounds, members } = state
  const open = roundUnderWay(state)
  return {
    of: config.rounds,
    number: open?.round ?? completedRounds,
    stage: open?.stage ?? null,
    cohort: open?.cohort ?? able(members).length,
    arrived: open?.arrived ?? 0,
    startedAtMs: open?.openedAtMs ?? 0,
    deadlineAtMs: open?.stage === 'training' ? deadlineAtMs : null,
  }
}
