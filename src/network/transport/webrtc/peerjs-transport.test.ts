import type { DataConnection } from 'peerjs'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { deferred } from '../../../lib/async'
import { emitter } from '../../../lib/emitter'
import { virtualClock } from '../../time/virtual-clock'
import { linkPair } from '../memory/memory-transport'
import type { Link } from '../transport'
import type { PendingLink } from './data-channel-link'
import { peerjsTransport } from './peerjs-transport'
import type { Signalling, SignallingEvents } from './signalling'

const [low, high] = [`TEST-d-${'1'.repeat(32)}`, `TEST-d-${'2'.repeat(32)}`]

interface Call {
  readonly direction: 'dialed' | 'answered'
  isClosed: boolean
  open(): void
}

/** What PeerJS would do, done by hand: every connection, in the order in which the transport saw them. */
const scene = vi.hoisted(() => ({
  calls: [] as Call[],
  link: null as ((connection: DataConnection) => PendingLink) | null,
  server: null as Signalling | null,
}))
vi.mock('./signalling', () => ({ signalling: () => scene.server }))
vi.mock('./data-channel-link', () => ({
  dataChannelLink: (connection: DataConnection) => scene.link!(connection),
  closeQuietly: () => scene.calls.push({ direction: 'answered', isClosed: true, open() {} }),
}))

function transportOf(self: string, peer: string) {
  const clock = virtualClock()
  const events = emitter<SignallingEvents>()
  const connection = (direction: Call['direction']) => ({ peer, direction }) as unknown as DataConnection
  scene.server = {
    ids: new Set([peer]),
    settled: Promise.resolve(),
    on: events.on,
    dial: () => connection('dialed'),
    close() {},
  }
  scene.link = (seen) => {
    const opened = deferred<Link>()
    opened.promise.catch(() => {})
    const { direction } = seen as unknown as Call
    const call: Call = {
      direction,
      isClosed: false,
      open: () => opened.resolve(linkPair(self, peer, clock)[0]),
    }
    scene.calls.push(call)
    return {
      opened: opened.promise,
      close() {
        call.isClosed = true
        opened.reject(new Error('closed'))
      },
    }
  }
  const said: string[] = []
  const transport = peerjsTransport(self, clock, { token: 'token', canDial: () => true })
  transport.on('link', () => said.push('link'))
  transport.on('unreachable', () => said.push('unreachable'))
  void transport.start()
  return { transport, clock, said, offer: () => events.emit('connection', connection('answered')) }
}

beforeEach(() => {
  scene.calls = []
})

describe('two that dial each other at once', () => {
  it('keep the connection of the lower id: it refuses the offer of the other, who gives up its own', async () => {
    const lower = transportOf(low, high)
    lower.transport.connect(high)
    lower.offer()
    expect(scene.calls.map(({ direction, isClosed }) => [direction, isClosed])).toEqual([
      ['dialed', false],
      ['answered', true],
    ])
    scene.calls = []
    const higher = transportOf(high, low)
    higher.transport.connect(low)
    await higher.clock.advance(500)
    higher.offer()
    expect(scene.calls.map(({ direction, isClosed }) => [direction, isClosed])).toEqual([
      ['dialed', true],
      ['answered', false],
    ])
  })

  it('are not told that an offer came to nothing which was read after the other had become the link', async () => {
    const { transport, clock, said, offer } = transportOf(low, high)
    transport.connect(high)
    scene.calls[0].open()
    await clock.advance(0)
    offer()
    await clock.advance(60_000)
    expect(scene.calls.map(({ isClosed }) => isClosed)).toEqual([false, true])
    expect(said).toEqual(['link'])
  })
})

describe('one that cannot be reached', () => {
  it('is dialed twice before that is said', async () => {
    const { transport, clock, said } = transportOf(low, high)
    transport.connect(high)
    await clock.advance(15_000)
    expect([scene.calls.length, said]).toEqual([2, []])
    await clock.advance(2_000)
    expect(said).toEqual(['unreachable'])
  })
})
