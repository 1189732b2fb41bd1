/** How many tabs one client may have, so that nobody takes a room's seats alone. The servers are as patient as real ones: a busy test answers pings late. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { clientOf } from '../addresses'
import { makeCertificate } from '../certificate/certificate'
import { type Listening, listen } from '../listen'
import { tabLimits } from './signalling'

describe('one client with many sockets', () => {
  let pages: string
  let plain: Listening
  let lan: Listening
  beforeAll(async () => {
    pages = await mkdtemp(join(tmpdir(), 'gossamer-crowds-'))
    const surroundings = { certificate: await makeCertificate([]), address: () => '192.168.77.5' }
    const common = { port: 0, pages, report: console.error }
    plain = await listen({ ...common, lan: null })
    lan = await listen({ ...common, lan: surroundings })
  })
  afterAll(async () => {
    await Promise.all([plain.close(), lan.close()])
    await rm(pages, { recursive: true })
  })

  const enter = (room: string, number: number, from: string, isSecure = false): Promise<WebSocket | null> =>
    new Promise((resolve) => {
      const id = `${room}-d-${number.toString(16).padStart(32, '0')}`
      const host = `127.0.0.1:${(isSecure ? lan : plain).port}`
      const query = `key=gossamer&id=${id}&token=t`
      const socket = new WebSocket(`${isSecure ? 'wss' : 'ws'}://${host}/peerjs/peerjs?${query}`, {
        headers: { origin: `${isSecure ? 'https' : 'http'}://${host}` },
        localAddress: from,
        rejectUnauthorized: false,
      })
      socket.on('open', () => resolve(socket))
      socket.on('error', () => resolve(null))
    })
  const gone = (sockets: readonly (WebSocket | null)[]) =>
    Promise.all(
      sockets.map((socket) => socket && new Promise((resolve) => socket.on('close', resolve).terminate())),
    )

  it.each([false, true])('excludes neither another room nor its own (over TLS: %s)', async (isSecure) => {
    const room = isSecure ? 'CR0WDS' : 'CR0WD'
    const taken = await Promise.all(
      Array.from({ length: tabLimits.perClient + 10 }, (_, number) =>
        enter(room, number, '127.0.0.2', isSecure),
      ),
    )
    expect(taken.filter((socket) => socket !== null)).toHaveLength(tabLimits.perClient)
    const others = [
      await enter('E1SE', 1, '127.0.0.3', isSecure),
      await enter(room, 1000, '127.0.0.3', isSecure),
    ]
    expect(others.every((socket) => socket !== null)).toBe(true)
    await gone([...taken, ...others])
    const again = await enter(room, 1, '127.0.0.2', isSecure)
    expect(again).not.toBeNull()
    await gone([again])
  })

  it('is one client with all addresses of its IPv6 network, and with its IPv4 address in either form', () => {
    expect(clientOf('2001:db8:1:2:3:4:5:6')).toBe(clientOf('2001:db8:1:2::9'))
    expect(clientOf('2001:db8:1:2::9')).not.toBe(clientOf('2001:db8:1:3::9'))
    expect(clientOf('fe80::1%eth0')).toBe(clientOf('fe80::2'))
    expect(clientOf('::ffff:10.0.0.1')).toBe(clientOf('10.0.0.1'))
  })
})
