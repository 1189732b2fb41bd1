import { describe, expect, it, vi } from 'vitest'
import { joinOptions, testRoom, understood } from './fixtures/test-rooms'
import type { SigningKey } from './identity/identity'
import { joinRoom } from './join'
import type { RoomKeys } from './network'
import { NetworkError } from './problems'
import { openRoom } from './room'
import type { Link, Transport } from './transport/transport'

const bytes = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 31) & 255)
const failure = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  return error instanceof NetworkError ? error.problem : error
}

describe('a room', () => {
  it('introduces a device and its coordinator to each other', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const device = await room.device({ name: 'Ada', deviceKey: 'ada' })
    await room.clock.advance(0)
    expect([...coordinator.network.peers.values()]).toMatchObject([
      { id: device.network.self, role: 'device', name: 'Ada', deviceKey: 'ada', liveness: 'live' },
    ])
    expect([...device.network.peers.values()]).toMatchObject([
      { id: coordinator.network.self, role: 'coordinator', name: 'Coordinator', transport: 'memory' },
    ])
    expect(coordinator.said.join.map(([peer]) => peer.name)).toEqual(['Ada'])
  })

  it('has no use for a link that carries next to nothing, whatever the other end announces', async () => {
    const room = testRoom()
    const narrow = (self: string): Transport => {
      const inner = room.hub.transport(self)
      const narrowed = (link: Link) =>
        new Proxy(link, { get: (of, name) => (name === 'maxMessageBytes' ? 16 : Reflect.get(of, name)) })
      const on: Transport['on'] = (name, listener) =>
        name === 'link'
          ? inner.on('link', (link) => (listener as (link: Link) => void)(narrowed(link)))
          : inner.on(name, listener)
      return new Proxy<Transport>(inner, { get: (of, name) => (name === 'on' ? on : Reflect.get(of, name)) })
    }
    const keys = await room.makeKeys()
    const opening = openRoom(keys, {
      name: 'C',
      understood,
      clock: room.clock,
      identity: room.identities('narrow'),
      transport: narrow,
    })
    const coordinator = await room.patiently(opening)
    const device = room.device({ waitMs: 5_000 })
    expect(await failure(device)).toMatchObject({ code: 'room-not-found' })
    expect(coordinator.peers.size).toBe(0)
  })

  it('carries messages and attachments both ways, complete or not at all', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const device = await room.device()
    const adapter = bytes(70_000)
    await coordinator.network.send(device.network.self, { type: 'order', round: 3 }, { attachment: adapter })
    await device.network.send(coordinator.network.self, { type: 'loaded', version: 1 })
    await room.clock.advance(0)
    expect(device.said.message).toEqual([[coordinator.network.self, { type: 'order', round: 3 }, adapter]])
    expect(coordinator.said.message).toEqual([[device.network.self, { type: 'loaded', version: 1 }, null]])
  })

  it('shows the progress of an attachment on both sides, and counts its bytes by kind', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const device = await room.device()
    await coordinator.network.send(device.network.self, { type: 'order' }, { attachment: bytes(1_000_000) })
    await room.clock.advance(0)
    for (const [node, direction] of [
      [coordinator, 'out'],
      [device, 'in'],
    ] as const) {
      const progress = node.said.transfer.map(([transfer]) => transfer)
      expect(progress.length).toBeGreaterThan(3)
      expect(progress.at(-1)).toMatchObject({
        direction,
        kind: 'order',
        doneBytes: 1_000_000,
        totalBytes: 1_000_000,
      })
      expect(progress.map(({ doneBytes }) => doneBytes)).toEqual(
        progress.map(({ doneBytes }) => doneBytes).sort((a, b) => a - b),
      )
    }
    expect(device.network.bytes.byKind.order).toBe(coordinator.network.bytes.byKind.order)
    expect(device.network.bytes.received).toBeGreaterThan(1_000_000)
  })

  it('counts what goes over the link of each peer, to the byte, and begins anew with a new link', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const [one, other] = [await room.device({ deviceKey: 'one' }), await room.device({ deviceKey: 'other' })]
    await coordinator.network.send(one.network.self, { type: 'order' }, { attachment: bytes(100_000) })
    await other.network.send(coordinator.network.self, { type: 'update' }, { attachment: bytes(300_000) })
    await room.clock.advance(10_000)
    const links = [...coordinator.network.peers.values()]
    const trafficOf = (key: string) => links.find(({ deviceKey }) => deviceKey === key)!.traffic
    expect(trafficOf('one').sent).toBeGreaterThan(100_000)
    expect(trafficOf('one').received).toBeLessThan(10_000)
    expect(trafficOf('other').received).toBeGreaterThan(300_000)
    const sum = (direction: 'sent' | 'received') =>
      links.reduce((total, { traffic }) => total + traffic[direction], 0)
    const { sent, received } = coordinator.network.bytes
    expect({ sent: sum('sent'), received: sum('received') }).toEqual({ sent, received })
    const [{ traffic }] = one.network.peers.values()
    expect(traffic).toMatchObject({ sent: trafficOf('one').received, received: trafficOf('one').sent })
  })

  it('sends nothing more of a letter that was given up, and delivers the next one', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const device = await room.device()
    const giveUp = new AbortController()
    const sending = coordinator.network.send(
      device.network.self,
      { type: 'order' },
      { attachment: bytes(2_000_000), signal: giveUp.signal },
    )
    coordinator.network.on('transfer', () => giveUp.abort())
    await room.clock.advance(0)
    await expect(sending).rejects.toThrow('aborted')
    await coordinator.network.send(device.network.self, { type: 'next' }, { attachment: bytes(10) })
    await room.clock.advance(0)
    expect(device.said.message.map(([, message]) => message.type)).toEqual(['next'])
    expect(device.said.problem).toEqual([])
  })

  it('waits for a coordinator that comes late', async () => {
    const room = testRoom()
    const joining = room.device({ waitMs: 60_000 })
    await room.clock.advance(20_000)
    await room.coordinator()
    expect((await joining).network.peers.size).toBe(1)
  })

  it('is not found when no coordinator comes', async () => {
    const room = testRoom()
    expect(await failure(room.device({ waitMs: 5_000 }))).toMatchObject({
      code: 'room-not-found',
      fatal: true,
    })
  })

  it('without a coordinator is no room for somebody who has only its code, who learns at once what to do', async () => {
    const room = testRoom()
    await room.equal('a')
    const told: string[] = []
    const knocking = room.device({ secret: null, waitMs: 60_000, onHindered: ({ code }) => told.push(code) })
    knocking.catch(() => {})
    await room.clock.advance(2_000)
    expect(told).toEqual(['room-of-equals'])
    await expect(knocking).rejects.toMatchObject({
      problem: { code: 'room-of-equals', fatal: true, message: expect.stringMatching(/invitation link.*QR/) },
    })
  })

  it('with a coordinator is entered, also where somebody claims that nobody coordinates it', async () => {
    const room = testRoom()
    await room.equal('stranger', 'another secret')
    await room.coordinator()
    const device = await room.device()
    await room.clock.advance(5_000)
    expect([...device.network.peers.values()].map(({ role }) => role)).toEqual(['coordinator'])
  })

  it('is taken while another tab holds it with the same key, and free again afterwards', async () => {
    const room = testRoom()
    const first = await room.coordinator()
    expect(await failure(room.coordinator(first.keys))).toMatchObject({ code: 'room-taken', fatal: true })
    await first.network.leave()
    await room.coordinator(first.keys)
  })

  it('of the same code and another key keeps nobody from opening or entering; both are told of the other', async () => {
    const room = testRoom()
    const [first, second] = [await room.coordinator(), await room.coordinator(await room.makeKeys())]
    for (const { network, keys } of [first, second]) {
      const device = await room.device({ publicKeyHash: keys.publicKeyHash })
      await room.clock.advance(2_000)
      expect([...device.network.peers.keys()]).toEqual([network.self])
      expect(device.said.problem).toEqual([])
    }
    for (const { said } of [first, second])
      expect(said.problem.map(([{ code }]) => code)).toEqual(['same-code'])
    await second.network.leave()
    await room.clock.advance(1_000)
    expect(first.said.cleared).toEqual([['same-code']])
  })

  it('is found again by its devices when the coordinator reloads', async () => {
    const room = testRoom()
    const before = await room.coordinator()
    const device = await room.device({ publicKeyHash: before.keys.publicKeyHash })
    before.transport.crash()
    await room.clock.advance(1_000)
    const after = await room.coordinator(before.keys)
    await room.clock.advance(5_000)
    expect([...device.network.peers.keys()]).toEqual([after.network.self])
    expect(device.said.leave.map(([, why]) => why)).toEqual(['disconnected'])
    expect(after.said.join).toHaveLength(1)
  })

  it('whose key a link does not name is, for as long as the tab lives, the one that it has found first', async () => {
    const room = testRoom()
    const before = await room.coordinator()
    const [invited, told] = [
      await room.device({ publicKeyHash: before.keys.publicKeyHash }),
      await room.device({ publicKeyHash: null }),
    ]
    await before.network.leave()
    const after = await room.coordinator(await room.makeKeys())
    await room.clock.advance(10_000)
    expect([...after.network.peers.keys()]).toEqual([])
    for (const { said } of [told, invited]) expect(said.problem).toEqual([])
    const later = await room.device({ publicKeyHash: null })
    expect([...later.network.peers.keys()]).toEqual([after.network.self])
  })

  it('needs a secure page', async () => {
    vi.stubGlobal('crypto', {})
    const attempts = [
      openRoom({} as RoomKeys, { name: 'Coordinator', understood }),
      joinRoom({ ...joinOptions, signingKey: {} as SigningKey }),
    ]
    for (const attempt of attempts) expect(await failure(attempt)).toMatchObject({ code: 'insecure-context' })
    vi.unstubAllGlobals()
  })

  it('sees a reloaded device leave and come back with the same key', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const before = await room.device({ deviceKey: 'same' })
    await before.network.leave()
    await room.device({ deviceKey: 'same' })
    await room.clock.advance(1_000)
    expect(coordinator.said.leave.map(([peer, why]) => [peer.deviceKey, why])).toEqual([['same', 'goodbye']])
    expect(coordinator.said.join.map(([peer]) => peer.deviceKey)).toEqual(['same', 'same'])
    expect(coordinator.network.peers.size).toBe(1)
  })

  it('rejects what is sent to somebody who is not there', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    await expect(coordinator.network.send('TEST-d-0', { type: 'order' })).rejects.toThrow('no connection')
  })

  it('knows codes however they are typed', async () => {
    const room = testRoom()
    await room.coordinator(await room.makeKeys('4F7-K2Q'))
    const device = await room.device({ code: '4f7k2q' })
    expect(device.network.peers.size).toBe(1)
  })
})
