/**
 * Tabs of one browser profile, over BroadcastChannel: no server, no network card, no WebRTC. Tabs find each other by
 * hellos on a channel named after the room; a pair then talks on a channel of its own. Each tab holds a Web Lock with its
 * id for as long as it lives. Others queue for that lock, so they learn of a crash at once; and a tab whose lock is
 * wanted is not frozen by the browser, a shield that WebRTC tabs have by themselves.
 */
import { emitter } from '../../../lib/emitter'
import { type Identity, randomHex } from '../../identity/identity'
import { parsePeerId } from '../../ids'
import type { PeerId } from '../../network'
import type { Cancel, Clock } from '../../time/clock'
import { dialsFirst } from '../../topology'
import type { Link, Transport, TransportEvents } from '../transport'
import { broadcastLink, sayReady, whenReady } from './broadcast-link'

export interface BroadcastTransport extends Transport {
  /** Those who can use WebRTC as well. */
  readonly webrtcPeers: ReadonlySet<PeerId>
}

type RoomMessage = { readonly from: PeerId } /** `isReply`: said to somebody who has just said hello. */ & (
  | { readonly type: 'hello'; readonly isReply: boolean; readonly webrtc: boolean }
  | { readonly type: 'bye' }
  /** The higher id asks to be dialed. */
  | { readonly type: 'ask'; readonly to: PeerId }
  /** The dialer listens on the pair's channel already, and waits there for the other one to say that it does. */
  | { readonly type: 'dial'; readonly to: PeerId; readonly session: string }
)

/** Hidden tabs answer within a second. */
const lookRoundMs = 250
const openTimeoutMs = 5_000

export function broadcastTransport(
  self: PeerId,
  clock: Clock,
  identity: Identity,
  webrtc: boolean,
): BroadcastTransport {
  const room = parsePeerId(self)?.room
  const channel = new BroadcastChannel(`gossamer/${room}`)
  const events = emitter<TransportEvents>()
  const sighted = new Set<PeerId>()
  const webrtcPeers = new Set<PeerId>()
  const links = new Map<PeerId, Link>()
  const attempts = new Map<PeerId, Cancel>()
  const ownLock = new AbortController()
  const watches = new Map<PeerId, AbortController>()

  const pairChannel = (session: string) => new BroadcastChannel(`gossamer/${room}/${session}`)
  const say = (message: RoomMessage) => channel.postMessage(message)
  const sight = (peer: PeerId, canWebrtc: boolean) => {
    if (canWebrtc) webrtcPeers.add(peer)
    if (sighted.has(peer)) return
    sighted.add(peer)
    const watch = new AbortController()
    watches.set(peer, watch)
    whenFree(lockName(peer), watch.signal, () => {
      lose(peer)
      links.get(peer)?.close() // it cannot do so itself any more
    })
    events.emit('sighted', peer)
  }
  const lose = (peer: PeerId) => {
    watches.get(peer)?.abort()
    watches.delete(peer)
    webrtcPeers.delete(peer)
    if (!sighted.delete(peer)) return
    endAttempt(peer)
    events.emit('vanished', peer)
  }
  const endAttempt = (peer: PeerId) => {
    attempts.get(peer)?.()
    attempts.delete(peer)
  }
  const fail = (peer: PeerId) => {
    endAttempt(peer)
    events.emit('unreachable', peer)
  }
  const open = (peer: PeerId, pair: BroadcastChannel, session: string) => {
    links.get(peer)?.close()
    const link = broadcastLink(pair, peer, session, clock)
    links.set(peer, link)
    link.on('close', () => links.get(peer) === link && links.delete(peer))
    events.emit('link', link)
  }
  const answer = (peer: PeerId, session: string) => {
    endAttempt(peer)
    const pair = pairChannel(session)
    sayReady(pair)
    open(peer, pair, session)
  }
  const dial = (peer: PeerId) => {
    if (attempts.has(peer)) return
    const expire = clock.after(openTimeoutMs, () => fail(peer))
    attempts.set(peer, expire)
    if (!dialsFirst(self, peer)) return say({ type: 'ask', from: self, to: peer })
    const session = randomHex(identity, 16)
    const pair = pairChannel(session)
    const answered = whenReady(pair, () => {
      expire()
      attempts.delete(peer)
      open(peer, pair, session)
    })
    attempts.set(peer, () => {
      expire()
      answered()
      pair.close()
    })
    say({ type: 'dial', from: self, to: peer, session })
  }

  channel.addEventListener('message', ({ data }: MessageEvent<RoomMessage>) => {
    const { from } = data
    if (data.type === 'bye') return lose(from)
    if (data.type === 'hello') {
      if (!data.isReply) say({ type: 'hello', isReply: true, from: self, webrtc })
      return sight(from, data.webrtc)
    }
    if (data.to !== self) return
    if (data.type === 'ask') return dial(from)
    answer(from, data.session)
  })

  return {
    self,
    kind: 'broadcast',
    sighted,
    webrtcPeers,
    on: events.on,
    async start() {
      await holdLock(lockName(self), ownLock.signal) // whoever hears the hello takes a free lock for a death
      say({ type: 'hello', isReply: false, from: self, webrtc })
      await new Promise<void>((resolve) => clock.after(lookRoundMs, resolve))
    },
    connect(peer) {
      if (!links.has(peer)) dial(peer)
    },
    async close() {
      for (const peer of [...attempts.keys()]) endAttempt(peer)
      for (const link of [...links.values()]) link.close()
      say({ type: 'bye', from: self })
      ownLock.abort()
      for (const watch of watches.values()) watch.abort()
      channel.close()
    },
  }
}

const lockName = (peer: PeerId) => `gossamer/${peer}`

/** Holds a lock until the signal, or until the tab is gone. Resolves once it is held. */
function holdLock(name: string, signal: AbortSignal): Promise<void> {
  const released = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  const { locks } = globalThis.navigator ?? {}
  if (!locks) return Promise.resolve()
  return new Promise((held) => {
    void locks.request(name, () => {
      held()
      return released
    })
  })
}

/** Calls back once nobody holds a lock any more. */
function whenFree(name: string, signal: AbortSignal, action: () => void): void {
  globalThis.navigator?.locks?.request(name, { signal }, () => action()).catch(() => {}) // aborted: we lost interest first
}
