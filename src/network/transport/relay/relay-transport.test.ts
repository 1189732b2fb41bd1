/** The relay's two ends, and what a server between them may try. The server itself: `server/signalling/relay.test.ts`. */
import { beforeEach, describe, expect, it } from 'vitest'
import { emitter } from '../../../lib/emitter'
import {
  answer,
  type Meddle,
  manInTheMiddle,
  type Pass,
  sealed,
  server,
  text,
} from '../../fixtures/relay-server'
import { joinOptions, understood } from '../../fixtures/test-rooms'
import { webIdentity } from '../../identity/web-crypto'
import { joinRoom } from '../../join'
import { makeRoomKeys } from '../../keys'
import type { PeerId } from '../../network'
import { openRoom } from '../../room'
import { tabClock } from '../../time/clock'
import type { Lane, Link, Transport, TransportEvents } from '../transport'
import { relayTransport } from './relay-transport'

const signingKey = await webIdentity.makeSigningKey()
const [low, high] = [`TEST-c-${'1'.repeat(32)}`, `TEST-d-${'2'.repeat(32)}`]
const clock = tabClock()
const tab = (hub: ReturnType<typeof server>, self: PeerId, isWelcome = () => true) => {
  const transport = relayTransport(self, clock, webIdentity, hub.socket(self), isWelcome)
  const links: Link[] = []
  const heard: [Lane, Uint8Array][] = []
  const unreachable: PeerId[] = []
  transport.on('link', (link) => {
    links.push(link)
    link.on('message', (lane, bytes) => heard.push([lane, bytes]))
  })
  transport.on('unreachable', (peer) => unreachable.push(peer))
  return { transport, links, heard, unreachable }
}
const open = (tab: { links: Link[] }) => tab.links.filter(({ isOpen }) => isOpen)
const met = (...tabs: { links: Link[] }[]) =>
  expect.poll(() => tabs.map((one) => open(one).length)).toEqual(tabs.map(() => 1))
const word = new TextEncoder().encode('learned in private')

describe('two tabs', () => {
  it('get one link with one binding, whoever wants it, also when both do at once', async () => {
    for (const wanting of [['a'], ['b'], ['a', 'b']]) {
      const hub = server()
      const [a, b] = [tab(hub, low), tab(hub, high)]
      if (wanting.includes('a')) a.transport.connect(high)
      if (wanting.includes('b')) b.transport.connect(low)
      await met(a, b)
      expect(a.links[0].binding).toBe(b.links[0].binding)
      expect(a.links[0].kind).toBe('relay')
    }
  })

  it('meet although one comes to the relay later', async () => {
    const hub = server()
    const a = tab(hub, low)
    a.transport.connect(high)
    await new Promise((resolve) => setTimeout(resolve, 700))
    await met(a, tab(hub, high))
  })

  it('carry lanes in order, complete, and unreadable on their way', async () => {
    const hub = server()
    const [a, b] = [tab(hub, low), tab(hub, high)]
    a.transport.connect(high)
    await met(a, b)
    const bulk = Array.from({ length: 60 }, (_, index) => new Uint8Array(65_536).fill(index))
    const sending = (async () => {
      for (const bytes of bulk) await a.links[0].send('bulk', bytes)
      await a.links[0].drained('bulk')
    })()
    await a.links[0].send('control', word)
    await sending
    expect(b.heard.filter(([lane]) => lane === 'control').map(([, bytes]) => text(bytes))).toEqual([
      text(word),
    ])
    const arrived = b.heard.filter(([lane]) => lane === 'bulk').map(([, bytes]) => Buffer.from(bytes))
    expect(arrived.map((bytes, index) => bytes.equals(bulk[index]))).toEqual(bulk.map(() => true))
    expect(hub.passed.some((bytes) => text(bytes).includes(text(word)))).toBe(false)
    for (const bytes of hub.passed.filter(([type]) => type === sealed))
      expect(new Set(bytes).size).toBeGreaterThan(9)
  })

  it('know when the other one leaves, and when the server does not have it any more', async () => {
    for (const act of ['closes', 'is absent'] as const) {
      const hub = server()
      const [a, b] = [tab(hub, low), tab(hub, high)]
      a.transport.connect(high)
      await met(a, b)
      if (act === 'closes') await b.transport.close()
      else hub.seats.get(low)?.emit('absent', high)
      await expect.poll(() => open(a).length).toBe(0)
    }
  })

  it('do without where it is not welcome, and are told', async () => {
    const hub = server()
    const [a, b] = [tab(hub, low), tab(hub, high, () => false)]
    a.transport.connect(high)
    await expect.poll(() => a.unreachable).toEqual([high])
    expect(b.links).toEqual([])
  })

  it('of different rooms never meet', async () => {
    const hub = server()
    const stranger = `ELSE-d-${'3'.repeat(32)}`
    const [a, b] = [tab(hub, low), tab(hub, stranger)]
    b.transport.connect(low)
    await expect.poll(() => b.unreachable, { timeout: 8_000 }).toEqual([low])
    expect(a.links).toEqual([])
  })
})

describe('a server that', () => {
  let count = 0
  beforeEach(() => {
    count = 0
  })
  const onThird =
    (act: (content: Uint8Array, pass: Pass) => void): Meddle =>
    (content, pass, from) => {
      if (content[0] === sealed && from === low && ++count === 3) act(content, pass)
      else pass(content)
    }
  let kept: Uint8Array | null = null
  it.each<[string, Meddle]>([
    [
      'changes a bit',
      onThird((content, pass) => {
        content[20] ^= 1
        pass(content)
      }),
    ],
    ['leaves a message out', onThird(() => {})],
    [
      'repeats one',
      onThird((content, pass) => {
        pass(content)
        pass(content)
      }),
    ],
    [
      'swaps two',
      (content, pass, from) => {
        if (content[0] !== sealed || from !== low) return pass(content)
        if (++count === 3) kept = content
        else pass(content)
        if (count === 4 && kept) pass(kept)
      },
    ],
    ['makes one shorter than its seal', onThird((content, pass) => pass(content.subarray(0, 20)))],
    [
      'answers with what is no point of the curve',
      (content, pass) => pass(content[0] === answer ? content.fill(7, 17) : content),
    ],
  ])('%s is found out, and nothing of it is heard', async (_name, meddle) => {
    const hub = server(meddle)
    const [a, b] = [tab(hub, low), tab(hub, high)]
    a.transport.connect(high)
    await expect.poll(() => a.links.length + a.unreachable.length, { timeout: 8_000 }).toBe(1)
    const numbers = [0, 1, 2, 3, 4, 5]
    for (const number of numbers) void a.links[0]?.send('control', Uint8Array.of(number)).catch(() => {})
    await expect.poll(() => open(b).length, { timeout: 8_000 }).toBe(0)
    const heard = b.heard.map(([, [number]]) => number)
    expect(heard).toEqual(numbers.slice(0, heard.length))
    expect(heard.length).toBeLessThan(numbers.length)
  })

  it('sits in the middle with keys of its own reads a handshake, and is let in by nobody', async () => {
    const middle = manInTheMiddle()
    const hub = server(middle.meddle)
    const asTransport = (self: PeerId) => roomTransport(hub, self)
    const keys = await makeRoomKeys(webIdentity, 'TEST', 'secret')
    const coordinator = await openRoom(keys, { name: 'Coordinator', understood, transport: asTransport })
    const admitted: string[] = []
    coordinator.on('join', ({ name }) => admitted.push(name))
    await Promise.all(
      [keys.publicKeyHash, null].map((publicKeyHash) =>
        expect(
          joinRoom({ ...joinOptions, signingKey, waitMs: 3_000, publicKeyHash, transport: asTransport }),
        ).rejects.toThrow('does not fit this room'),
      ),
    )
    expect(middle.read.join()).toContain('"step":"hello"')
    expect(middle.read.join()).not.toContain('secret"')
    expect(admitted).toEqual([])

    const honest = server()
    hub.seats.clear()
    const again = await openRoom(keys, {
      name: 'Coordinator',
      understood,
      transport: (self) => roomTransport(honest, self),
    })
    const guest = await joinRoom({
      ...joinOptions,
      signingKey,
      publicKeyHash: keys.publicKeyHash,
      transport: (self) => roomTransport(honest, self),
    })
    expect([...guest.peers.values()].map(({ transport }) => transport)).toEqual(['relay'])
    const whispers: string[] = []
    again.on('whisper', (_, channel, bytes) => whispers.push(`${channel} ${text(bytes)}`))
    await guest.whisper(again.self, 7, word)
    await expect.poll(() => whispers).toEqual([`7 ${text(word)}`])
    expect(honest.passed.some((bytes) => text(bytes).includes(text(word)))).toBe(false)
    await Promise.all([coordinator, again, guest].map((network) => network.leave()))
  })
})

/** The relay alone, as a room's transport: everybody who has a seat is sighted. */
function roomTransport(hub: ReturnType<typeof server>, self: PeerId): Transport {
  const relay = relayTransport(self, clock, webIdentity, hub.socket(self), () => true)
  const events = emitter<TransportEvents>()
  const sighted = new Set<PeerId>()
  relay.on('link', (link) => events.emit('link', link))
  relay.on('unreachable', (peer) => events.emit('unreachable', peer))
  return {
    self,
    kind: 'relay',
    sighted,
    on: events.on,
    connect: relay.connect,
    close: relay.close,
    async start() {
      for (const other of hub.seats.keys()) if (other !== self) sighted.add(other)
      for (const other of sighted) events.emit('sighted', other)
    },
  }
}
