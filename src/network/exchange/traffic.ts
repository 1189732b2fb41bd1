/**
 * Bytes that this tab has sent and received, headers included: by link, in all, by kind of message, and beside the coordinator; and
 * what left it, kind by kind, with the newest letter of each in its own words, so that its person can read it.
 */
import type { ByteCount, Departed, Message, PeerId } from '../network'

/** Of one link. `Peer.traffic` shows it. */
export interface LinkCount {
  sent: number
  received: number
  /** Whether its ends are a coordinator and somebody of its room. */
  readonly isOfRoom: boolean
}

export interface TrafficCount {
  /** Of a fresh link to this peer. */
  open(peer: PeerId): LinkCount
  /** `kind` null: it is not known yet, and counted when it is. */
  count(
    peer: PeerId,
    link: LinkCount,
    direction: 'sent' | 'received',
    kind: string | null,
    bytes: number,
    isAttached?: boolean,
  ): void
  countKind(kind: string, bytes: number): void
  /** This letter is on its way; its bytes are counted as they travel. */
  wrote(letter: Message): void
  readonly departed: Readonly<Record<string, Departed>>
  /** As of now: a fresh copy at each look. */
  readonly bytes: ByteCount
  readonly lanBytes: number
}

/**
 * @param isOfRoom whether this peer and this tab are such
 * @param onSent hears of it too
 */
export function trafficOf(
  isOfRoom: (peer: PeerId) => boolean,
  onSent: (to: PeerId, kind: string, bytes: number, isAttached: boolean) => void = () => {},
): TrafficCount {
  const bytes = { sent: 0, received: 0, byKind: {} as Record<string, number> }
  const departed: Record<string, Departed> = {}
  let lanBytes = 0
  const depart = (kind: string, change: (before: Departed) => Partial<Departed>) => {
    const before = departed[kind] ?? nothingLeft
    departed[kind] = { ...before, ...change(before) }
  }
  const countKind = (kind: string, byteCount: number) => {
    bytes.byKind[kind] = (bytes.byKind[kind] ?? 0) + byteCount
  }
  return {
    open: (peer) => ({ sent: 0, received: 0, isOfRoom: isOfRoom(peer) }),
    countKind,
    count(peer, link, direction, kind, byteCount, isAttached = false) {
      bytes[direction] += byteCount
      link[direction] += byteCount
      if (!link.isOfRoom) lanBytes += byteCount
      if (kind === null) return
      countKind(kind, byteCount)
      if (direction === 'received') return
      depart(kind, (before) => ({
        bytes: before.bytes + byteCount,
        attachedBytes: before.attachedBytes + (isAttached ? byteCount : 0),
      }))
      onSent(peer, kind, byteCount, isAttached)
    },
    wrote: (letter) => depart(letter.type, () => ({ newest: letter })),
    get departed() {
      return { ...departed }
    },
    get bytes() {
      return { ...bytes, byKind: { ...bytes.byKind } }
    },
    get lanBytes() {
      return lanBytes
    },
  }
}

const nothingLeft: Departed = { bytes: 0, attachedBytes: 0, newest: null }
