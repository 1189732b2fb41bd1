/** What a stranger may send who reaches the port and keeps to no protocol: raw bytes, and patience. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect as connectTcp, type Socket } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { hostOf, targetOf } from '../addresses'
import { type Certificate, makeCertificate } from '../certificate/certificate'
import { type Listening, listen } from '../listen'

const patience = { firstByteMs: 300, headersMs: 300, requestMs: 600, idleMs: 2_000, pingPeriodMs: 200 }
const certificate: Promise<Certificate> = makeCertificate([])
let pages: string
let plain: Listening
let lan: Listening
const reports: string[] = []
const ports = () => [plain.port, lan.port]

beforeAll(async () => {
  pages = await mkdtemp(join(tmpdir(), 'gossamer-strangers-'))
  await writeFile(join(pages, 'index.html'), '<!doctype html><title>Gossamer</title>')
  const report = (error: Error) => reports.push(error.message)
  plain = await listen({ port: 0, pages, lan: null, report, patience })
  const surroundings = { certificate: await certificate, address: () => '192.168.77.5' }
  lan = await listen({ port: 0, pages, lan: surroundings, report, patience })
})
afterAll(async () => {
  await Promise.all([plain.close(), lan.close()])
  await rm(pages, { recursive: true })
})

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connectTcp(port, '127.0.0.1', () => resolve(socket))
    socket.on('error', reject)
  })
/** Everything that comes back before the server hangs up. */
const untilHungUp = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
async function say(port: number, ...lines: string[]): Promise<string> {
  const socket = await open(port)
  socket.write([...lines, '', ''].join('\r\n'))
  return untilHungUp(socket)
}
const upgrade = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
]
const isAlive = async (port: number) =>
  (await say(port, 'GET /api/address HTTP/1.1', 'Host: localhost', 'Connection: close')).startsWith(
    'HTTP/1.1 200',
  )

describe('a target that names no path', () => {
  const targets = [
    '//',
    '//elsewhere/x',
    '/%',
    '/%E0%A4%A',
    '/%00',
    'http://elsewhere/',
    '*',
    '/\\elsewhere',
    '///',
    '/..//..//etc',
    '/api/rooms/%',
  ]

  it.each(targets)('leaves the server alive, shows no stack and leads nowhere else: %s', async (target) => {
    for (const port of ports())
      for (const host of ['localhost', 'elsewhere', '192.168.77.5', 'a b', '', '[', '@'])
        for (const extra of [[], upgrade]) {
          const answer = await say(
            port,
            `GET ${target} HTTP/1.1`,
            `Host: ${host}`,
            ...(extra.length ? extra : ['Connection: close']),
          )
          expect(answer).not.toMatch(/\bat .*\.[cm]?[jt]s\b|node_modules|URIError/)
          const [, location] = /^location: (\S+)/im.exec(answer) ?? []
          if (location) expect(new URL(location).host).toBe(`192.168.77.5:${port}`)
          expect(answer).not.toMatch(/^HTTP\/1\.1 (101|500)/)
        }
    for (const port of ports()) expect(await isAlive(port)).toBe(true)
  })

  it('is never resolved against another host', () => {
    expect(targetOf('//elsewhere/x')).toMatchObject({ host: 'localhost', pathname: '//elsewhere/x' })
    for (const none of [undefined, '', '*', 'http://elsewhere/', '@elsewhere', '/%', '/%C0%'])
      expect(targetOf(none)).toBeNull()
  })
})

describe('a name that is not ours', () => {
  const get = (port: number, host: string, path = '/') =>
    say(port, `GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close')

  it.each([
    'attacker.example',
    'localhost.attacker.example',
    '127.0.0.1.nip.io',
    '203.0.113.9',
    'localhost@elsewhere',
  ])('is told so, and gets nothing: %s', async (host) => {
    for (const path of ['/', '/api/rooms/TEST', '/peerjs/gossamer/id', '/certificate-help']) {
      const answer = await get(plain.port, host, path)
      expect(answer).toMatch(/^HTTP\/1\.1 421/)
      expect(answer).toContain('Content-Security-Policy')
    }
    const query = `id=TEST-d-${'1'.repeat(32)}&token=t&key=gossamer`
    const answer = await say(
      plain.port,
      `GET /peerjs/peerjs?${query} HTTP/1.1`,
      `Host: ${host}`,
      `Origin: http://${host}`,
      ...upgrade,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 403/)
  })

  it.each([
    'localhost',
    'LOCALHOST:1234',
    '127.0.0.1',
    '127.8.8.8:80',
    '[::1]:8080',
    hostname(),
    `${hostname()}.local.`,
  ])('is none of these: %s', async (host) => {
    expect(await get(plain.port, host)).toMatch(/^HTTP\/1\.1 200/)
  })

  it('may be the one that is announced', async () => {
    expect(await get(lan.port, '192.168.77.5', '/certificate-help')).toMatch(/^HTTP\/1\.1 200/)
  })

  it('is read once, in one way', () => {
    expect(hostOf('LapTop.local.:8080')).toBe('laptop.local')
    expect(hostOf('[::1]:80')).toBe('::1')
    for (const none of [undefined, '', 'a b', 'a/b', 'a@b', '[', '[zz]', 'a:b', 'a:80:80', '[::1', '::1'])
      expect(hostOf(none)).toBeNull()
  })
})

describe('somebody who takes forever', () => {
  it('with headers is hung up on, over text and over TLS', async () => {
    for (const port of ports()) {
      const socket = await open(port)
      const end = untilHungUp(socket)
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n')
      const drip = setInterval(() => socket.writable && socket.write('X: y\r\n'), 50)
      await end
      clearInterval(drip)
    }
  })

  it('with the first byte, or in the middle of a TLS handshake, is hung up on', async () => {
    for (const bytes of [[], [0x16], [0x16, 3, 1, 0, 200]]) {
      const socket = await open(lan.port)
      const end = untilHungUp(socket)
      if (bytes.length > 0) socket.write(Buffer.from(bytes))
      await end
    }
  })

  it('with a body is hung up on', async () => {
    const socket = await open(plain.port)
    const end = untilHungUp(socket)
    socket.write('POST /api/address HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n')
    const drip = setInterval(() => socket.writable && socket.write('x'), 50)
    await end
    clearInterval(drip)
  })

  it('after an upgrade to a path of nobody is hung up on', async () => {
    expect(await say(plain.port, 'GET /hmr HTTP/1.1', 'Host: localhost', ...upgrade)).toMatch(
      /^HTTP\/1\.1 404/,
    )
  })

  it('after an upgrade to signalling, without ever speaking, is hung up on, and its seat is free again', async () => {
    const query = `id=SHY-d-${'1'.repeat(32)}&token=t&key=gossamer`
    const answer = await say(
      plain.port,
      `GET /peerjs/peerjs?${query} HTTP/1.1`,
      'Host: localhost',
      'Origin: http://localhost',
      ...upgrade,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 101/)
    const roster = await (await fetch(`http://localhost:${plain.port}/api/rooms/SHY`)).json()
    expect(roster.peers).toEqual([])
  })
})

describe('a message in a thousand pieces', () => {
  it('is hung up on, long before the pieces fill the memory', async () => {
    const socket = await open(plain.port)
    const query = `id=TEST-d-${'6'.repeat(32)}&token=t&key=gossamer`
    const origin = `http://localhost:${plain.port}`
    const head = [
      `GET /peerjs/peerjs?${query} HTTP/1.1`,
      `Host: localhost:${plain.port}`,
      `Origin: ${origin}`,
    ]
    socket.write([...head, ...upgrade, '', ''].join('\r\n'))
    const answer: Buffer[] = []
    socket.on('data', (chunk: Buffer) => answer.push(chunk))
    const pieceOf = (opcode: number) => Buffer.from([opcode, 0x81, 0, 0, 0, 0, 0x61])
    socket.write(Buffer.concat([pieceOf(1), ...Array.from({ length: 1_000 }, () => pieceOf(0))]))
    // A close frame with 1008: nothing but the pieces can be the reason.
    await expect.poll(() => Buffer.concat(answer).toString('hex')).toMatch(/880203f0$/)
    socket.destroy()
  })
})

describe('a query that says a thing twice', () => {
  it('is read in one way: the id that was checked is the id that enters', async () => {
    const [mine, foreign] = [`MY-d-${'1'.repeat(32)}`, `F0RE1GN-d-${'2'.repeat(32)}`]
    const query = `key=gossamer&id=${mine}&id=${foreign}&token=t&token=u`
    const socket = new WebSocket(`ws://localhost:${plain.port}/peerjs/peerjs?${query}`, {
      headers: { origin: `http://localhost:${plain.port}` },
    })
    await new Promise((resolve) => socket.once('message', resolve))
    const roster = async (code: string) =>
      (await (await fetch(`http://localhost:${plain.port}/api/rooms/${code}`)).json()).peers.length
    expect([await roster('MY'), await roster('F0RE1GN')]).toEqual([1, 0])
    socket.terminate()
  })
})

it('an error is reported to whoever runs the server, and nothing was worth one', () => {
  expect(reports).toEqual([])
})
