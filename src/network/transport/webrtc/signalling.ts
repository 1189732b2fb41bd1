/**
 * This tab's place on the signalling server: a PeerJS `Peer` that is kept alive, and the list of who else is in the
 * room. Losing the server costs new connections only; the ones that exist live on. One `Peer` per room and per life of
 * the tab, so what PeerJS stores for messages it cannot place goes with it.
 */
import { type DataConnection, Peer } from 'peerjs'
import { z } from 'zod'
import { deferred } from '../../../lib/async'
import { type Emitter, emitter } from '../../../lib/emitter'
import { readBy } from '../../../lib/schema'
import { parsePeerId } from '../../ids'
import type { PeerId } from '../../network'
import type { Cancel, Clock } from '../../time/clock'

export type SignallingEvents = {
  arrived: [peer: PeerId]
  left: [peer: PeerId]
  connection: [connection: DataConnection]
  /** The server does not know whom we dialed. */
  unavailable: [peer: PeerId]
  lost: []
  back: []
}

export interface Signalling extends Pick<Emitter<SignallingEvents>, 'on'> {
  readonly ids: ReadonlySet<PeerId>
  /** Resolves with the first list, or when the server did not answer the first time. */
  readonly settled: Promise<void>
  /** Null while the server is away. */
  dial(peer: PeerId): DataConnection | null
  close(): void
}

/** PeerJS appends `peerjs`, and knows no relative address: everything stands here, nothing is left to its defaults. */
const serverOptions = (token: string) => {
  const secure = location.protocol === 'https:'
  return {
    host: location.hostname,
    port: Number(location.port) || (secure ? 443 : 80),
    path: '/peerjs',
    key: 'gossamer',
    token,
    secure,
    config: { iceServers: [] },
    debug: 0,
  }
}

const openTimeoutMs = 8_000
const retryDelaysMs = [500, 1_000, 2_000, 4_000, 8_000]
/** A blip is not worth a word. */
const reportLossAfterMs = 2_000

const notice = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ROSTER'), ids: z.array(z.string()) }),
  z.object({ type: z.enum(['ARRIVED', 'LEFT']), id: z.string() }),
])

/** `token`: with it, and nothing else, this tab may come back under its id. */
export function signalling(self: PeerId, clock: Clock, token: string): Signalling {
  const events = emitter<SignallingEvents>()
  const ids = new Set<PeerId>()
  const settled = deferred<void>()
  let peer: Peer
  let attempts = 0
  let isClosed = false
  let wasReportedLost = false
  let timer: Cancel = () => {}
  let lossTimer: Cancel | null = null

  const replan = (delayMs: number, action: () => void) => {
    timer()
    timer = clock.after(delayMs, action)
  }
  /** OPEN may never come (the old socket of a laptop that slept still counts as alive). */
  const awaitOpen = () =>
    replan(openTimeoutMs, () => {
      if (peer.open) return
      if (peer.disconnected) lost()
      else peer.disconnect()
    })
  const lost = () => {
    if (isClosed) return
    settled.resolve()
    lossTimer ??= clock.after(reportLossAfterMs, () => {
      wasReportedLost = true
      events.emit('lost')
    })
    replan(retryDelaysMs[Math.min(attempts++, retryDelaysMs.length - 1)], () => {
      if (peer.destroyed) peer = enrol()
      else {
        peer.reconnect()
        awaitOpen()
      }
    })
  }
  const found = () => {
    timer()
    lossTimer?.()
    lossTimer = null
    attempts = 0
    if (wasReportedLost) events.emit('back')
    wasReportedLost = false
  }
  const add = (id: PeerId) => {
    if (id === self || ids.has(id) || parsePeerId(id)?.room !== parsePeerId(self)?.room) return
    ids.add(id)
    events.emit('arrived', id)
  }
  const remove = (id: PeerId) => {
    if (ids.delete(id)) events.emit('left', id)
  }
  const heard = (message: unknown) => {
    const parsed = readBy(notice, message).data
    if (parsed?.type === 'ARRIVED') add(parsed.id)
    if (parsed?.type === 'LEFT') remove(parsed.id)
    if (parsed?.type !== 'ROSTER') return
    for (const id of [...ids]) if (!parsed.ids.includes(id)) remove(id)
    for (const id of parsed.ids) add(id)
    settled.resolve()
  }
  const enrol = (): Peer => {
    const fresh = new Peer(self, serverOptions(token))
    if (typeof RTCPeerConnection === 'undefined') dropOffers(fresh)
    fresh.socket.on('message', heard)
    fresh.on('open', found)
    fresh.on('disconnected', lost)
    fresh.on('connection', (connection) => events.emit('connection', connection))
    // Errors of unknown peers and of connections that are already gone are noise. What matters is followed by
    // `disconnected`; the exception names its peer in the text only.
    fresh.on('error', ({ type, message }) => {
      const [, id] = /Could not connect to peer (\S+)/.exec(message) ?? []
      if (type === 'peer-unavailable' && id) events.emit('unavailable', id)
    })
    peer = fresh
    awaitOpen()
    return fresh
  }
  peer = enrol()

  return {
    ids,
    settled: settled.promise,
    on: events.on,
    dial: (other) =>
      peer.open ? (peer.connect(other, { serialization: 'raw', reliable: true }) ?? null) : null,
    close() {
      isClosed = true
      timer()
      lossTimer?.()
      peer.destroy()
    },
  }
}

/** A browser without WebRTC is in the room all the same. PeerJS would throw at the first offer that it hears. */
function dropOffers({ socket }: Peer): void {
  const theirs = socket.listeners('message')
  socket.removeAllListeners('message')
  socket.on('message', (message: { readonly type?: unknown }) => {
    if (message.type !== 'OFFER') for (const listener of theirs) listener.call(socket, message)
  })
}
