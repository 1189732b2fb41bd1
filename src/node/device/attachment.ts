/**
 * Which edge a device speaks with. The coordinator decides; the device keeps links to all edges of its room, so that it
 * can say how far each is and change without delay, and enrols at its own as soon as there is a link, again after a reload
 * of either. An edge's peer is believed only where the coordinator has named it.
 */
import type { DeviceKey } from '../../federation/types'
import type { Network, PeerId } from '../../network/network'
import type { FromDevice } from '../wire/messages'
import type { DeviceLine } from '../wire/parts'

export interface AttachmentParts {
  readonly network: Network
  readonly selfKey: DeviceKey
  readonly toEdge: (edge: PeerId, message: FromDevice) => void
  readonly toCoordinator: (message: FromDevice) => void
}

export interface Attachment {
  /** The peer of this device's edge; null: it speaks with the coordinator. */
  edge(): PeerId | null
  /** @returns whether it is another one than before */
  attach(edge: { readonly key: DeviceKey; readonly peer: PeerId } | null): boolean
  /** The room as the coordinator sees it. */
  follow(devices: readonly Pick<DeviceLine, 'key' | 'peer' | 'isEdge' | 'activity'>[]): void
}

/** A round trip is news once it has changed by half and by more than so much. */
const noticeableMs = 2

export function attachmentOf({ network, selfKey, toEdge, toCoordinator }: AttachmentParts): Attachment {
  let current: { readonly key: DeviceKey; readonly peer: PeerId } | null = null
  let enrolledAt: PeerId | null = null
  let number = 0
  let edges = new Map<DeviceKey, PeerId>()
  const reported = new Map<DeviceKey, number>()

  /** An edge needs no other edge. */
  function reach(): void {
    const others = edges.has(selfKey) ? [] : [...edges.values()]
    const own = current && current.key !== selfKey ? [current.peer] : []
    network.reach('edges', new Set([...others, ...own]))
  }

  function enrol(): void {
    if (!current || enrolledAt === current.peer) return
    if (current.key !== selfKey && !network.peers.has(current.peer)) return
    enrolledAt = current.peer
    toEdge(current.peer, { type: 'enroll', number: ++number })
  }

  function measure(): void {
    const isNews = [...edges].some(([key, id]) => {
      const ms = network.peers.get(id)?.roundTripMs
      const before = reported.get(key)
      return (
        ms != null && (before === undefined || Math.abs(ms - before) > Math.max(noticeableMs, before / 2))
      )
    })
    if (!isNews) return
    for (const [key, id] of edges) {
      const ms = network.peers.get(id)?.roundTripMs
      if (ms != null) reported.set(key, ms)
    }
    toCoordinator({ type: 'measured', edgeRoundTripsMs: Object.fromEntries(reported) })
  }

  network.on('join', enrol)
  network.on('change', measure)
  network.on('leave', ({ id, role }) => {
    if (id === enrolledAt) enrolledAt = null
    if (role === 'coordinator') reported.clear()
  })

  return {
    edge: () => current?.peer ?? null,
    attach(next) {
      const isOther = next?.key !== current?.key
      if (isOther && current && enrolledAt) toEdge(enrolledAt, { type: 'withdraw', number: ++number })
      current = next
      enrolledAt = null
      reach()
      enrol()
      return isOther
    },
    follow(devices) {
      const here = devices.filter(({ isEdge, activity }) => isEdge && activity !== 'gone')
      edges = new Map(here.map(({ key, peer }) => [key, peer]))
      const peer = current && edges.get(current.key)
      if (current && peer) current = { key: current.key, peer }
      reach()
      enrol()
    },
  }
}
