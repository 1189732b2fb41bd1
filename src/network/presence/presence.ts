/**
 * Who is still there. Four signals are combined: the signalling server's list (about 0.1 s after a tab dies, a hint
 * only), the connection's state, our own heartbeat (the only one that sees a frozen tab), and a goodbye. The first three
 * come together here; a goodbye needs no judgement. PeerJS's own `close` never comes after a crash.
 *
 * The heartbeat beats where nothing else is heard: whoever was heard of within a period is not asked whether it lives. Only
 * how far away it is has to be asked now and then.
 */

import { deferred } from '../../lib/async'
import type { LeaveReason, Liveness, PeerId } from '../network'
import type { Clock } from '../time/clock'

export interface Pace {
  /** A peer that has been silent for so long is pinged, and then once in a period. */
  readonly pingPeriodMs: number
  /** A peer that speaks all the time is pinged so often, for its round trip. */
  readonly roundTripEveryMs: number
  readonly suspectAfterMs: number
  readonly goneAfterMs: number
  /** A peer that left the list must answer a ping within this time. */
  readonly hintGraceMs: number
  /** A device that another tab claims to be must answer within this time. */
  readonly challengeMs: number
}

export const usualPace: Pace = {
  pingPeriodMs: 2_000,
  roundTripEveryMs: 30_000,
  suspectAfterMs: 6_000,
  goneAfterMs: 20_000,
  hintGraceMs: 4_000,
  challengeMs: 1_500,
}

export interface Presence {
  watch(peer: PeerId): void
  forget(peer: PeerId): void
  /** Any frame counts as a sign of life. */
  heard(peer: PeerId): void
  /** The answer to a ping that left at `sentAtMs`, on our own clock. */
  answered(peer: PeerId, sentAtMs: number): void
  trembling(peer: PeerId, isTrembling: boolean): void
  /** The server says that this peer is gone. */
  vanished(peer: PeerId): void
  /** Whether it answers a ping that is sent now; a peer that is not watched does not. */
  challenge(peer: PeerId): Promise<boolean>
  stop(): void
}

export interface PresencePorts {
  readonly clock: Clock
  readonly pace: Pace
  ping(peer: PeerId, nowMs: number): void
  onChange(peer: PeerId, liveness: Liveness, roundTripMs: number | null): void
  onGone(peer: PeerId, why: LeaveReason): void
}

interface Watched {
  heardAtMs: number
  /** Of our own last ping that it has answered. */
  answeredAtMs: number
  vanishedAtMs: number | null
  isTrembling: boolean
  liveness: Liveness
  roundTripMs: number | null
}

export function presence({ clock, pace, ping, onChange, onGone }: PresencePorts): Presence {
  const { pingPeriodMs, roundTripEveryMs, suspectAfterMs, goneAfterMs, hintGraceMs, challengeMs } = pace
  const watched = new Map<PeerId, Watched>()
  const challenged = new Map<PeerId, { readonly atMs: number; readonly answer: () => void }[]>()
  let tickedAtMs = clock.now()

  const judge = (peer: PeerId, state: Watched) => {
    const silentMs = clock.now() - state.heardAtMs
    if (silentMs >= goneAfterMs) {
      watched.delete(peer)
      onGone(peer, 'silent')
      return
    }
    const doubtful = state.isTrembling || state.vanishedAtMs !== null || silentMs >= suspectAfterMs
    const liveness: Liveness = doubtful ? 'suspect' : 'live'
    if (liveness === state.liveness) return
    state.liveness = liveness
    onChange(peer, liveness, state.roundTripMs)
  }

  const tick = () => {
    const now = clock.now()
    // We were late ourselves (a frozen tab, a closed laptop): nobody is to blame for what we did not hear.
    if (now - tickedAtMs > 3 * pingPeriodMs) for (const state of watched.values()) state.heardAtMs = now
    tickedAtMs = now
    for (const [peer, state] of [...watched]) {
      judge(peer, state)
      const isQuiet = now - state.heardAtMs >= pingPeriodMs
      const isFarAgo = now - state.answeredAtMs >= roundTripEveryMs
      if (watched.has(peer) && (isQuiet || isFarAgo)) ping(peer, now)
    }
    cancelTick = clock.after(pingPeriodMs, tick)
  }
  let cancelTick = clock.after(pingPeriodMs, tick)

  return {
    watch(peer) {
      watched.set(peer, {
        heardAtMs: clock.now(),
        answeredAtMs: clock.now(),
        vanishedAtMs: null,
        isTrembling: false,
        liveness: 'live',
        roundTripMs: null,
      })
      ping(peer, clock.now())
    },
    forget: (peer) => void watched.delete(peer),
    heard(peer) {
      const state = watched.get(peer)
      if (!state) return
      state.heardAtMs = clock.now()
      judge(peer, state)
    },
    answered(peer, sentAtMs) {
      const state = watched.get(peer)
      const roundTripMs = clock.now() - sentAtMs
      if (!state || !(roundTripMs >= 0 && roundTripMs < goneAfterMs)) return
      for (const { atMs, answer } of challenged.get(peer) ?? []) if (sentAtMs >= atMs) answer()
      if (state.vanishedAtMs !== null && sentAtMs >= state.vanishedAtMs) state.vanishedAtMs = null
      state.roundTripMs = roundTripMs
      state.answeredAtMs = clock.now()
      onChange(peer, state.liveness, roundTripMs)
      judge(peer, state)
    },
    trembling(peer, isTrembling) {
      const state = watched.get(peer)
      if (!state) return
      state.isTrembling = isTrembling
      judge(peer, state)
    },
    vanished(peer) {
      const state = watched.get(peer)
      if (!state) return
      const hintedAtMs = clock.now()
      state.vanishedAtMs = hintedAtMs
      judge(peer, state)
      ping(peer, hintedAtMs)
      clock.after(hintGraceMs, () => {
        if (watched.get(peer) !== state || state.vanishedAtMs !== hintedAtMs) return
        watched.delete(peer)
        onGone(peer, 'disconnected')
      })
    },
    async challenge(peer) {
      if (!watched.has(peer)) return false
      const atMs = clock.now()
      const { promise, resolve } = deferred<boolean>()
      const own = { atMs, answer: () => resolve(true) }
      challenged.set(peer, [...(challenged.get(peer) ?? []), own])
      const cancel = clock.after(challengeMs, () => resolve(false))
      ping(peer, atMs)
      const isAlive = await promise
      cancel()
      const others = (challenged.get(peer) ?? []).filter((other) => other !== own)
      if (others.length > 0) challenged.set(peer, others)
      else challenged.delete(peer)
      return isAlive
    },
    stop() {
      cancelTick()
      watched.clear()
    },
  }
}
