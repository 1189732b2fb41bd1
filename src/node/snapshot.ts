/** The automation surface: plain JSON that tests, teachers' scripts and embedding pages rely on, word for word. */
import type { NodeState, Role } from './state'

export interface Snapshot {
  readonly nodeId: string
  readonly role: Role
  readonly room: string
  readonly invite: string | null
  readonly backend: string | null
  readonly device: string | null
  readonly model: { readonly name: string; readonly hash: string | null }
  readonly peers: readonly {
    readonly id: string
    readonly role: Role
    readonly state: string
    readonly transport: string | null
  }[]
  readonly scheme: string
  /** Completed rounds. */
  readonly round: number
  readonly version: number
  /** Nats per token. `train` and `alone` are this tab's own on a device, the mean over devices on the coordinator. */
  readonly loss: {
    readonly train: number | null
    readonly heldOut: number | null
    readonly alone: number | null
    readonly base: number | null
  }
  readonly recall: { readonly merged: number; readonly alone: number; readonly base: number } | null
  readonly adapterHash: string | null
  readonly clusters: readonly (readonly string[])[]
  readonly bytes: {
    readonly sent: number
    readonly received: number
    readonly byKind: Readonly<Record<string, number>>
  }
  readonly tokensPerSecond: number | null
  readonly errors: readonly { readonly code: string; readonly message: string }[]
}

export function snapshotOf(state: NodeState): Snapshot {
  const latest = state.history.at(-1)
  const recall = latest?.recall
  const isDevice = state.role !== 'coordinator'
  return {
    nodeId: state.devices.find((device) => device.isSelf)?.peer ?? state.selfKey,
    role: state.role,
    room: state.room,
    invite: state.invite,
    backend: state.backend?.name ?? null,
    device: state.backend?.device ?? null,
    model: { name: state.model.name, hash: state.model.hash },
    peers: state.devices
      .filter((device) => !device.isSelf)
      .map(({ peer, role, activity, transport }) => ({ id: peer, role, state: activity, transport })),
    scheme: state.settings.scheme,
    round: latest?.round ?? 0,
    version: state.version,
    loss: {
      train: (isDevice ? latest?.trainByDevice[state.selfKey] : latest?.train) ?? null,
      heldOut: latest?.heldOut ?? null,
      alone: (isDevice ? latest?.aloneByDevice[state.selfKey] : latest?.alone) ?? null,
      base: state.baseLoss,
    },
    recall: recall ? { merged: recall.merged, alone: recall.alone, base: recall.base } : null,
    adapterHash: state.adapterHash,
    clusters: [],
    bytes: state.bytes,
    tokensPerSecond: state.tokensPerSecond,
    errors: state.problems.map(({ code, message }) => ({ code, message })),
  }
}
