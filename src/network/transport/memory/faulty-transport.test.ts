import { describe, expect, it } from 'vitest'
import { seedsOfRun } from '../../../../tools/test/seed'
import { random } from '../../../lib/rng'
import { testRoom } from '../../fixtures/test-rooms'
import type { Faults } from './faulty-transport'

const badWifi: Faults = { delayMs: 80, jitter: 0.5, loss: 0.1, bytesPerSecond: 500_000 }
const seeds = seedsOfRun(100)

/** A coordinator and three devices that talk to each other, all over the same bad air. */
async function conversation(seed: number, faults: Faults) {
  const room = testRoom({ seed, faults })
  const coordinator = await room.coordinator()
  const devices = []
  for (let index = 0; index < 3; index++) devices.push(await room.device({ deviceKey: `device ${index}` }))
  // A device has joined when it knows so; the coordinator waits for one more step, which may be lost a few times.
  while (coordinator.network.peers.size < devices.length) await room.clock.advance(1_000)
  return { room, coordinator, devices }
}

describe('over a bad network', () => {
  it.each(seeds)(
    'every message arrives once, complete and in the order of its lane (seed %i)',
    async (seed) => {
      const { room, coordinator, devices } = await conversation(seed, badWifi)
      const dice = random(seed, 'letters')
      const sent: unknown[] = []
      const sending: Promise<void>[] = []
      for (let number = 0; number < 12; number++) {
        const attachment = dice.next() < 0.4 ? new Uint8Array(dice.int(150_000)).fill(number) : undefined
        const { network } = devices[dice.int(devices.length)]
        sent.push([network.self, number, attachment?.length ?? null])
        sending.push(
          network.send(
            coordinator.network.self,
            { type: 'update', number },
            attachment ? { attachment } : {},
          ),
        )
      }
      await room.patiently(Promise.all(sending))
      await room.clock.advance(30_000)
      const received = coordinator.said.message.map(([from, { number }, attachment]) => [
        from,
        number,
        attachment?.length ?? null,
      ])
      expect([...received].sort()).toEqual([...sent].sort())
      for (const { network } of devices)
        for (const hasAttachment of [true, false]) {
          const lane = (letters: unknown[]) =>
            (letters as [string, number, number | null][])
              .filter(([from, , length]) => from === network.self && (length !== null) === hasAttachment)
              .map(([, number]) => number)
          expect(lane(received)).toEqual(lane(sent))
        }
      expect(coordinator.said.leave).toEqual([])
      expect(coordinator.said.problem).toEqual([])
    },
  )

  it('repeats the same faults for the same seed', async () => {
    const times = async (seed: number) => {
      const { room, coordinator, devices } = await conversation(seed, badWifi)
      const arrivals: number[] = []
      coordinator.network.on('message', () => arrivals.push(room.clock.now()))
      for (let number = 0; number < 5; number++)
        await devices[0].network.send(coordinator.network.self, { type: 'update' })
      await room.clock.advance(10_000)
      return arrivals.map((time) => time - arrivals[0])
    }
    const first = await times(3)
    expect(first).toHaveLength(5)
    expect(await times(3)).toEqual(first)
    expect(await times(4)).not.toEqual(first)
  })

  it('takes as long as the bandwidth says', async () => {
    const { room, coordinator, devices } = await conversation(1, {
      delayMs: 0,
      jitter: 0,
      loss: 0,
      bytesPerSecond: 100_000,
    })
    const startedMs = room.clock.now()
    const attachment = new Uint8Array(1_000_000)
    await room.patiently(
      devices[0].network.send(coordinator.network.self, { type: 'update' }, { attachment }),
    )
    expect(room.clock.now() - startedMs).toBeGreaterThan(9_900)
    expect(room.clock.now() - startedMs).toBeLessThan(11_000)
  })
})

describe('a partition', () => {
  it.each(seeds.slice(0, 50))('that heals in time is forgiven (seed %i)', async (seed) => {
    const { room, coordinator, devices } = await conversation(seed, badWifi)
    const [cut] = devices
    for (const { faulty } of [coordinator, cut])
      faulty!.partition((id) => [cut, coordinator].some(({ network }) => network.self === id))
    await room.clock.advance(10_000)
    expect(coordinator.network.peers.get(cut.network.self)?.liveness).toBe('suspect')
    for (const { faulty } of [coordinator, cut]) faulty!.partition(() => false)
    await room.clock.advance(10_000)
    expect(coordinator.network.peers.get(cut.network.self)?.liveness).toBe('live')
    expect(coordinator.said.leave).toEqual([])
  })

  it.each(seeds.slice(0, 50))(
    'that lasts costs the peer its place, and it comes back afterwards (seed %i)',
    async (seed) => {
      const { room, coordinator, devices } = await conversation(seed, badWifi)
      const [cut] = devices
      for (const { faulty } of [coordinator, cut])
        faulty!.partition((id) => [cut, coordinator].some(({ network }) => network.self === id))
      await room.clock.advance(25_000)
      expect(coordinator.network.peers.size).toBe(2)
      // Whoever loses patience first closes the link, so the other one hears of that instead of silence.
      expect(coordinator.said.leave.map(([peer]) => peer.id)).toEqual([cut.network.self])
      expect(['silent', 'disconnected']).toContain(coordinator.said.leave[0][1])
      for (const { faulty } of [coordinator, cut]) faulty!.partition(() => false)
      await room.clock.advance(40_000)
      expect(coordinator.network.peers.size).toBe(3)
      expect(cut.network.peers.size).toBe(1)
    },
  )

  it('makes a send fail after ten seconds without progress, instead of pretending', async () => {
    const { coordinator, devices, room } = await conversation(1, badWifi)
    const [cut] = devices
    cut.faulty!.partition(() => true)
    const sending = cut.network.send(
      coordinator.network.self,
      { type: 'update' },
      { attachment: new Uint8Array(3_000_000) },
    )
    await expect(room.patiently(sending)).rejects.toThrow(/moved|closed/)
  })
})

describe('devices that come, go and crash at random', () => {
  it.each(seeds)('leave the coordinator with exactly those that are there (seed %i)', async (seed) => {
    const room = testRoom({ seed, faults: { ...badWifi, loss: 0.03 } })
    const coordinator = await room.coordinator()
    const dice = random(seed, 'churn')
    const present = new Map<string, Awaited<ReturnType<typeof room.device>>>()
    for (let happening = 0; happening < 10; happening++) {
      const someone = present.size > 0 && dice.next() < 0.5 ? dice.pick([...present.values()]) : null
      if (someone) {
        present.delete(someone.network.self)
        if (dice.next() < 0.5) await someone.network.leave()
        else someone.transport.crash()
      } else {
        const device = await room.device({ deviceKey: `device ${happening}`, waitMs: 60_000 })
        present.set(device.network.self, device)
      }
      await room.clock.advance(dice.int(3_000))
    }
    await room.clock.advance(30_000)
    expect([...coordinator.network.peers.keys()].sort()).toEqual([...present.keys()].sort())
    for (const device of present.values()) expect(device.network.peers.size).toBe(1)
    expect(coordinator.said.join.length - coordinator.said.leave.length).toBe(present.size)
  })
})
