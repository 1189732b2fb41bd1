/** Two links that claim to be the same device: a tab that crashed and is open again, or somebody who would be another. */
import { describe, expect, it } from 'vitest'
import { testRoom } from '../fixtures/test-rooms'
import { usualPace } from './presence'

describe('a device that is open twice', () => {
  it('after a crash is believed as soon as its former life answers no more, and leaves no trace later', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const before = await room.device({ name: 'Otter', deviceKey: 'otter' })
    before.transport.crash()
    const after = await room.device({ name: 'Otter', deviceKey: 'otter' })
    await room.clock.advance(usualPace.challengeMs + 200)
    expect(coordinator.said.leave.map(([{ id }, why]) => [id, why])).toEqual([
      [before.network.self, 'disconnected'],
    ])
    expect([...coordinator.network.peers.keys()]).toEqual([after.network.self])
    await room.clock.advance(30_000)
    expect(coordinator.said.leave).toHaveLength(1)
    expect([...after.network.peers.keys()]).toEqual([coordinator.network.self])
  })

  it('while its other life is there is turned away and told why: nobody takes over a living device', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const victim = await room.device({ name: 'Otter', deviceKey: 'otter' })
    const thief = await room.device({ name: 'Thief', deviceKey: 'otter' })
    await room.clock.advance(5_000)
    expect([...coordinator.network.peers.keys()]).toEqual([victim.network.self])
    expect(coordinator.said.leave).toEqual([])
    expect(coordinator.said.message).toEqual([])
    expect(thief.said.problem.map(([{ code }]) => code)).toEqual(['key-taken'])
    expect(thief.network.peers.size).toBe(0)
    await room.clock.advance(20_000)
    expect([...victim.network.peers.keys()]).toEqual([coordinator.network.self])
  })

  it('says nothing while it is not believed', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    await room.device({ deviceKey: 'otter' })
    const thief = await room.device({ deviceKey: 'otter' })
    await thief.network.send(coordinator.network.self, { type: 'status' }).catch(() => {})
    await room.clock.advance(5_000)
    expect(coordinator.said.message).toEqual([])
  })
})
