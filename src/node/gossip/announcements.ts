/**
 * Adapters from neighbour to neighbour: announced by hash, pulled once, sent whole, and looked at before they are
 * believed. The newest is announced again to whoever becomes a neighbour, or gets its link, later; an announcement that
 * carries a share of push-sum's weight is the reducer's to repeat.
 */
import { deviceAdapter } from '../../federation/names'
import type { DeviceKey, Effect } from '../../federation/types'
import { messageOf } from '../../lib/messageOf'
import type { Network } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import type { Versions } from '../executor/versions'
import type { Merging } from '../merging/merging'
import type { MergingTerms } from '../merging/terms'
import type { FromNeighbour } from '../wire/neighbourMessages'

/** Within it a version has arrived, or its link is lost, which begins anew. */
const repeatAfterMs = 10_000

type Announcement = FromNeighbour & { type: 'announcement' }

export interface AnnouncementParts {
  readonly network: Network
  readonly clock: Clock
  readonly selfKey: DeviceKey
  readonly versions: Versions
  readonly merging: Merging
  readonly terms: () => MergingTerms
  peerOf(key: DeviceKey): string | null
}

export interface Announcements {
  tell(effect: Effect & { type: 'tell' }): void
  /** The last word to those of these neighbours who have not been reached by it. */
  remind(neighbours: readonly DeviceKey[]): void
  pull(effect: Effect & { type: 'pull' }): void
  takeShare(effect: Effect & { type: 'take-share' }): void
  /**
   * Sends an adapter that was pulled, but not again before it can have arrived: a short question must not draw megabytes
   * again and again. False: it is no longer kept, since newer ones have been announced.
   */
  answer(peer: string, version: number): boolean
  /** Keeps what came. A text says why it is not believed; null: it is kept. */
  take(
    from: DeviceKey,
    message: FromNeighbour & { type: 'adapter' },
    bytes: Uint8Array | null,
  ): Promise<string | null>
  /** It has left, or its link is a new one: nothing counts any more that was said to it or asked of it. */
  forget(key: DeviceKey): void
}

export function announcementsOf(parts: AnnouncementParts): Announcements {
  const { network, clock, selfKey, versions, merging, terms, peerOf } = parts
  /** Versions asked for, with the hash that was announced. */
  const wanted = new Map<string, string>()
  /** When a version was last sent to whom. */
  const sentAtMs = new Map<string, number>()
  let last: Announcement | null = null
  /** Whom the last has reached. */
  let aware = new Set<DeviceKey>()

  const linkTo = (key: DeviceKey): string | null => {
    const peer = peerOf(key)
    return peer !== null && network.peers.has(peer) ? peer : null
  }

  function isDue(place: string): boolean {
    const nowMs = clock.now()
    for (const [other, atMs] of sentAtMs) if (nowMs - atMs >= repeatAfterMs) sentAtMs.delete(other)
    if (sentAtMs.has(place)) return false
    sentAtMs.set(place, nowMs)
    return true
  }

  function send(key: DeviceKey, message: FromNeighbour): boolean {
    const peer = linkTo(key)
    if (peer !== null) network.send(peer, message).catch(() => {})
    return peer !== null
  }

  function remind(neighbours: readonly DeviceKey[]): void {
    if (!last) return
    for (const key of neighbours) if (!aware.has(key) && send(key, last)) aware.add(key)
  }

  return {
    tell({ to, version, adapterHash, degree, share }) {
      const announcement = { type: 'announcement', version, hash: adapterHash, degree, share } as const
      if (share > 0) {
        for (const key of to) send(key, announcement)
        return
      }
      last = announcement
      aware = new Set()
      remind(to)
    },
    remind,
    pull({ from, version, adapterHash }) {
      wanted.set(`${from} ${version}`, adapterHash)
      send(from, { type: 'pull', version })
    },
    takeShare: ({ from, version }) => void send(from, { type: 'share-taken', version }),
    answer(peer, version) {
      const kept = versions.at({ adapter: deviceAdapter(selfKey), version })
      if (!kept) return false
      if (!isDue(`${network.peers.get(peer)?.deviceKey} ${version}`)) return true
      const { message: whole, bytes } = kept.whole
      const message: FromNeighbour = { type: 'adapter', version, hash: kept.hash, folds: whole.folds }
      network.send(peer, message, { attachment: bytes }).catch(() => {})
      return true
    },
    async take(from, { version, hash, folds }, bytes) {
      const place = `${from} ${version}`
      const adapter = deviceAdapter(from)
      // Pulled a second time after its link was lost, while the first was only late.
      if (versions.at({ adapter, version })?.hash === hash) return null
      if (!bytes || wanted.get(place) !== hash) return 'nobody here asked for it'
      wanted.delete(place)
      try {
        versions.put(await merging.adopt(terms(), { adapter, version, hash, folds, bytes }))
        return null
      } catch (error) {
        return messageOf(error)
      }
    },
    forget(key) {
      aware.delete(key)
      for (const places of [wanted, sentAtMs])
        for (const place of places.keys()) if (place.startsWith(`${key} `)) places.delete(place)
    },
  }
}
