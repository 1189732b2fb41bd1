/**
 * The coordinator's picture of its room, for its own page and, a few times a second, as a digest for everybody's. It
 * follows the federation's state and the devices' reports; it decides nothing.
 */
import { able } from '../../federation/members'
import { allocationFor } from '../../federation/rounds/orders'
import { newestVersion } from '../../federation/run'
import type { Attachments } from '../../federation/schemes/hierarchical/attachment'
import type { DeviceKey, FederationState } from '../../federation/types'
import { attachmentsIn, clusterOfEach, clustersIn, roundUnderWay } from '../../federation/view'
import type { Network, Peer } from '../../network/network'
import { suggestedPrompts } from '../local/shares'
import type { AssignedView, DeviceView, RoundView } from '../state'
import { addLossPoint } from '../tab/lossCurve'
import { distinctName } from '../tab/names'
import { phaseOf } from '../tab/phase'
import type { Tab } from '../tab/tab'
import type { DeviceLine, FromDevice } from '../wire/messages'

const digestEveryMs = 400

export interface CoordinatorView {
  show(state: FederationState): void
  joined(peer: Peer): void
  left(peer: Peer): void
  /** It wants to be called so; where somebody is already, it gets a number, which it learns from the digest. */
  named(key: DeviceKey, name: string): void
  status(key: DeviceKey, status: FromDevice & { type: 'status' }): void
  nameOf(key: DeviceKey): string
}

export function viewOf(tab: Tab, network: Network, closesAtMs: () => number | null): CoordinatorView {
  let isDigestDue = false
  const devices = () => tab.store.getState().devices

  function sendDigestSoon(): void {
    if (isDigestDue) return
    isDigestDue = true
    tab.clock.after(digestEveryMs, () => {
      isDigestDue = false
      const { phase, round, startedAtMs } = tab.store.getState()
      if (
        phase.kind !== 'lobby' &&
        phase.kind !== 'running' &&
        phase.kind !== 'paused' &&
        phase.kind !== 'finished'
      )
        return
      const lines: DeviceLine[] = devices().map(({ isSelf: _, ...line }) => line)
      for (const peer of network.peers.keys())
        network.send(peer, { type: 'digest', devices: lines, round, phase, startedAtMs }).catch(() => {})
    })
  }

  function named(key: DeviceKey, name: string): void {
    const others = devices().flatMap((device) => (device.key === key ? [] : [device.name]))
    tab.setDevice(key, { name: distinctName(name, others) })
    sendDigestSoon()
  }

  network.on('change', (peer) => {
    if (!devices().some(({ key }) => key === peer.deviceKey)) return
    const activity = devices().find(({ key }) => key === peer.deviceKey)?.activity
    if (peer.liveness === 'suspect') tab.setDevice(peer.deviceKey, { activity: 'suspect' })
    else if (activity === 'suspect') tab.setDevice(peer.deviceKey, { activity: 'idle' })
    sendDigestSoon()
  })

  return {
    show(state) {
      const { settings } = tab.store.getState()
      dropForgotten(tab, state)
      const indexOf = new Map(state.members.map(({ key, index }) => [key, index]))
      for (const { key, index } of devices()) {
        const known = indexOf.get(key)
        if (known !== undefined && known !== index) tab.setDevice(key, { index: known })
      }
      const clusterOf = clusterOfEach(state)
      for (const { key, cluster } of devices())
        if (cluster !== (clusterOf.get(key) ?? null))
          tab.setDevice(key, { cluster: clusterOf.get(key) ?? null })
      const attachments = attachmentsIn(state) ?? {}
      for (const { key, edge, isEdge, volunteers } of devices()) {
        const next = edgeViewOf(state, attachments, key)
        if (next.edge !== edge || next.isEdge !== isEdge || next.volunteers !== volunteers)
          tab.setDevice(key, next)
      }
      const assigned = assignedOf(state)
      for (const { key, assigned: before } of devices()) {
        const next = assigned.get(key) ?? null
        if (JSON.stringify(next) !== JSON.stringify(before)) tab.setDevice(key, { assigned: next })
      }
      const contributors = devices().filter(({ role }) => role !== 'coordinator')
      tab.set({
        phase: phaseOf(state),
        round: roundOf(state, closesAtMs()),
        version: newestVersion(state),
        suggestedPrompts: suggestedPrompts(settings, contributors),
        tokensPerSecond: contributors.reduce(
          (sum, { activity, tokensPerSecond }) =>
            sum + (activity === 'training' ? (tokensPerSecond ?? 0) : 0),
          0,
        ),
      })
      sendDigestSoon()
    },
    joined(peer) {
      const { id, role, transport, roundTripMs } = peer
      tab.setDevice(peer.deviceKey, { peer: id, role, transport, roundTripMs, activity: 'joining' })
      named(peer.deviceKey, peer.name)
    },
    named,
    left(peer) {
      if (!devices().some(({ key }) => key === peer.deviceKey)) return
      tab.setDevice(peer.deviceKey, { activity: 'gone', tokensPerSecond: null })
    },
    status(key, { activity, round, step, steps, loss, tokensPerSecond }) {
      tab.setDevice(key, {
        activity,
        step,
        steps,
        tokensPerSecond,
        ...(loss === null ? {} : { trainLoss: loss }),
      })
      // A point of a round that there is not would bend the axis of everybody's curve.
      const isOfRun = round <= tab.store.getState().settings.rounds && steps > 0 && step <= steps
      if (loss !== null && activity === 'training' && isOfRun)
        addLossPoint(tab, key, round - 1 + step / steps, loss)
      sendDigestSoon()
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

/** Edges are those whom a person or an invitation appointed, and those whom the federation chose. */
function edgeViewOf(
  { config, members }: FederationState,
  attachments: Attachments,
  key: DeviceKey,
): Pick<DeviceView, 'edge' | 'isEdge' | 'volunteers'> {
  const member = members.find((member) => member.key === key)
  const isAppointed = member?.isEdge ?? false
  const isEdge = config.scheme === 'hierarchical' && (isAppointed || Object.values(attachments).includes(key))
  return { edge: attachments[key] ?? null, isEdge, volunteers: member?.volunteers ?? false }
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
