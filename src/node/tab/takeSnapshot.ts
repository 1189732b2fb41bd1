/** The plain-JSON extract of a tab's state. */

import { rolesIn } from '../reasoning/modes'
import { recoveriesOf } from '../reasoning/view/answer'
import type { DeviceView, NodeState } from '../state'
import { privacyIn } from './privacy'
import type { Snapshot } from './snapshot'

/** Node ids by cluster; empty where everybody shares one adapter. */
function clustersIn(devices: readonly DeviceView[]): string[][] {
  const clusters = new Map<string, string[]>()
  for (const { cluster, peer } of devices)
    if (cluster !== null) clusters.set(cluster, [...(clusters.get(cluster) ?? []), peer])
  return [...clusters.keys()].sort().map((id) => clusters.get(id)!)
}

function reasoningIn({ reasoning: { asking }, devices }: NodeState): Snapshot['reasoning'] {
  if (!asking) return null
  const { session, mode, stages, tokens, tookMs } = asking
  const self = devices.find((device) => device.isSelf)?.peer
  const roles = rolesIn(asking, self)
  return {
    session,
    mode,
    stages: stages.map(({ id, layers }, place) => ({ id, role: roles[place], layers })),
    tokensPerSecond: tookMs > 0 ? (1000 * tokens.length) / tookMs : 0,
    recoveries: recoveriesOf(asking),
  }
}

export function snapshotOf(state: NodeState, extensions: Snapshot['extensions']): Snapshot {
  const latest = state.history.at(-1)
  const recall = latest?.recall
  const isDevice = state.role !== 'coordinator'
  return {
    nodeId: state.devices.find((device) => device.isSelf)?.peer ?? state.selfKey,
    role: state.role,
    room: state.room,
    invite: state.invite,
    edgeInvite: state.edgeInvite,
    backend: state.backend?.name ?? null,
    device: state.backend?.device ?? null,
    model: { name: state.model.name, hash: state.model.hash },
    peers: state.devices
      .filter((device) => !device.isSelf)
      .map(({ peer, role, activity, transport, bytesSent, bytesReceived }) => ({
        id: peer,
        role,
        state: activity,
        transport,
        bytes: { sent: bytesSent, received: bytesReceived },
      })),
    scheme: state.settings.scheme,
    round: latest?.round ?? 0,
    version: state.version,
    loss: {
      train: (isDevice ? latest?.trainByDevice[state.selfKey] : latest?.train) ?? null,
      heldOut: latest?.heldOut ?? null,
      alone: (isDevice ? latest?.aloneByDevice[state.selfKey] : latest?.alone) ?? null,
      base: state.baseLoss,
      general: latest?.general ?? null,
    },
    recall: recall ? { merged: recall.merged, alone: recall.alone, base: recall.base } : null,
    adapterHash: state.adapterHash,
    clusters: clustersIn(state.devices),
    bytes: state.bytes,
    tokensPerSecond: state.tokensPerSecond,
    privacy: privacyIn(state),
    history: state.history.map(({ round, version, contributors, heldOut }) => ({
      round,
      version,
      contributors,
      loss: heldOut,
    })),
    reasoning: reasoningIn(state),
    extensions,
    errors: state.problems.map(({ code, message }) => ({ code, message })),
  }
}
