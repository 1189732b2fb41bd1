import { describe, expect, it } from 'vitest'
import { emitter } from '../../../lib/emitter'
import { virtualClock } from '../../time/virtual-clock'
import type { BroadcastTransport } from '../broadcast/broadcast-transport'
import type { TransportEvents } from '../transport'
import { pairedTransport } from './paired-transport'

const peer = 'peer'

function stub(kind: 'webrtc' | 'broadcast') {
  const events = emitter<TransportEvents>()
  const sighted = new Set<string>()
  const webrtcPeers = new Set<string>()
  const tries: string[] = []
  const transport: BroadcastTransport = {
    self: 'self',
    kind,
    sighted,
    webrtcPeers,
    on: events.on,
    start: async () => {},
    connect: (id) => tries.push(id),
    close: async () => {},
  }
  return {
    transport,
    tries,
    events,
    appear(canWebrtc = false) {
      sighted.add(peer)
      if (canWebrtc) webrtcPeers.add(peer)
      events.emit('sighted', peer)
    },
    vanish() {
      sighted.delete(peer)
      events.emit('vanished', peer)
    },
  }
}

function scene() {
  const clock = virtualClock()
  const [webrtc, broadcast] = [stub('webrtc'), stub('broadcast')]
  const paired = pairedTransport(webrtc.transport, broadcast.transport, clock)
  const said: string[] = []
  paired.on('sighted', () => said.push('sighted'))
  paired.on('vanished', () => said.push('vanished'))
  paired.on('unreachable', () => said.push('unreachable'))
  return { clock, webrtc, broadcast, paired, said }
}

describe('two transports in one', () => {
  it('reach a peer over WebRTC where both have it', async () => {
    const { clock, webrtc, broadcast, paired, said } = scene()
    broadcast.appear(true)
    expect(said).toEqual([])
    webrtc.appear()
    await clock.advance(60_000)
    expect(said).toEqual(['sighted'])
    paired.connect(peer)
    expect([webrtc.tries, broadcast.tries]).toEqual([[peer], []])
  })

  it('reach a peer without WebRTC over the other, at once', () => {
    const { webrtc, broadcast, paired, said } = scene()
    broadcast.appear(false)
    expect(said).toEqual(['sighted'])
    paired.connect(peer)
    expect([webrtc.tries, broadcast.tries]).toEqual([[], [peer]])
  })

  it('do not wait for ever for a peer that never shows up on the signalling server', async () => {
    const { clock, broadcast, paired, said } = scene()
    broadcast.appear(true)
    await clock.advance(5_000)
    expect(said).toEqual(['sighted'])
    paired.connect(peer)
    expect(broadcast.tries).toEqual([peer])
  })

  it('fall back when WebRTC fails, and say so only when both fail', () => {
    const { webrtc, broadcast, paired, said } = scene()
    webrtc.appear()
    broadcast.appear(true)
    paired.connect(peer)
    webrtc.events.emit('unreachable', peer)
    expect(broadcast.tries).toEqual([peer])
    expect(said).toEqual(['sighted'])
    broadcast.events.emit('unreachable', peer)
    expect(said).toEqual(['sighted', 'unreachable'])
  })

  it('lose a peer when neither sees it any more', () => {
    const { webrtc, broadcast, said } = scene()
    webrtc.appear()
    broadcast.appear(true)
    webrtc.vanish()
    expect(said).toEqual(['sighted'])
    broadcast.vanish()
    expect(said).toEqual(['sighted', 'vanished'])
  })
})
