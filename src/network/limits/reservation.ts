/**
 * Memory for what is on its way, counted per peer and for the whole tab. It is asked for as bytes arrive, never for what
 * a header promises.
 */
import { reservedBytes } from './limits'

/** One peer's account. */
export interface Reservation {
  /** False: this would be more than the peer, or all peers together, may have. */
  reserve(bytes: number): boolean
  release(bytes: number): void
  /** Everything back: the link is gone. */
  close(): void
}

export interface Reservations {
  open(): Reservation
  /** Of all peers. */
  readonly totalBytes: number
}

export function reservations({ perPeer, perTab } = reservedBytes): Reservations {
  let totalBytes = 0
  return {
    get totalBytes() {
      return totalBytes
    },
    open() {
      let ownBytes = 0
      const change = (bytes: number) => {
        ownBytes += bytes
        totalBytes += bytes
      }
      return {
        reserve(bytes) {
          if (ownBytes + bytes > perPeer || totalBytes + bytes > perTab) return false
          change(bytes)
          return true
        },
        release: (bytes) => change(-bytes),
        close: () => change(-ownBytes),
      }
    },
  }
}
