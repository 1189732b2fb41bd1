import { beforeEach, describe, expect, it } from 'vitest'
import { emitter } from '../../../lib/emitter'
import { virtualClock } from '../../time/virtual-clock'
import { linkPair } from '../memory/memory-transport'
import type { Link, Transport, TransportEvents } from '../transport'
import { relayedTransport } from './relayed-transport'

const [self, peer] = ['self', 'peer']

/** Two ways that do nothing by themselves: what they try is written down, what becomes of it the test decides. */
function scene() {
  const clock = virtualClock()
  const tries: string[] = []
  const said: string[] = []
  const links: Link[] = []
  const [direct, relay] = [emitter<TransportEvents>(), emitter<TransportEvents>()]
  let isSeeking = false
  let isWelcome: (peer: string) => boolean = () => true
  let retests = 0
  const transport: Transport = relayedTransport({
    kind: 'webrtc',
    clock,
    direct: {
      self,
      kind: 'webrtc',
      sighted: new Set([peer]),
      on: direct.on,
      start: async () => {},
      connect: () => tries.push('direct'),
      close: async () => {},
    },
    relay(welcome) {
      isWelcome = welcome
      return {
        on: relay.on,
        start() {},
        connect() {
          isSeeking = true
          tries.push('relay')
        },
        isSeeking: () => isSeeking,
        close: async () => {},
      }
    },
    beforeRetry: async () => void retests++,
  })
  transport.on('link', (link) => {
    links.push(link)
    said.push(`link ${link.kind}`)
    link.on('moved', () => said.push(`moved ${link.kind}`))
    link.on('close', () => said.push('closed'))
  })
  transport.on('unreachable', () => said.push('unreachable'))
  const open = (kind: 'webrtc' | 'relay') => {
    const link = new Proxy(linkPair(self, peer, clock)[0], {
      get: (of, name) =>
        name === 'kind' ? kind : name === 'maxMessageBytes' ? 65_536 : Reflect.get(of, name),
    })
    if (kind === 'relay') isSeeking = false
    ;(kind === 'relay' ? relay : direct).emit('link', link)
    return link
  }
  const fail = (which: 'direct' | 'relay') => {
    if (which === 'relay') isSeeking = false
    ;(which === 'relay' ? relay : direct).emit('unreachable', peer)
  }
  return {
    clock,
    tries,
    said,
    links,
    transport,
    open,
    fail,
    isWelcome: () => isWelcome(peer),
    retests: () => retests,
  }
}
let s: ReturnType<typeof scene>
beforeEach(() => {
  s = scene()
  s.transport.connect(peer)
})

describe('a pair', () => {
  it('that opens directly never troubles the server', async () => {
    s.open('webrtc')
    await s.clock.advance(600_000)
    expect([s.tries, s.said]).toEqual([['direct'], ['link webrtc']])
  })

  it('that finds no direct way within seconds goes through the server, and is not unreachable', async () => {
    await s.clock.advance(3_000)
    expect(s.tries).toEqual(['direct', 'relay'])
    s.open('relay')
    s.fail('direct')
    expect(s.said).toEqual(['link relay'])
  })

  it('that fails directly at once does not wait for that', async () => {
    s.fail('direct')
    await s.clock.advance(500)
    expect(s.tries).toEqual(['direct', 'relay', 'direct'])
  })

  it('moves over when the direct way opens late, without a new link', async () => {
    await s.clock.advance(3_000)
    s.open('relay')
    s.open('webrtc')
    expect(s.said).toEqual(['link relay', 'moved webrtc'])
    expect(s.links.map(({ kind }) => kind)).toEqual(['webrtc'])
  })

  it('tries the direct way again, less and less often, for as long as it needs the server', async () => {
    await s.clock.advance(3_000)
    s.open('relay')
    for (const pauseMs of [15_000, 30_000, 60_000, 120_000, 300_000, 300_000]) {
      s.tries.length = 0
      s.fail('direct')
      await s.clock.advance(pauseMs - 100)
      expect(s.tries).toEqual([])
      await s.clock.advance(100)
      expect(s.tries).toEqual(['direct'])
    }
    expect(s.retests()).toBe(6)
    s.open('webrtc')
    s.tries.length = 0
    await s.clock.advance(600_000)
    expect(s.tries).toEqual([])
  })

  it('waits for the answer of the relay where both open in the same moment', async () => {
    await s.clock.advance(3_000)
    s.open('webrtc')
    expect(s.said).toEqual([])
    s.open('relay')
    expect(s.said).toEqual(['link relay', 'moved webrtc'])
  })

  it('takes the direct link when the relay refuses meanwhile', async () => {
    await s.clock.advance(3_000)
    s.open('webrtc')
    s.fail('relay')
    expect(s.said).toEqual(['link webrtc'])
  })

  it('is unreachable when both ways have failed, and can be tried again', async () => {
    await s.clock.advance(3_000)
    s.fail('direct')
    expect(s.said).toEqual([])
    s.fail('relay')
    expect(s.said).toEqual(['unreachable'])
    s.tries.length = 0
    s.transport.connect(peer)
    expect(s.tries).toEqual(['direct'])
  })

  it('refuses the relay while a direct link is fresh, and takes it when the other end has lost that', async () => {
    const link = s.open('webrtc')
    expect(s.isWelcome()).toBe(false)
    await s.clock.advance(6_000)
    expect(s.isWelcome()).toBe(true)
    link.close()
    expect(s.isWelcome()).toBe(true)
  })

  it('is dialed afresh after its link through the server broke', async () => {
    await s.clock.advance(3_000)
    const link = s.open('relay')
    s.fail('direct')
    link.close()
    expect(s.said).toEqual(['link relay', 'closed'])
    s.tries.length = 0
    s.transport.connect(peer)
    await s.clock.advance(3_000)
    expect(s.tries).toEqual(['direct', 'relay'])
  })
})
