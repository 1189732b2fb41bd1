import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { caller, closed, idIn, offer } from '../fixtures/caller'
import { type Listening, listen } from '../listen'

let server: Listening
let pages: string
let base: string
let connect: ReturnType<typeof caller>
const reports: string[] = []
beforeAll(async () => {
  pages = await mkdtemp(join(tmpdir(), 'gossamer-pages-'))
  server = await listen({ port: 0, pages, lan: null, report: (error) => reports.push(error.message) })
  base = `http://localhost:${server.port}`
  connect = caller(base)
})
afterAll(async () => {
  await server.close()
  await rm(pages, { recursive: true })
})

/** Each test has a room of its own: what the last one left behind takes a moment to be noticed. */
let coordinator: string
let device: string
let roomCount = 0
beforeEach(() => {
  const code = `TEST${++roomCount}`
  coordinator = idIn(code, 'c', '1')
  device = idIn(code, 'd', '2')
})

describe('signalling', () => {
  it('passes offers on within a room, and stamps their sender', async () => {
    const [from, to] = [await connect(device), await connect(coordinator)]
    await Promise.all([from.until('ROSTER'), to.until('ROSTER')])
    from.say({ ...offer(coordinator), src: 'forged' })
    expect(await to.until('OFFER')).toMatchObject({ src: device })
    await Promise.all([from, to].map(closed))
  })

  it.each<[string, (dst: string) => unknown]>([
    ['no JSON, which would end Node', () => 'not json'],
    ['a list', () => []],
    ['a type of the server', (dst) => ({ type: 'LEAVE', dst })],
    [
      'an offer with a serializer that does not exist, which would throw in the page',
      (dst) => offer(dst, { serialization: 'nonsense' }),
    ],
    ['an offer with a serializer that changes numbers', (dst) => offer(dst, { serialization: 'binary' })],
    [
      'a description that is none, which would throw as well',
      (dst) => offer(dst, { sdp: { type: 'nonsense' } }),
    ],
    ['a call', (dst) => offer(dst, { type: 'media' })],
  ])('drops %s', async (_name, message) => {
    const [from, to] = [await connect(device), await connect(coordinator)]
    await Promise.all([from.until('ROSTER'), to.until('ROSTER')])
    from.say(message(coordinator))
    from.say({
      type: 'CANDIDATE',
      dst: coordinator,
      payload: { type: 'data', connectionId: 'dc_1', candidate: { candidate: '' } },
    })
    await to.until('CANDIDATE')
    expect(to.heard.map(({ type }) => type)).not.toContain('OFFER')
    expect(to.heard.map(({ type }) => type)).not.toContain('LEAVE')
    await Promise.all([from, to].map(closed))
  })

  it('passes nothing on to another room', async () => {
    const [from, to] = [await connect(device), await connect(idIn('R2', 'c', '3'))]
    await Promise.all([from.until('ROSTER'), to.until('ROSTER')])
    from.say(offer(idIn('R2', 'c', '3')))
    from.say(offer(coordinator)) // nobody there: answered after five seconds, not now
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(to.heard.map(({ type }) => type)).toEqual(['OPEN', 'ROSTER'])
    await Promise.all([from, to].map(closed))
  })

  it('hangs up on a flood', async () => {
    const client = await connect(device)
    await client.until('ROSTER')
    const hungUp = new Promise<number>((resolve) => client.socket.on('close', resolve))
    for (let count = 0; count < 1_000; count++) client.say({ type: 'HEARTBEAT' })
    expect(await hungUp).toBe(1008)
  })

  it('hangs up on a message that is too long', async () => {
    const client = await connect(device)
    const hungUp = new Promise<number>((resolve) => client.socket.on('close', resolve))
    client.say('x'.repeat(300 * 1024))
    expect(await hungUp).toBe(1009)
  })

  it.each([
    ['of another site', { origin: 'https://example.com' }],
    ['of no site', { origin: '' }],
  ])('refuses sockets %s', async (_name, options) => {
    await expect(connect(device, options)).rejects.toThrow()
  })

  it('refuses ids that are none of ours', async () => {
    await expect(connect('somebody')).rejects.toThrow()
  })

  it('answers upgrades to other paths with a refusal, since nobody else is there', async () => {
    const socket = new WebSocket(`${base.replace('http', 'ws')}/hmr`)
    await expect(new Promise((_resolve, reject) => socket.on('error', reject))).rejects.toThrow('404')
  })
})

it('reports nothing to whoever runs the server: none of it was an error', () => {
  expect(reports).toEqual([])
})
