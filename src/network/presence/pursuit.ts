/**
 * Keeps asking the transport for links to those who are wanted, with pauses that grow, for as long as they are
 * sighted. That is all it takes for a device to find a coordinator that comes late, or comes back after a reload.
 */

import type { PeerId } from '../network'
import type { Cancel, Clock } from '../time/clock'
import type { Transport } from '../transport/transport'

const pausesMs = [300, 1_000, 2_000, 4_000, 8_000]

export interface Pursuit {
  /** It is wanted from now on. */
  begin(peer: PeerId): void
  /** The link came and was good: the next loss starts with short pauses again. */
  succeeded(peer: PeerId): void
  /** No link, or lost again: try later. */
  failed(peer: PeerId): void
  /** It is wanted still, but not before so much time has passed. */
  postpone(peer: PeerId, afterMs: number): void
  /** Not this one any more. */
  abandon(peer: PeerId): void
  stop(): void
}

export function pursuit(transport: Transport, clock: Clock, wants: (peer: PeerId) => boolean): Pursuit {
  const failures = new Map<PeerId, number>()
  const waiting = new Map<PeerId, Cancel>()
  const abandoned = new Set<PeerId>()
  let isOver = false

  // A try that was under way may fail after the end.
  const isWanted = (peer: PeerId) =>
    !isOver && transport.sighted.has(peer) && wants(peer) && !abandoned.has(peer)
  const forget = (peer: PeerId) => {
    waiting.get(peer)?.()
    waiting.delete(peer)
    failures.delete(peer)
  }
  const retryAfter = (peer: PeerId, afterMs: number) => {
    const retry = () => {
      waiting.delete(peer)
      if (isWanted(peer)) transport.connect(peer)
    }
    waiting.set(peer, clock.after(afterMs, retry))
  }
  const begin = (peer: PeerId) => {
    forget(peer)
    if (isWanted(peer)) transport.connect(peer)
  }
  const unsubscribe = [transport.on('sighted', begin), transport.on('vanished', forget)]

  return {
    begin,
    succeeded: forget,
    failed(peer) {
      if (!isWanted(peer) || waiting.has(peer)) return
      const count = failures.get(peer) ?? 0
      failures.set(peer, count + 1)
      retryAfter(peer, pausesMs[Math.min(count, pausesMs.length - 1)])
    },
    postpone(peer, afterMs) {
      forget(peer)
      if (!isOver) retryAfter(peer, afterMs)
    },
    abandon(peer) {
      abandoned.add(peer)
      forget(peer)
    },
    stop() {
      isOver = true
      for (const cancel of [...unsubscribe, ...waiting.values()]) cancel()
      waiting.clear()
    },
  }
}
