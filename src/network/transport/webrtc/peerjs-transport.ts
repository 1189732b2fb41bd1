/**
 * WebRTC between any two browsers that can reach each other. PeerJS introduces and dials; bytes and failure detection
 * are ours. The lower id dials; if both dial all the same, the lower id's connection stays. Connections are closed here
 * one by one, from a copy, before PeerJS may destroy anything: its own loop skips every second one.
 */
import type { DataConnection } from 'peerjs'
import { emitter } from '../../../lib/emitter'
import { parsePeerId } from '../../ids'
import type { PeerId } from '../../network'
import { problem } from '../../problems'
import type { Cancel, Clock } from '../../time/clock'
import { dialsFirst, wantsLink } from '../../topology'
import type { Link, Transport, TransportEvents } from '../transport'
import { closeQuietly, dataChannelLink, type PendingLink } from './data-channel-link'
import { type Signalling, signalling } from './signalling'

const openTimeoutMs = 8_000
/** How long the higher id waits to be dialed before it dials itself: not for long where perhaps only it wants the link. */
const courtesyMs = (self: PeerId, peer: PeerId): number => (wantsLink(self, peer) ? 3_000 : 300)
/** Each is an RTCPeerConnection that somebody else made us open. */
const pendingLimit = 64

type Attempt =
  | { readonly stage: 'waiting'; readonly cancel: Cancel }
  | {
      readonly stage: 'opening'
      readonly direction: 'out' | 'in'
      readonly pending: PendingLink
      readonly cancel: Cancel
    }

export interface PeerjsOptions {
  /** Keeps this tab's id its own on the server. */
  readonly token: string
  /** Whether this browser offers any address. Where it does not, there is nothing to wait for. */
  canDial(): boolean
}

export function peerjsTransport(self: PeerId, clock: Clock, { token, canDial }: PeerjsOptions): Transport {
  const events = emitter<TransportEvents>()
  const attempts = new Map<PeerId, Attempt>()
  const links = new Set<Link>()
  let server: Signalling | null = null
  const nobody: ReadonlySet<PeerId> = new Set()

  const drop = (peer: PeerId) => {
    const attempt = attempts.get(peer)
    attempts.delete(peer)
    attempt?.cancel()
    if (attempt?.stage === 'opening') attempt.pending.close()
  }
  const isLinked = (peer: PeerId) => [...links].some((link) => link.peer === peer)
  const fail = (peer: PeerId) => {
    drop(peer)
    // Where both dial, a busy tab may read the offer that lost after the other one has become the link.
    if (!isLinked(peer)) events.emit('unreachable', peer)
  }
  const open = (connection: DataConnection, direction: 'out' | 'in', onTimeout: () => void) => {
    const { peer } = connection
    const pending = dataChannelLink(connection, self, clock)
    const cancel = clock.after(openTimeoutMs, onTimeout)
    const attempt: Attempt = { stage: 'opening', direction, pending, cancel }
    drop(peer)
    attempts.set(peer, attempt)
    pending.opened.then(
      (link) => {
        cancel()
        if (attempts.get(peer) === attempt) attempts.delete(peer)
        links.add(link)
        link.on('close', () => links.delete(link))
        events.emit('link', link)
      },
      () => {
        if (attempts.get(peer) === attempt) fail(peer)
      },
    )
  }
  const dial = (peer: PeerId, redialsLeft = 1) => {
    drop(peer)
    const connection = server?.dial(peer)
    if (!connection) return fail(peer)
    open(connection, 'out', () => (redialsLeft > 0 ? dial(peer, redialsLeft - 1) : fail(peer)))
  }
  const answer = (connection: DataConnection) => {
    const { peer } = connection
    const attempt = attempts.get(peer)
    const isForeign = parsePeerId(peer)?.room !== parsePeerId(self)?.room
    // Both have dialed. Each end decides for itself, and both decide for the connection of the lower id.
    const isGlare = attempt?.stage === 'opening' && attempt.direction === 'out' && dialsFirst(self, peer)
    if (isForeign || isGlare || attempts.size >= pendingLimit || !canDial()) return closeQuietly(connection)
    open(connection, 'in', () => fail(peer))
  }

  return {
    self,
    kind: 'webrtc',
    get sighted() {
      return server?.ids ?? nobody
    },
    on: events.on,
    start() {
      const signals = signalling(self, clock, token)
      server = signals
      signals.on('arrived', (peer) => events.emit('sighted', peer))
      signals.on('left', (peer) => {
        drop(peer)
        events.emit('vanished', peer)
      })
      signals.on('connection', answer)
      signals.on('unavailable', (peer) => {
        if (attempts.has(peer)) fail(peer)
      })
      signals.on('lost', () => events.emit('problem', problem('server-unreachable', false)))
      signals.on('back', () => events.emit('cleared', 'server-unreachable'))
      return signals.settled
    },
    connect(peer) {
      if (attempts.has(peer) || isLinked(peer)) return
      if (!canDial()) fail(peer)
      else if (dialsFirst(self, peer)) dial(peer)
      else
        attempts.set(peer, {
          stage: 'waiting',
          cancel: clock.after(courtesyMs(self, peer), () => dial(peer)),
        })
    },
    async close() {
      for (const peer of [...attempts.keys()]) drop(peer)
      for (const link of [...links]) link.close()
      server?.close()
    },
  }
}
