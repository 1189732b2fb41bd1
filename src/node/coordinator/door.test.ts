import { describe, expect, it } from 'vitest'
import { federationInMemory } from '../fixtures/room'
import { ready, settle } from '../fixtures/villain'
import { until } from '../fixtures/world'

describe('a coordinator’s door', () => {
  it('shuts a device out for good, and everybody else is told so', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=2')
    const [a, b] = [await room.device('a', 1), await room.device('b', 3)]
    await ready(coordinator, 2)
    coordinator.shutOut('b')
    await until(b, ({ phase }) => phase.kind === 'failed')
    expect(b.store.getState().problems.map(({ code }) => code)).toContain('shut-out')
    await settle()
    const { door, devices } = coordinator.store.getState()
    expect(door).toEqual({ isLocked: false, shutOut: ['b'] })
    expect(devices.find(({ key }) => key === 'b')?.activity).toBe('gone')
    expect((await room.storedRoom()).value?.room.door.shutOut).toEqual(['b'])
    expect(() => coordinator.shutOut('coordinator')).toThrow('cannot shut itself out')
    expect(() => a.shutOut('b')).toThrow('Only the coordinator')
  })

  it('stays locked over a reload, knows who was in, and forgets whom it had shut out when it is unlocked', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=2')
    await room.device('a', 1)
    await ready(coordinator, 1)
    coordinator.setLocked(true)
    coordinator.shutOut('b')
    await settle()
    const kept = (await room.storedRoom()).value!.room.door
    expect(kept).toMatchObject({ isLocked: true, shutOut: ['b'] })
    expect(kept.known).toContain('a')
    const after = await room.reloadCoordinator()
    await until(after, ({ phase }) => phase.kind === 'lobby')
    await settle()
    expect(after.store.getState().door).toEqual({ isLocked: true, shutOut: ['b'] })
    after.setLocked(false)
    await settle()
    expect((await room.storedRoom()).value?.room.door).toEqual({ isLocked: false, known: [], shutOut: [] })
  })
})
