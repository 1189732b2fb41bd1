import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { caller, closed, idIn } from '../fixtures/caller'
import { type Listening, listen } from '../listen'
import { rooms, roomsApi } from './rooms'

let server: Listening
let pages: string
let base: string
let connect: ReturnType<typeof caller>
const reports: string[] = []
/** Each test has a room of its own: what the last one left behind takes a moment to be noticed. */
let code = 'TEST0'
let coordinator: string
let device: string
let roomCount = 0
beforeEach(() => {
  code = `TEST${++roomCount}`
  coordinator = idIn(code, 'c', '1')
  device = idIn(code, 'd', '2')
})

beforeAll(async () => {
  pages = await mkdtemp(join(tmpdir(), 'gossamer-pages-'))
  await mkdir(join(pages, 'assets'))
  await mkdir(join(pages, 'models'))
  await writeFile(join(pages, 'index.html'), '<!doctype html><title>Gossamer</title>')
  await writeFile(join(pages, 'assets', 'main-abc.js'), 'export {}')
  await writeFile(join(pages, 'assets', 'kernels-abc.wasm'), new Uint8Array(8))
  await writeFile(join(pages, 'models', 'model.safetensors'), new Uint8Array(8))
  await writeFile(join(pages, '.hidden'), 'private')
  server = await listen({ port: 0, pages, lan: null, report: (error) => reports.push(error.message) })
  base = `http://localhost:${server.port}`
  connect = caller(base)
})
afterAll(async () => {
  await server.close()
  await rm(pages, { recursive: true })
})

const roster = async (code: string) => (await fetch(`${base}/api/rooms/${code}`)).json()

describe('the page', () => {
  it.each([
    ['/', 'text/html; charset=UTF-8', 'no-cache'],
    ['/?role=device&room=TEST', 'text/html; charset=UTF-8', 'no-cache'],
    ['/assets/main-abc.js', 'application/javascript; charset=UTF-8', 'public, max-age=31536000, immutable'],
    ['/assets/kernels-abc.wasm', 'application/wasm', 'public, max-age=31536000, immutable'],
    ['/models/model.safetensors', 'application/octet-stream', 'no-cache'],
  ])('is served with the right type, isolated: %s', async (path, type, cache) => {
    const { status, headers } = await fetch(base + path)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe(type)
    expect(headers.get('cache-control')).toBe(cache)
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  })

  it('may run and load nothing but its own, and models of the hub', async () => {
    const { headers } = await fetch(base)
    const policy = new Map(
      headers
        .get('content-security-policy')!
        .split('; ')
        .map((line) => [line.split(' ')[0], line.split(' ').slice(1)]),
    )
    for (const name of ['default-src', 'object-src', 'base-uri', 'form-action'])
      expect(policy.get(name)).toEqual(["'none'"])
    expect(policy.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'", 'blob:'])
    const foreign = [...policy.values()].flat().filter((source) => source.includes('.'))
    expect(foreign).toEqual(['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co'])
    expect(policy.get('frame-ancestors')).toEqual(["'self'"])
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-powered-by')).toBeNull()
  })

  it.each(['/nothing', '/device', '/assets/', '/.hidden', '/..%2f..%2fetc%2fpasswd', '/%2e%2e/package.json'])(
    'does not exist elsewhere: %s',
    async (path) => {
      expect((await fetch(base + path)).status).toBe(404)
    },
  )

  it('is not written to', async () => {
    expect((await fetch(`${base}/index.html`, { method: 'PUT', body: 'x' })).status).toBe(404)
  })
})

describe('a room', () => {
  it('lists who is there, with the role each one claims, however the code is typed', async () => {
    const clients = [await connect(coordinator), await connect(device)]
    await Promise.all(clients.map((client) => client.until('ROSTER')))
    expect(await roster(code.toLowerCase().replace('te', 'te-'))).toEqual({
      code,
      peers: [
        { id: coordinator, role: 'coordinator' },
        { id: device, role: 'device' },
      ],
    })
    expect((await roster('OTHER')).peers).toEqual([])
    await Promise.all(clients.map(closed))
  })

  it('tells each member who is there, who comes and who goes, and nobody else', async () => {
    const first = await connect(coordinator)
    expect(await first.until('ROSTER')).toMatchObject({ ids: [coordinator] })
    const elsewhere = await connect(idIn('R2', 'd', '4'))
    const second = await connect(device)
    expect(await second.until('ROSTER')).toMatchObject({ ids: [coordinator, device] })
    expect(await first.until('ARRIVED')).toMatchObject({ id: device })
    second.socket.terminate()
    expect(await first.until('LEFT')).toMatchObject({ id: device })
    expect(elsewhere.heard.map(({ type }) => type)).toEqual(['OPEN', 'ROSTER'])
    await Promise.all([first, elsewhere].map(closed))
  })

  it('can be watched from outside as a stream of events', async () => {
    const stop = new AbortController()
    const response = await fetch(`${base}/api/presence/${code}`, { signal: stop.signal })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const until = async (part: string) => {
      while (!text.includes(part)) text += (await reader.read()).value ?? ''
    }
    await until('event: roster\ndata: []')
    const client = await connect(device)
    await until(`event: arrived\ndata: "${device}"`)
    await closed(client)
    await until(`event: left\ndata: "${device}"`)
    stop.abort()
  })

  it('ends a stream that nobody reads before it fills the memory', async () => {
    const registry = rooms()
    const http = createServer(
      express().use(
        '/api',
        roomsApi(registry, () => null),
      ),
    )
    await new Promise<void>((resolve) => http.listen(0, resolve))
    const { port } = http.address() as AddressInfo
    const reader = connectTcp(port, '127.0.0.1').pause()
    reader.on('error', () => {})
    reader.write(`GET /api/presence/${code} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    const [connection] = (await once(http, 'connection')) as [Socket]
    await expect.poll(() => connection.bytesWritten).toBeGreaterThan(0)
    for (let at = 0; at < 20_000; at++) at % 2 ? registry.left(device) : registry.arrived(device)
    expect(connection.writableLength).toBeLessThan(100_000)
    await expect.poll(() => connection.destroyed).toBe(true)
    reader.destroy()
    http.close()
  })

  it('says OPEN again to a laptop that woke up on a second socket', async () => {
    const before = await connect(device)
    await before.until('ROSTER')
    const after = await connect(device)
    await after.until('OPEN')
    await closed(before)
    expect((await roster(code)).peers).toHaveLength(1)
    await closed(after)
  })

  it('gives an id to one token at a time', async () => {
    const owner = await connect(device)
    await owner.until('ROSTER')
    const thief = await connect(device, { token: 'other' })
    await thief.until('ID-TAKEN')
    await Promise.all([owner, thief].map(closed))
  })
})
