/**
 * Direct ways first, and the relay where they fail: per pair, and by itself. A pair that has no direct link after a few
 * seconds gets one through the server as well; the direct way is tried again now and then, and once it opens the link
 * moves over (`moving-link.ts`). What counts as direct, this file does not know: WebRTC and BroadcastChannel in a tab.
 */
import { emitter } from '../../../lib/emitter'
import type { PeerId } from '../../network'
import type { Cancel, Clock } from '../../time/clock'
import type { RelayTransport } from '../relay/relay-transport'
import type { Link, Transport, TransportEvents } from '../transport'
import { heldLink } from './held-link'
import { type MovingLink, movingLink } from './moving-link'

/** Most direct links open within a second. Those of a busy class that take longer move over later. */
const patienceMs = 3_000
/** Where nothing direct can be tried at all, a word over BroadcastChannel may still be on its way. */
const noWayMs = 500
/** Longer than any direct transport tries before it says so. One whose peer left the list for a moment says nothing. */
const tryLimitMs = 25_000
/** Both ends of a direct link open within so long. Who asks for the relay later has lost its end of it. */
const freshMs = 5_000
/** A network that changed is found within minutes; one that isolates its clients is not bothered all the time. */
const retryPausesMs = [15_000, 30_000, 60_000, 120_000, 300_000]

export interface RelayedOptions {
  readonly kind: Transport['kind']
  readonly direct: Transport
  /** `isWelcome`: see `relayTransport`. */
  relay(isWelcome: (peer: PeerId) => boolean): RelayTransport
  readonly clock: Clock
  /** Before direct ways are tried again: something about this tab may have changed. */
  beforeRetry(): Promise<void>
}

interface Pair {
  readonly open: Set<Link>
  relayed: MovingLink | null
  /** Opened while an answer over the relay was due: it becomes the link, or the one to which that moves. */
  waiting: Link | null
  directAtMs: number
  tryingUntilMs: number
  retries: number
  timer: Cancel
}

const newPair = (): Pair => ({
  open: new Set<Link>(),
  relayed: null,
  waiting: null,
  directAtMs: Number.NEGATIVE_INFINITY,
  tryingUntilMs: 0,
  retries: 0,
  timer: () => {},
})

export function relayedTransport({
  kind,
  direct,
  clock,
  beforeRetry,
  ...options
}: RelayedOptions): Transport {
  const events = emitter<TransportEvents>()
  const pairs = new Map<PeerId, Pair>()
  let isClosed = false

  const pairWith = (peer: PeerId): Pair => {
    const known = pairs.get(peer)
    if (known) return known
    const pair = newPair()
    pairs.set(peer, pair)
    return pair
  }
  const plan = (pair: Pair, delayMs: number, action: () => void) => {
    pair.timer()
    pair.timer = clock.after(delayMs, action)
  }
  const tryDirect = (peer: PeerId, pair: Pair) => {
    pair.tryingUntilMs = clock.now() + tryLimitMs
    direct.connect(peer)
  }
  const isTryingDirect = (pair: Pair) => clock.now() < pair.tryingUntilMs
  const forget = (peer: PeerId, pair: Pair) => {
    pair.timer()
    if (pairs.get(peer) === pair) pairs.delete(peer)
  }
  const relay = options.relay((peer) => {
    const pair = pairs.get(peer)
    return !pair || clock.now() - pair.directAtMs > freshMs
  })

  const hand = (pair: Pair, link: Link) => {
    pair.open.add(link)
    link.on('close', () => {
      pair.open.delete(link)
      if (pair.relayed === link) pair.relayed = null
      if (pair.open.size === 0 && !isTryingDirect(pair)) forget(link.peer, pair)
    })
    events.emit('link', link)
  }
  const handDirect = (pair: Pair, link: Link) => {
    pair.directAtMs = clock.now()
    link.on('close', () => {
      pair.directAtMs = Number.NEGATIVE_INFINITY
    })
    hand(pair, link)
  }
  const retryLater = (peer: PeerId, pair: Pair) => {
    const pauseMs = retryPausesMs[Math.min(pair.retries++, retryPausesMs.length - 1)]
    plan(pair, pauseMs, async () => {
      await beforeRetry()
      if (!isClosed && isRelayed(pair)) tryDirect(peer, pair)
    })
  }

  direct.on('sighted', (peer) => events.emit('sighted', peer))
  direct.on('vanished', (peer) => {
    const pair = pairs.get(peer)
    if (pair) pair.tryingUntilMs = 0
    if (pair?.open.size === 0) forget(peer, pair)
    events.emit('vanished', peer)
  })
  direct.on('problem', (problem) => events.emit('problem', problem))
  direct.on('cleared', (code) => events.emit('cleared', code))
  direct.on('link', (link) => {
    const pair = pairWith(link.peer)
    pair.timer()
    pair.tryingUntilMs = 0
    if (isRelayed(pair)) return pair.relayed?.move(link)
    if (!relay.isSeeking(link.peer)) return handDirect(pair, link)
    pair.waiting?.close()
    pair.waiting = heldLink(link)
  })
  direct.on('unreachable', (peer) => {
    const pair = pairWith(peer)
    pair.tryingUntilMs = 0
    if (isRelayed(pair)) return retryLater(peer, pair)
    if (relay.isSeeking(peer)) return
    plan(pair, noWayMs, () => {
      relay.connect(peer)
      direct.connect(peer) // a way may have appeared meanwhile; whether it fails again decides nothing
    })
  })
  relay.on('link', (link) => {
    const pair = pairWith(link.peer)
    pair.timer()
    const moving = movingLink(link)
    pair.relayed = moving
    const { waiting } = pair
    pair.waiting = null
    hand(pair, moving)
    if (waiting?.isOpen) moving.move(waiting)
    else if (!isTryingDirect(pair)) retryLater(link.peer, pair)
  })
  relay.on('unreachable', (peer) => {
    const pair = pairWith(peer)
    const { waiting } = pair
    pair.waiting = null
    if (waiting?.isOpen) return handDirect(pair, waiting)
    if (pair.open.size > 0) return
    if (isTryingDirect(pair)) return plan(pair, patienceMs, () => relay.connect(peer))
    forget(peer, pair)
    events.emit('unreachable', peer)
  })

  return {
    self: direct.self,
    kind,
    get sighted() {
      return direct.sighted
    },
    on: events.on,
    async start() {
      await direct.start()
      if (!isClosed) relay.start()
    },
    connect(peer) {
      const pair = pairWith(peer)
      if (pair.open.size > 0 || isTryingDirect(pair) || relay.isSeeking(peer)) return
      plan(pair, patienceMs, () => relay.connect(peer))
      tryDirect(peer, pair)
    },
    async close() {
      isClosed = true
      for (const pair of pairs.values()) pair.timer()
      await Promise.all([relay.close(), direct.close()])
    },
  }
}

/** Through the server at this moment; one that moved on is a direct link. */
const isRelayed = ({ relayed }: Pair): boolean => relayed?.isOpen === true && relayed.kind === 'relay'
