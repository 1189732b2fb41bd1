/** Tabs that want to be forgotten: what they ask, what the room does about it, and who is given a certificate. */
import { describe, expect, it, vi } from 'vitest'
import { afterRun, finished, withCertificate } from '../fixtures/forgetting'
import { federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'
import { nameInRoom } from '../self'

describe('a tab that wants to be forgotten', () => {
  it('is unlearned, measures that itself, and leaves with a certificate of which its coordinator has the same', async () => {
    const { coordinator, devices } = await afterRun()
    const [, b] = devices
    b.forget('b')
    expect(b.store.getState().forgetting).toBe('everything')
    const [own] = (await withCertificate(b)).certificates
    expect(own).toMatchObject({
      device: b.store.getState().devices.find(({ isSelf }) => isSelf)?.name,
      of: 'everything',
      unlearned: { kind: 'replayed', rounds: 4 },
      versions: { before: 3, after: 8 },
      forgotten: { texts: 40, before: { auc: 0.5 }, after: { auc: 0.5 } },
      kept: { before: expect.any(Number), after: expect.any(Number) },
    })
    const { certificates } = await withCertificate(coordinator)
    expect(certificates).toEqual([own])
    await until(b, ({ phase }) => phase.kind === 'finished' && phase.why.startsWith('This tab has left'))
    await until(coordinator, (state) =>
      state.devices.some(({ key, activity }) => key === 'b' && activity === 'gone'),
    )
  })

  it('gives nothing to those who stay but a new version, in which it is not', async () => {
    const { room, coordinator, devices } = await afterRun()
    devices[1].forget('b')
    await withCertificate(coordinator)
    const [a, , c] = devices
    for (const device of [a, c]) {
      await until(device, ({ version }) => version === 8)
      expect(device.store.getState().certificates).toEqual([])
    }
    expect(new Set([coordinator, a, c].map((node) => node.snapshot().adapterHash)).size).toBe(1)
    // Its target was far beyond the others'.
    const alone = federationInMemory()
    const other = await alone.coordinator('rounds=3&autostart=2&baselines=0')
    await Promise.all([alone.device('a', 2), alone.device('c', 4)])
    await finished(other)
    const bytesOf = (node: GossamerNode) => new Float32Array(node.adapter()!.slice(-16).buffer)
    const [unlearned, retrained] = [bytesOf(coordinator), bytesOf(other)]
    for (const [at, value] of unlearned.entries()) expect(Math.abs(value - retrained[at])).toBeLessThan(0.4)
    expect(room).toBeDefined()
  })

  it('may be taken out by the coordinator’s person, and by no other tab', async () => {
    const { coordinator, devices } = await afterRun()
    expect(() => devices[0].forget('b')).toThrow('Only the coordinator')
    expect(() => coordinator.forget('nobody')).toThrow('No device of this room')
    coordinator.forget('b')
    expect((await withCertificate(coordinator)).certificates[0].unlearned.kind).toBe('replayed')
  })

  it('is told again when its tab was reloaded meanwhile', async () => {
    const { room, coordinator } = await afterRun()
    room.kill('b')
    await until(coordinator, (state) =>
      state.devices.some(({ key, activity }) => key === 'b' && activity === 'gone'),
    )
    coordinator.forget('b')
    await until(coordinator, ({ certificates }) => certificates.length === 1)
    const again = await room.device('b', 30)
    expect((await withCertificate(again)).certificates[0].forgotten?.before).toBeNull()
    await withCertificate(coordinator)
    expect(coordinator.store.getState().certificates).toHaveLength(1)
  })

  it('is heard where its coordinator was away when it asked, and trains no more meanwhile', async () => {
    const { room, devices } = await afterRun()
    room.kill('coordinator')
    devices[1].forget('b')
    const again = await room.reloadCoordinator()
    const { certificates } = await withCertificate(again)
    expect(certificates).toMatchObject([{ of: 'everything', unlearned: { kind: 'replayed', rounds: 4 } }])
    await until(devices[1], ({ forgetting }) => forgetting === null)
    expect(devices[1].store.getState().certificates).toEqual(certificates)
  })

  it('is heard also where it was loaded anew before anybody was there, and shows all the while that it waits', async () => {
    const { room, devices } = await afterRun()
    room.kill('coordinator')
    devices[1].forget('b')
    room.kill('b')
    const again = await room.device('b', 30)
    await until(again, ({ forgetting }) => forgetting === 'everything')
    const coordinator = await room.reloadCoordinator()
    const { certificates } = await withCertificate(coordinator)
    expect(certificates).toMatchObject([{ of: 'everything', forgotten: { texts: 40, before: null } }])
    await until(again, ({ phase }) => phase.kind === 'finished' && phase.why.startsWith('This tab has left'))
    expect([again.store.getState().forgetting, again.store.getState().certificates]).toEqual([
      null,
      certificates,
    ])
    expect(await room.storage.loadWish(nameInRoom('TEST', 'b'))).toBeNull()
  })

  it('is told to leave its tab open where its browser cannot keep the wish, until it is done', async () => {
    const { room, coordinator, devices } = await afterRun()
    room.storage.saveWish = () => Promise.reject(new Error('This disk is full.'))
    const other = await room.device('d', 5)
    await until(coordinator, (state) => state.devices.some(({ key }) => key === 'd'))
    expect(devices).toHaveLength(3)
    other.forget('d')
    await until(other, ({ problems }) => problems.some(({ code }) => code === 'wish-not-kept'))
    await until(other, ({ problems }) => !problems.some(({ code }) => code === 'wish-not-kept'))
  })

  it('is asked for nothing more where no ledger is kept, and its certificate says that the past stays', async () => {
    const { coordinator, devices } = await afterRun('ledger=0')
    devices[1].forget('b')
    const { certificates } = await withCertificate(coordinator)
    expect(certificates[0]).toMatchObject({
      unlearned: { kind: 'not-kept' },
      versions: { before: 3, after: 3 },
    })
  })
})

describe('a tab that was in the last round alone', () => {
  it.each(['flora', 'fedavg', 'flexlora', 'fedadam'])(
    'is taken out exactly: under %s the room holds, bit for bit, what it would have come to without it',
    async (aggregation) => {
      const twoRounds = async () => {
        const room = federationInMemory()
        const query = `ledger=1&rounds=3&baselines=0&corpus=kitchen&aggregation=${aggregation}`
        const coordinator = await room.coordinator(query)
        const devices = [await room.device('a', 2), await room.device('b', 4)]
        await until(coordinator, (state) => state.devices.filter(({ examples }) => examples > 0).length === 2)
        for (const round of [1, 2]) {
          coordinator.stepRound()
          await until(
            coordinator,
            ({ history, phase }) => history.length === round && phase.kind === 'paused',
          )
        }
        return { room, coordinator, devices }
      }
      const never = await twoRounds()
      never.coordinator.resume()
      await finished(never.coordinator)

      const { room, coordinator, devices } = await twoRounds()
      const c = await room.device('c', 30)
      await until(coordinator, (state) => state.devices.filter(({ examples }) => examples > 0).length === 3)
      coordinator.resume()
      const { history } = await finished(coordinator)
      expect(history[2].contributors).toBe(3)
      expect(coordinator.snapshot().adapterHash).not.toBe(never.coordinator.snapshot().adapterHash)
      c.forget('c')
      const { certificates } = await withCertificate(coordinator)
      expect(certificates).toMatchObject([
        { unlearned: { kind: 'subtracted' }, versions: { before: 3, after: 4 } },
      ])
      for (const node of [coordinator, ...devices]) {
        await until(node, ({ version }) => version === 4)
        expect(node.snapshot().adapterHash).toBe(never.coordinator.snapshot().adapterHash)
      }
    },
  )
})

describe('a certificate', () => {
  it('is still there after its coordinator was reloaded', async () => {
    const { room, coordinator, devices } = await afterRun()
    devices[1].forget('b')
    const { certificates } = await withCertificate(coordinator)
    const again = await room.reloadCoordinator()
    expect((await withCertificate(again)).certificates).toEqual(certificates)
  })

  it('is made after its coordinator was reloaded, of what was unlearned before', async () => {
    const { room, coordinator } = await afterRun()
    room.kill('b')
    coordinator.forget('b')
    await until(coordinator, ({ certificates }) => certificates.length === 1)
    const again = await room.reloadCoordinator()
    await room.device('b', 30)
    const { certificates } = await withCertificate(again)
    expect(certificates).toMatchObject([
      {
        unlearned: { kind: 'replayed', rounds: 4 },
        versions: { before: 3, after: 8 },
        forgotten: { texts: 40 },
      },
    ])
  })

  it('says what a reload in the middle of unlearning has cost: nothing but what the model said before', async () => {
    const { room, coordinator, devices } = await afterRun()
    devices[1].forget('b')
    await until(coordinator, ({ version }) => version > 3)
    expect(coordinator.store.getState().certificates).toEqual([])
    const again = await room.reloadCoordinator()
    const { certificates } = await withCertificate(again)
    expect(certificates).toMatchObject([
      { unlearned: { kind: 'replayed', rounds: 4 }, kept: { before: null, after: expect.any(Number) } },
    ])
    expect(certificates[0].forgotten?.before).not.toBeNull()
  })

  it('of somebody else counts for nothing: each certifies what is its own', async () => {
    const { room, coordinator, devices } = await afterRun()
    room.kill('b')
    coordinator.forget('b')
    const { certificates } = await until(coordinator, (state) => state.certificates.length === 1)
    expect(certificates[0].forgotten).toBeNull()
    const villain = await room.villain.member('z')
    await until(coordinator, (state) => state.devices.some(({ key }) => key === 'z'))
    const [peer] = [...villain.peers.keys()]
    const after = { loss: 9, auc: 0.5 }
    const heard: string[] = []
    villain.on('message', (_, { type }) => heard.push(type))
    await villain.send(peer, {
      type: 'certified',
      of: 'everything',
      forgotten: { texts: 1, before: null, after },
    })
    await until(coordinator, ({ problems }) => problems.some(({ code }) => code === 'nobody-asked'))
    expect(coordinator.store.getState().certificates).toEqual(certificates)
    expect(heard, 'nor is anybody told of it').not.toContain('forgotten')
    for (const other of [devices[0], devices[2]]) expect(other.store.getState().certificates).toEqual([])
  })
})

describe('a tab that asks again and again', () => {
  it('is heard five times', async () => {
    const { room, coordinator } = await afterRun('ledger=0')
    const villain = await room.villain.member('z')
    await until(coordinator, (state) => state.devices.some(({ key }) => key === 'z'))
    const heard: string[] = []
    villain.on('message', (_, message) => heard.push(String(message.reason ?? message.type)))
    const [peer] = [...villain.peers.keys()]
    for (let time = 0; time < 6; time++)
      await villain.send(peer, { type: 'forget', of: time % 2 ? 'everything' : 'text', isAgain: false })
    await vi.waitFor(() => expect(heard.join()).toContain('It has asked 5 times'))
    expect(heard.filter((kind) => kind === 'forgotten').length).toBeLessThanOrEqual(5)
  })

  it('says itself that it has left once it is forgotten', async () => {
    const { devices } = await afterRun()
    devices[1].forget('b')
    await withCertificate(devices[1])
    expect(() => devices[1].forget('b')).toThrow('has left its room')
  })
})
