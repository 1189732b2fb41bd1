/** Bytes that this tab has sent and received, headers included: in all, by kind of message, beside the coordinator, and over each link. */
import type { ByteCount, PeerId, Traffic } from './network'

/** Of one link. */
export interface Account {
  readonly traffic: Traffic
  /** `kind` null: it is not known yet, and counted when it is. */
  count(direction: keyof Traffic, kind: string | null, bytes: number): void
}

export interface Ledger {
  open(peer: PeerId): Account
  countKind(kind: string, bytes: number): void
  /** As of now: a fresh copy at each look. */
  readonly bytes: ByteCount
  readonly lanBytes: number
}

/** @param isOfRoom whether this peer and this tab are a coordinator and somebody of its room */
export function ledgerOf(isOfRoom: (peer: PeerId) => boolean): Ledger {
  const bytes = { sent: 0, received: 0, byKind: {} as Record<string, number> }
  let lanBytes = 0
  const countKind = (kind: string, byteCount: number) => {
    bytes.byKind[kind] = (bytes.byKind[kind] ?? 0) + byteCount
  }
  return {
    countKind,
    open(peer) {
      const traffic = { sent: 0, received: 0 }
      return {
        traffic,
        count(direction, kind, byteCount) {
          bytes[direction] += byteCount
          traffic[direction] += byteCount
          if (!isOfRoom(peer)) lanBytes += byteCount
          if (kind !== null) countKind(kind, byteCount)
        },
      }
    },
    get bytes() {
      return { ...bytes, byKind: { ...bytes.byKind } }
    },
    get lanBytes() {
      return lanBytes
    },
  }
}
