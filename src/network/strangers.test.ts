import { describe, expect, it } from 'vitest'
import { testRoom } from './fixtures/test-rooms'
import { frameHeaderBytes, frameType, singlePiece } from './letters/frames'
import { NetworkError } from './problems'
import type { Link } from './transport/transport'

const failure = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  return error instanceof NetworkError ? error.problem : error
}

describe('a stranger', () => {
  it('is turned away with a wrong secret, and learns why', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    expect(await failure(room.device({ secret: 'guess' }))).toMatchObject({ code: 'wrong-secret' })
    expect(coordinator.said.join).toEqual([])
  })

  it('turns away from a coordinator that does not hold the key of its link', async () => {
    const room = testRoom()
    await room.coordinator()
    const other = await room.makeKeys()
    expect(await failure(room.device({ publicKeyHash: other.publicKeyHash }))).toMatchObject({
      code: 'wrong-secret',
    })
  })

  it('knocks with the bare code, is let in by hand, and gets in alone the next time', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const heard: string[] = []
    const joining = room.device({
      secret: null,
      name: 'Grace',
      onKnocking: () => heard.push('knocking'),
      onCredentials: ({ secret, publicKeyHash }) => heard.push(secret, publicKeyHash),
    })
    await room.clock.advance(60_000)
    expect(coordinator.said.knock.map(([knock]) => knock.name)).toEqual(['Grace'])
    expect(coordinator.said.join).toEqual([])
    coordinator.said.knock[0][0].admit()
    const device = await joining
    expect(heard).toEqual(['knocking', 'secret', coordinator.keys.publicKeyHash])
    expect(coordinator.said.knockOver).toEqual([[device.network.self]])
  })

  it('is told when nobody wants to let it in', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    coordinator.network.on('knock', (knock) => knock.refuse())
    expect(await failure(room.device({ secret: null }))).toMatchObject({ code: 'knock-refused' })
  })

  it('leaves the door when it goes away', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const stranger = room.device({ secret: null, onKnocking: () => {} })
    stranger.catch(() => {})
    await room.clock.advance(1_000)
    const [[{ id }]] = coordinator.said.knock
    await room.clock.advance(11 * 60_000)
    expect(coordinator.said.knockOver).toContainEqual([id])
  })

  it('is not shown by more than a class at once; the next is shown when one has gone', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const strangers = Array.from({ length: 65 }, () =>
      room.device({ secret: null, waitMs: 600_000, onKnocking: () => {} }).catch(() => {}),
    )
    await room.clock.advance(2_000)
    expect(strangers).toHaveLength(65)
    expect(coordinator.said.knock).toHaveLength(64)
    coordinator.said.knock[0][0].refuse()
    await room.clock.advance(10_000)
    expect(coordinator.said.knock).toHaveLength(65)
  })

  it('stops waiting at the door of a room that is gone', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const knocking = room.device({ secret: null, waitMs: 10_000 })
    await room.clock.advance(1_000)
    await coordinator.network.leave()
    expect(await failure(knocking)).toMatchObject({ code: 'room-not-found' })
  })
})

describe('two versions of this page', () => {
  const asOld = (link: Link): void => {
    const send = link.send.bind(link)
    const old = new TextEncoder()
    link.send = (lane, bytes) => {
      const text = new TextDecoder('latin1').decode(bytes)
      const isStep = bytes[0] === frameType.handshake
      const said = isStep ? text.slice(frameHeaderBytes).replace(/,"speaks":\d+/, '') : null
      return said === null
        ? send(lane, bytes)
        : send(lane, singlePiece(frameType.handshake, old.encode(said)))
    }
  }

  it('do not let each other in, and both are told to reload', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const device = await room.device({ name: 'Old' }, asOld)
    await room.clock.advance(2_000)
    expect(coordinator.network.peers.size).toBe(0)
    expect(coordinator.said.problem.map(([{ code }]) => code)).toEqual(['other-version'])
    expect(coordinator.said.problem[0][0].message).toContain('Reload both')
    expect(device.said.problem.map(([{ code }]) => code)).toEqual(['unreadable'])
    await room.clock.advance(30_000)
    expect(coordinator.said.join).toEqual([])
  })
})
