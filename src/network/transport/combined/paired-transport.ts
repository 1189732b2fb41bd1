/**
 * WebRTC and BroadcastChannel as one transport under one id. WebRTC is preferred wherever both ends have it, because it
 * keeps hidden tabs awake; BroadcastChannel serves tabs of the same browser when one of them has no network address, or
 * when the signalling server is away.
 */
import { emitter } from '../../../lib/emitter'
import type { PeerId } from '../../network'
import type { Cancel, Clock } from '../../time/clock'
import type { BroadcastTransport } from '../broadcast/broadcast-transport'
import type { Transport, TransportEvents } from '../transport'

/** How long a tab that has WebRTC gets to appear on the signalling server before it is reached the other way. */
const preferenceMs = 5_000

export function pairedTransport(webrtc: Transport, broadcast: BroadcastTransport, clock: Clock): Transport {
  const events = emitter<TransportEvents>()
  const sighted = new Set<PeerId>()
  const patience = new Map<PeerId, Cancel>()
  const failedOverWebrtc = new Set<PeerId>()

  const stopWaiting = (peer: PeerId) => {
    patience.get(peer)?.()
    patience.delete(peer)
  }
  const sight = (peer: PeerId) => {
    stopWaiting(peer)
    if (sighted.has(peer)) return
    sighted.add(peer)
    events.emit('sighted', peer)
  }
  const lose = (peer: PeerId) => {
    stopWaiting(peer)
    if (webrtc.sighted.has(peer) || broadcast.sighted.has(peer)) return
    failedOverWebrtc.delete(peer)
    if (sighted.delete(peer)) events.emit('vanished', peer)
  }
  webrtc.on('sighted', sight)
  webrtc.on('vanished', lose)
  broadcast.on('vanished', lose)
  broadcast.on('sighted', (peer) => {
    if (webrtc.sighted.has(peer) || !broadcast.webrtcPeers.has(peer)) return sight(peer)
    patience.set(
      peer,
      clock.after(preferenceMs, () => sight(peer)),
    )
  })
  webrtc.on('unreachable', (peer) => {
    if (!broadcast.sighted.has(peer)) return events.emit('unreachable', peer)
    failedOverWebrtc.add(peer)
    broadcast.connect(peer)
  })
  broadcast.on('unreachable', (peer) => events.emit('unreachable', peer))
  for (const transport of [webrtc, broadcast]) {
    transport.on('link', (link) => events.emit('link', link))
    transport.on('problem', (problem) => events.emit('problem', problem))
    transport.on('cleared', (code) => events.emit('cleared', code))
  }

  return {
    self: webrtc.self,
    kind: 'webrtc',
    sighted,
    on: events.on,
    async start() {
      await Promise.all([webrtc.start(), broadcast.start()])
    },
    connect(peer) {
      const overWebrtc = webrtc.sighted.has(peer) && !failedOverWebrtc.has(peer)
      if (overWebrtc) webrtc.connect(peer)
      else if (broadcast.sighted.has(peer)) broadcast.connect(peer)
      else events.emit('unreachable', peer)
    },
    async close() {
      for (const cancel of patience.values()) cancel()
      await Promise.all([webrtc.close(), broadcast.close()])
    },
  }
}
