/**
 * A PeerJS connection as a link: PeerJS's own channel is the control lane, and a second, negotiated channel of the same
 * RTCPeerConnection is the bulk lane. From here on PeerJS only keeps the handlers; bytes go to the channels directly.
 */
import type { DataConnection } from 'peerjs'
import { deferred } from '../../../lib/async'
import { emitter } from '../../../lib/emitter'
import type { PeerId } from '../../network'
import type { Clock } from '../../time/clock'
import { channelLane } from '../lanes/channel-lane'
import { type Lane, type Link, LinkClosed, type LinkEvents, preferredMessageBytes } from '../transport'

export interface PendingLink {
  /** Rejects when the connection closed before it was open. */
  readonly opened: Promise<Link>
  close(): void
}

/** Channels that PeerJS opens count up from 0 or 1. */
const bulkChannelId = 100

export function dataChannelLink(connection: DataConnection, self: PeerId, clock: Clock): PendingLink {
  const pc = connection.peerConnection
  const bulk = pc.createDataChannel('bulk', { negotiated: true, id: bulkChannelId })
  bulk.binaryType = 'arraybuffer'
  const events = emitter<LinkEvents>()
  const opened = deferred<Link>()
  opened.promise.catch(() => {}) // whoever waits for it hears of the failure; nobody has to
  const early: [Lane, Uint8Array][] = []
  let state: 'opening' | 'open' | 'closed' = 'opening'

  const receive = (lane: Lane, data: unknown) => {
    if (!(data instanceof ArrayBuffer)) return // text is none of ours; the peer gets no answer
    const bytes = new Uint8Array(data)
    if (state === 'open') events.emit('message', lane, bytes)
    else early.push([lane, bytes])
  }
  const end = () => {
    if (state === 'closed') return
    const wasOpen = state === 'open'
    state = 'closed'
    closeQuietly(connection)
    opened.reject(new LinkClosed('The connection closed before it was open.'))
    if (wasOpen) events.emit('close')
  }
  // In a busy tab the channels may open before the remote description, and with it the fingerprint, can be read.
  const openWhenReady = () => {
    if (state !== 'opening' || !connection.open || bulk.readyState !== 'open') return
    if (!fingerprintOf(pc.localDescription) || !fingerprintOf(pc.remoteDescription)) return
    state = 'open'
    opened.resolve(openLink(connection, bulk))
    // Listeners attach when the promise resolves, in a microtask before this one.
    void opened.promise.then(() => {
      for (const [lane, bytes] of early.splice(0)) events.emit('message', lane, bytes)
    })
  }
  const openLink = (connection: DataConnection, bulk: RTCDataChannel): Link => {
    const lane = { control: channelLane(connection.dataChannel, clock), bulk: channelLane(bulk, clock) }
    return {
      peer: connection.peer,
      kind: 'webrtc',
      binding: fingerprints(pc, self, connection.peer),
      maxMessageBytes: Math.min(preferredMessageBytes, pc.sctp?.maxMessageSize ?? preferredMessageBytes),
      get isOpen() {
        return state === 'open'
      },
      on: events.on,
      bufferedBytes: (name) => lane[name].bufferedBytes(),
      send: (name, message) => lane[name].send(message),
      drained: (name) => lane[name].drained(),
      close: end,
    }
  }

  connection.on('open', openWhenReady)
  connection.on('data', (data) => receive('control', data))
  connection.on('close', end)
  connection.on('error', end)
  bulk.addEventListener('open', openWhenReady)
  bulk.addEventListener('message', ({ data }) => receive('bulk', data))
  bulk.addEventListener('close', end)
  pc.addEventListener('signalingstatechange', openWhenReady)
  // PeerJS watches iceConnectionState, which stays `disconnected` for ever after a crash; this one goes to `failed`.
  pc.addEventListener('connectionstatechange', () => {
    if (pc.connectionState === 'failed' || pc.connectionState === 'closed') end()
    else events.emit('trembling', pc.connectionState === 'disconnected')
  })
  return { opened: opened.promise, close: end }
}

/**
 * PeerJS forgets its provider when a connection closes, and then reports late failures of the same connection to it: an
 * uncaught TypeError. A deaf provider in its place takes them.
 */
export function closeQuietly(connection: DataConnection): void {
  connection.close()
  const deaf: unknown = { emitError() {}, _removeConnection() {} }
  connection.provider = deaf as DataConnection['provider']
}

const fingerprintOf = (description: RTCSessionDescription | null): string | undefined =>
  /a=fingerprint:(\S+ \S+)/i.exec(description?.sdp ?? '')?.[1].toUpperCase()

/** Both certificates' fingerprints, by id, so that both ends write down the same. */
const fingerprints = (pc: RTCPeerConnection, self: PeerId, peer: PeerId): string =>
  [`${self}=${fingerprintOf(pc.localDescription)}`, `${peer}=${fingerprintOf(pc.remoteDescription)}`]
    .sort()
    .join('|')
