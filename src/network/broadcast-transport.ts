/**
 * Tabs of one browser profile, over BroadcastChannel: no server, no network card, no WebRTC. Tabs find each other by
 * hellos on a channel named after the room; a pair then talks on a channel of its own. Each tab holds a Web Lock with its
 * id for as long as it lives. Others queue for that lock, so they learn of a crash at once; and a tab whose lock is
 * wanted is not frozen by the browser, a shield that WebRTC tabs have by themselves.
 */
import { emitter } from '../lib/emitter'
import { broadcastLink } from './broadcast-link'
import type { Cancel, Clock } from './clock'
import { parsePeerId, randomHex } from './ids'
import type { PeerId } from './network'
import { dialsFirst } from './topology'
import type { Link, Transport, TransportEvents } from './transport'

export interface BroadcastTransport extends Transport {
  /** Those who can use WebRTC as well. */
  readonly webrtcPeers: ReadonlySet<PeerId>
}

type RoomMessage = { readonly from: PeerId } /** `isReply`: said to somebody who has just said hello. */ & (
  | { readonly type: 'hello'; readonly isReply: boolean; readonly webrtc: boolean }
  | { readonly type: 'bye' }
  /** The higher id asks to be dialed. */
  | { readonly type: 'ask'; readonly to: PeerId }
  | { readonly type: 'dial'; readonly to: PeerId; readonly session: string }
  | { readonly type: 'answer'; readonly to: PeerId; readonly session: string }
)

/** Hidden tabs answer within a second. */
const lookRoundMs = 250
const openTimeoutMs = 5_000

export function broadcastTransport(self: PeerId, clock: Clock, webrtc: boolean): BroadcastTransport {
  const room = parsePeerId(self)?.room
  const channel = new BroadcastChannel(`gossamer/${room}`)
  const events = emitter<TransportEvents>()
  const sighted = new Set<PeerId>()
  const webrtcPeers = new Set<PeerId>()
  const links = new Map<PeerId, Link>()
  const attempts = new Map<PeerId, { readonly session: string; readonly cancel: Cancel }>()
  const ownLock = new AbortController()
  const watches = new Map<PeerId, AbortController>()

  const say = (message: RoomMessage) => channel.postMessage(message)
  const sight = (peer: PeerId, canWebrtc: boolean) => {
    if (canWebrtc) webrtcPeers.add(peer)
    if (sighted.has(peer)) return
    sighted.add(peer)
    const watch = new AbortController()
    watches.set(peer, watch)
    whenFree(lockName(peer), watch.signal, () => lose(peer))
    events.emit('sighted', peer)
  }
  const lose = (peer: PeerId) => {
    watches.get(peer)?.abort()
    watches.delete(peer)
    webrtcPeers.delete(peer)
    if (!sighted.delete(peer)) return
    links.get(peer)?.close()
    if (attempts.has(peer)) fail(peer)
    events.emit('vanished', peer)
  }
  const fail = (peer: PeerId) => {
    attempts.get(peer)?.cancel()
    attempts.delete(peer)
    events.emit('unreachable', peer)
  }
  const open = (peer: PeerId, session: string) => {
    attempts.get(peer)?.cancel()
    attempts.delete(peer)
    links.get(peer)?.close()
    const pair = new BroadcastChannel(`gossamer/${room}/${session}`)
    const link = broadcastLink(pair, peer, session, clock)
    links.set(peer, link)
    link.on('close', () => links.get(peer) === link && links.delete(peer))
    return () => events.emit('link', link)
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
    if (data.type === 'dial') {
      const announce = open(from, data.session)
      say({ type: 'answer', from: self, to: from, session: data.session })
      return announce()
    }
    if (attempts.get(from)?.session === data.session) open(from, data.session)()
  })
  const dial = (peer: PeerId) => {
    if (attempts.has(peer)) return
    const session = randomHex(16)
    attempts.set(peer, { session, cancel: clock.after(openTimeoutMs, () => fail(peer)) })
    say(
      dialsFirst(self, peer)
        ? { type: 'dial', from: self, to: peer, session }
        : { type: 'ask', from: self, to: peer },
    )
  }

  return {
    self,
    kind: 'broadcast',
    sighted,
    webrtcPeers,
    on: events.on,
    start: () =>
      new Promise((resolve) => {
        holdLock(lockName(self), ownLock.signal)
        say({ type: 'hello', isReply: false, from: self, webrtc })
        clock.after(lookRoundMs, resolve)
      }),
    connect(peer) {
      if (!links.has(peer)) dial(peer)
    },
    async close() {
      for (const { cancel } of attempts.values()) cancel()
      for (const link of [...links.values()]) link.close()
      say({ type: 'bye', from: self })
      ownLock.abort()
      for (const watch of watches.values()) watch.abort()
      channel.close()
    },
  }
}

const lockName = (peer: PeerId) => `gossamer/${peer}`

/** Holds a lock until the signal, or until the tab is gone. */
function holdLock(name: string, signal: AbortSignal): void {
  const released = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  globalThis.navigator?.locks?.request(name, () => released).catch(() => {})
}

/** Calls back once nobody holds a lock any more. */
function whenFree(name: string, signal: AbortSignal, action: () => void): void {
  globalThis.navigator?.locks?.request(name, { signal }, () => action()).catch(() => {}) // aborted: we lost interest first
}
