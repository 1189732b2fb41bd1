/** Who comes in no more: a locked room, and somebody who was shut out, towards the coordinator and towards the others. */
import { describe, expect, it } from 'vitest'
import { testRoom } from './fixtures/test-rooms'

describe('a locked room', () => {
  it('lets back in whom it knows, and nobody new, who is told why; not even with the secret', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator(undefined, {
      whyNot: (key) => (key === 'ada' ? null : 'locked'),
    })
    await room.device({ deviceKey: 'ada' })
    for (const secret of ['secret', null])
      await expect(
        room.device({ deviceKey: 'eve', secret, publicKeyHash: coordinator.keys.publicKeyHash }),
      ).rejects.toMatchObject({ problem: { code: 'locked', fatal: true } })
    expect([...coordinator.network.peers.values()].map(({ deviceKey }) => deviceKey)).toEqual(['ada'])
    expect(coordinator.said.knock).toEqual([])
  })

  it('is locked towards other devices too: without the coordinator’s pass nobody links to them', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator(undefined, {
      whyNot: (key) => (key === 'eve' ? 'locked' : null),
    })
    const ada = await room.device({ deviceKey: 'ada' })
    const eve = room.device({ deviceKey: 'eve', publicKeyHash: coordinator.keys.publicKeyHash })
    eve.catch(() => {})
    await room.clock.advance(500)
    const strangers = [...ada.network.sighted].filter((id) => id !== coordinator.network.self)
    ada.network.reach('anything', strangers)
    await room.clock.advance(10_000)
    expect([...ada.network.peers.keys()]).toEqual([coordinator.network.self])
  })
})

describe('somebody who was shut out', () => {
  it('leaves, is told so, and does not come back under her key, from a new tab either', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const eve = await room.device({ deviceKey: 'eve' })
    await room.device({ deviceKey: 'ada' })
    await room.clock.advance(1_000)
    coordinator.network.bar(['eve'])
    await room.clock.advance(1_000)
    expect(eve.said.problem.map(([{ code }]) => code)).toEqual(['shut-out'])
    const again = await room.device({ deviceKey: 'eve' })
    await room.clock.advance(120_000)
    expect(again.said.problem.map(([{ code }]) => code)).toContain('shut-out')
    const inside = () => [...coordinator.network.peers.values()].map(({ deviceKey }) => deviceKey)
    expect(inside()).toEqual(['ada'])
    coordinator.network.bar([])
    await room.device({ deviceKey: 'eve' })
    await room.clock.advance(1_000)
    expect(inside()).toContain('eve')
  })

  it('keeps no link to others who were told', async () => {
    const room = testRoom()
    await room.coordinator()
    const [ada, eve] = [await room.device({ deviceKey: 'ada' }), await room.device({ deviceKey: 'eve' })]
    ada.network.reach('anything', [eve.network.self])
    await room.clock.advance(2_000)
    expect(ada.network.peers.has(eve.network.self)).toBe(true)
    ada.network.bar(['eve'])
    await room.clock.advance(1_000)
    expect(ada.network.peers.has(eve.network.self)).toBe(false)
    eve.network.reach('anything', [ada.network.self])
    await room.clock.advance(200_000)
    expect(eve.network.peers.has(ada.network.self)).toBe(false)
    expect(eve.said.problem, 'only the coordinator decides who is in').toEqual([])
  })
})
