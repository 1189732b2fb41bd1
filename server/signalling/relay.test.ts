/** The relay of a real server between real sockets: who gets in, what passes, and how much of it. */
import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { webIdentity } from '../../src/network/identity/web-crypto'
import { tabClock } from '../../src/network/time/clock'
import { envelope, readEnvelope } from '../../src/network/transport/relay/envelope'
import { relaySocket } from '../../src/network/transport/relay/relay-socket'
import { relayTransport } from '../../src/network/transport/relay/relay-transport'
import type { Link } from '../../src/network/transport/transport'
import { hosts } from '../addresses'
import { type Listening, listen } from '../listen'
import { relay, relayPath, usualLimits } from './relay'
import { upgradeDoor } from './upgrades'

let rooms = 0
let ids: Record<'a' | 'b' | 'c', string>
beforeEach(() => {
  const room = `RE1AY${rooms++}`
  ids = {
    a: `${room}-c-${'1'.repeat(32)}`,
    b: `${room}-d-${'2'.repeat(32)}`,
    c: `${room}-d-${'3'.repeat(32)}`,
  }
})
const sockets: WebSocket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate()
})
function dial(port: number, path: string, query: Record<string, string>): WebSocket {
  const socket = new WebSocket(`ws://localhost:${port}${path}?${new URLSearchParams(query)}`, {
    headers: { origin: `http://localhost:${port}` },
  })
  socket.on('error', () => {})
  sockets.push(socket)
  return socket
}
const opened = (socket: WebSocket) =>
  new Promise<boolean>((resolve) => {
    socket.on('open', () => resolve(true))
    socket.on('close', () => resolve(false))
  })
const closed = (socket: WebSocket) => new Promise<number>((resolve) => socket.on('close', resolve))

describe('a tab', () => {
  let server: Listening
  beforeAll(async () => {
    server = await listen({ port: 0, pages: tmpdir(), lan: null, report: console.error })
  })
  afterAll(() => server.close())
  const enrol = async (id: string, token = 'token') => {
    const socket = dial(server.port, '/peerjs/peerjs', { key: 'gossamer', id, token })
    await new Promise((resolve) => socket.once('message', resolve))
    return socket
  }
  const enter = (id: string, token = 'token') => dial(server.port, relayPath, { id, token })

  it('is let in once it is on the signalling server, with the token that it has there', async () => {
    expect(await opened(enter(ids.a))).toBe(false)
    await enrol(ids.a)
    expect(await opened(enter(ids.a, 'guess'))).toBe(false)
    expect(await opened(enter(ids.a))).toBe(true)
  })

  it('reaches its own room only, and under its own name', async () => {
    const elsewhere = `E1SE-d-${'4'.repeat(32)}`
    for (const id of [ids.a, ids.b, elsewhere]) await enrol(id)
    const [a, b, other] = [enter(ids.a), enter(ids.b), enter(elsewhere)]
    await Promise.all([a, b, other].map(opened))
    const heard: Buffer[] = []
    for (const socket of [b, other]) socket.on('message', (data: Buffer) => heard.push(data))
    const answers: unknown[] = []
    a.on('message', (data, isBinary) => !isBinary && answers.push(JSON.parse(String(data))))
    a.send(envelope(elsewhere, Uint8Array.of(1)))
    a.send(envelope(ids.c, Uint8Array.of(2)))
    a.send(envelope(ids.b, Uint8Array.of(3)))
    await expect.poll(() => heard.length).toBe(1)
    expect(readEnvelope(heard[0])).toMatchObject({ peer: ids.a })
    expect([...readEnvelope(heard[0])!.content]).toEqual([3])
    expect(answers).toEqual([elsewhere, ids.c].map((id) => ({ type: 'ABSENT', id })))
    b.terminate()
    await expect.poll(() => answers.at(-1)).toEqual({ type: 'ABSENT', id: ids.b })
  })

  it.each<[string, (socket: WebSocket) => void]>([
    ['text', (socket) => socket.send('{"type":"OFFER"}')],
    ['nothing', (socket) => socket.send(new Uint8Array())],
    ['a name longer than its message', (socket) => socket.send(Uint8Array.of(200, 65))],
    ['more than an envelope holds', (socket) => socket.send(new Uint8Array(100_000))],
  ])('is hung up on when it sends %s', async (_name, misbehave) => {
    await enrol(ids.a)
    const socket = enter(ids.a)
    await opened(socket)
    const code = closed(socket)
    misbehave(socket)
    expect([1003, 1008, 1009]).toContain(await code)
  })

  it('carries sixteen megabytes to another one and back, bit by bit, and control overtakes bulk', async () => {
    const clock = tabClock()
    const links: Record<string, Link> = {}
    const tabs = await Promise.all(
      [ids.a, ids.b].map(async (id) => {
        await enrol(id)
        const dialed = () => enter(id) as unknown as globalThis.WebSocket
        const transport = relayTransport(id, clock, webIdentity, relaySocket(dialed, clock), () => true)
        transport.start()
        transport.on('link', (link) => {
          links[id] = link
        })
        return transport
      }),
    )
    tabs[0].connect(ids.b)
    await expect.poll(() => Object.keys(links).length).toBe(2)
    const pieces = Array.from({ length: 256 }, () => randomBytes(65_535))
    await Promise.all(
      [ids.a, ids.b].map(async (from) => {
        const to = from === ids.a ? ids.b : ids.a
        let count = 0
        let controlAt = -1
        let isSame = true
        links[to].on('message', (lane, bytes) => {
          if (lane === 'control') controlAt = count
          else isSame &&= pieces[count++].equals(bytes)
        })
        void links[from].send('bulk', pieces[0])
        const sending = (async () => {
          for (const piece of pieces.slice(1)) await links[from].send('bulk', piece)
          await links[from].drained('bulk')
        })()
        await links[from].send('control', Uint8Array.of(1))
        await sending
        expect([count, isSame]).toEqual([pieces.length, true])
        expect(controlAt).toBeLessThan(pieces.length / 2)
      }),
    )
    await Promise.all(tabs.map((tab) => tab.close()))
  })
})

describe('memory and rate', () => {
  let http: Server
  afterEach(() => {
    http.closeAllConnections()
    http.close()
  })
  async function start(limits: Partial<typeof usualLimits>, pingPeriodMs = 60_000): Promise<number> {
    http = createServer()
    upgradeDoor({
      servers: [http],
      hosts: hosts(() => null),
      others: 'refuse',
      pingPeriodMs,
      paths: new Map([[relayPath, relay(() => true, { ...usualLimits, ...limits })]]),
    })
    await new Promise<void>((resolve) => http.listen(0, resolve))
    return (http.address() as AddressInfo).port
  }
  const piece = new Uint8Array(60_000)
  const flood = (socket: WebSocket, to: string, count: number) => {
    for (let sent = 0; sent < count; sent++) socket.send(envelope(to, piece))
  }

  it('of a receiver that does not read are bounded: its sender waits, and others are served', async () => {
    const receiverBytes = 1_000_000
    const port = await start({ receiverBytes })
    const [a, b, c] = [ids.a, ids.b, ids.c].map((id) => dial(port, relayPath, { id, token: 't' }))
    await Promise.all([a, b, c].map(opened))
    const before = process.memoryUsage().arrayBuffers
    b.pause()
    const count = 1_000
    flood(a, ids.b, count)
    // What is on its way in the kernel's buffers, in both directions, is some megabytes at most.
    let waiting = -1
    await expect
      .poll(
        () => {
          const hasStopped = waiting === a.bufferedAmount
          waiting = a.bufferedAmount
          return hasStopped
        },
        { interval: 300, timeout: 10_000 },
      )
      .toBe(true)
    expect(waiting).toBeGreaterThan(count * piece.length - receiverBytes - 16_000_000)
    expect(process.memoryUsage().arrayBuffers - before - waiting).toBeLessThan(40_000_000)

    let heardByA = 0
    a.on('message', () => heardByA++)
    flood(c, ids.a, 3)
    await expect.poll(() => heardByA).toBe(3)

    let heardByB = 0
    b.on('message', () => heardByB++)
    b.resume()
    await expect.poll(() => heardByB, { timeout: 20_000 }).toBe(count)
  })

  it('held up by one who hardly reads end with its socket, not with its sender’s', async () => {
    const port = await start({ receiverBytes: 1_000_000, patienceMs: 2_000 }, 1_000)
    const [a, b, c] = [ids.a, ids.b, ids.c].map((id) => dial(port, relayPath, { id, token: 't' }))
    await Promise.all([a, b, c].map(opened))
    let hasLostA = false
    a.on('close', () => {
      hasLostA = true
    })
    const told: string[] = []
    a.on('message', (data, isBinary) => !isBinary && told.push(String(data)))
    let heardByC = 0
    c.on('message', () => heardByC++)
    b.pause()
    // It reads nothing, and says that it lives: pongs that nobody asked for.
    const alive = setInterval(() => b.readyState === b.OPEN && b.pong(), 50)
    flood(a, ids.b, 400)
    flood(a, ids.c, 3)
    await expect.poll(() => heardByC, { timeout: 60_000 }).toBe(3)
    clearInterval(alive)
    expect(hasLostA).toBe(false)
    expect(told).toContain(JSON.stringify({ type: 'ABSENT', id: ids.b }))
  })

  it('make a sender wait for one who reads steadily, however long, and it is not taken for dead', async () => {
    const port = await start({ receiverBytes: 300_000, patienceMs: 2_000, leastReadBytes: 50_000 }, 1_000)
    const [a, b] = [ids.a, ids.b].map((id) => dial(port, relayPath, { id, token: 't' }))
    await Promise.all([a, b].map(opened))
    let heard = 0
    b.on('message', () => heard++)
    b.pause()
    const reading = setInterval(() => {
      b.resume()
      setImmediate(() => b.pause())
    }, 20)
    const count = 150
    flood(a, ids.b, count)
    await expect.poll(() => heard, { timeout: 120_000 }).toBe(count)
    clearInterval(reading)
    expect(a.readyState).toBe(a.OPEN)
  })

  it('of a room have an end, and nothing is lost by it', async () => {
    const port = await start({
      roomBytesPerSecond: 2_000_000,
      roomBytes: 300_000,
      tabBytesPerSecond: 50_000_000,
    })
    const [a, b] = [ids.a, ids.b].map((id) => dial(port, relayPath, { id, token: 't' }))
    await Promise.all([a, b].map(opened))
    let heard = 0
    const arrived: number[] = []
    b.on('message', () => {
      heard++
      arrived.push(performance.now())
    })
    const count = 40
    flood(a, ids.b, count)
    await expect.poll(() => heard, { timeout: 20_000 }).toBe(count)
    // 2.4 MB, of which 0.3 MB at once: one second at least, however fast the machine.
    expect(arrived[count - 1] - arrived[0]).toBeGreaterThan(800)
  })
})
