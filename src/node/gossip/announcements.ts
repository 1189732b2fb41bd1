/**
 * Adapters from neighbour to neighbour: announced by hash, pulled once, sent whole, and looked at before they are
 * believed. An announcement to a neighbour whose link is not there yet waits for it.
 */
import { updateComplaint } from '../../federation/aggregation/check'
import { decodeGlobal } from '../../federation/aggregation/global/bytes'
import { deviceAdapter } from '../../federation/schemes/gossip'
import type { DeviceKey, Effect } from '../../federation/types'
import { sha256Hex } from '../../lib/hash'
import type { AdapterConfig } from '../../model/adapter'
import type { Network } from '../../network/network'
import type { Adapters } from '../coordinator/adapters'
import type { FromNeighbour } from './messages'

type Announcement = FromNeighbour & { type: 'announcement' }

export interface AnnouncementParts {
  readonly network: Network
  readonly selfKey: DeviceKey
  readonly adapters: Adapters
  readonly config: AdapterConfig
  peerOf(key: DeviceKey): string | null
}

export interface Announcements {
  tell(effect: Effect & { type: 'tell' }): void
  /** The last word to those who have become neighbours since. Not where a share goes with it: those were given out. */
  remind(neighbours: readonly DeviceKey[]): void
  pull(effect: Effect & { type: 'pull' }): void
  takeShare(effect: Effect & { type: 'take-share' }): void
  /** Sends an adapter that was pulled; one that is no longer kept is not sent: a newer one has been announced. */
  answer(peer: string, version: number): void
  /** Keeps what came. A text says why it is not believed; null: it is kept. */
  take(from: DeviceKey, message: FromNeighbour & { type: 'adapter' }, bytes: Uint8Array | null): string | null
  /** A link has opened: what waited for it. */
  joined(key: DeviceKey): void
  left(key: DeviceKey): void
}

export function announcementsOf(parts: AnnouncementParts): Announcements {
  const { network, selfKey, adapters, config, peerOf } = parts
  const waiting = new Map<DeviceKey, Announcement[]>()
  /** Versions asked for, with the hash that was announced. */
  const wanted = new Map<string, string>()
  let last: Announcement | null = null
  /** Who has been told the last. */
  let aware = new Set<DeviceKey>()

  const linkTo = (key: DeviceKey): string | null => {
    const peer = peerOf(key)
    return peer !== null && network.peers.has(peer) ? peer : null
  }

  function send(key: DeviceKey, message: FromNeighbour): boolean {
    const peer = linkTo(key)
    if (peer !== null) network.send(peer, message).catch(() => {})
    return peer !== null
  }

  function announce(key: DeviceKey, announcement: Announcement): void {
    if (send(key, announcement)) return
    // A share that was given away must arrive; without one only the newest counts.
    const before = announcement.share > 0 ? (waiting.get(key) ?? []) : []
    waiting.set(key, [...before, announcement])
  }

  return {
    tell({ to, version, adapterHash, degree, share }) {
      last = { type: 'announcement', version, hash: adapterHash, degree, share }
      aware = new Set(to)
      for (const key of to) announce(key, last)
    },
    remind(neighbours) {
      if (!last || last.share > 0) return
      for (const key of neighbours) {
        if (aware.has(key)) continue
        aware.add(key)
        announce(key, last)
      }
    },
    pull({ from, version, adapterHash }) {
      wanted.set(`${from} ${version}`, adapterHash)
      send(from, { type: 'pull', version })
    },
    takeShare: ({ from, version }) => void send(from, { type: 'share-taken', version }),
    answer(peer, version) {
      const kept = adapters.at({ adapter: deviceAdapter(selfKey), version })
      if (!kept) return
      const { hash, bytes, global } = kept.issue
      const message: FromNeighbour = { type: 'adapter', version, hash, folds: global.folds }
      network.send(peer, message, { attachment: bytes }).catch(() => {})
    },
    take(from, { version, hash, folds }, bytes) {
      const place = `${from} ${version}`
      if (!bytes || wanted.get(place) !== hash) return 'nobody here asked for it'
      wanted.delete(place)
      if (sha256Hex(bytes) !== hash) return 'its bytes do not match their hash'
      const { tensors } = adapters.newest(deviceAdapter(selfKey)).issue.global.adapter
      try {
        const complaint = updateComplaint(tensors, decodeGlobal(bytes, config, folds).adapter.tensors, 1)
        if (complaint) return complaint
        adapters.take({ adapter: deviceAdapter(from), version }, bytes, folds)
        return null
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    },
    joined(key) {
      const held = waiting.get(key) ?? []
      waiting.delete(key)
      for (const announcement of held) send(key, announcement)
    },
    left(key) {
      waiting.delete(key)
      aware.delete(key)
      for (const place of wanted.keys()) if (place.startsWith(`${key} `)) wanted.delete(place)
    },
  }
}
