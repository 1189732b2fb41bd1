/** Tabs that reload, and parts of a room that lose sight of each other: all come back to where they were. */
import { describe, expect, it } from 'vitest'
import { finished, heldOut, indexOf, inVirtualTime, knows, ring, slowly, spread } from '../fixtures/gossiping'
import { federationInMemory, type Training } from '../fixtures/room'
import { until } from '../fixtures/world'
import { readPeer } from '../stored/records'

inVirtualTime()

/** All weight of push-sum, as these tabs have stored it: what is on its way counts once, where it was taken or here. */
async function storedWeight(room: ReturnType<typeof federationInMemory>, keys: readonly string[]) {
  const stored = await Promise.all(keys.map(async (key) => ({ key, ...(await room.stored(key))! })))
  const progress = new Map(stored.map(({ key, state }) => [key, state.progress]))
  let weight = 0
  for (const [key, { weight: own, given }] of progress) {
    weight += own
    for (const { device, version, share } of given)
      if (version > (progress.get(device)!.taken[key] ?? 0)) weight += share
  }
  return weight
}

describe('gossiping tabs', () => {
  it('come back after a reload with their adapter, rounds and place', async () => {
    const room = federationInMemory()
    const open = (key: string) => room.peer(key, 1, `${ring}&rounds=6`)
    const tabs = [await open('a'), await open('b')]
    await Promise.all(tabs.map((tab) => knows(tab, 2)))
    tabs[1].stepRound()
    await Promise.all(
      tabs.map((tab) => until(tab, ({ history, phase }) => history.length === 1 && phase.kind === 'paused')),
    )
    const before = tabs[1].snapshot()
    const place = indexOf(tabs[1])
    // Older pages kept what tabs had agreed on under another name.
    const { agreement, ...stored } = (await room.stored('b'))!
    expect(readPeer({ ...stored, charter: agreement }).value).toEqual({ ...stored, agreement })
    room.kill('b')
    await until(tabs[0], ({ devices }) => devices.some(({ activity }) => activity === 'gone'))
    const again = await open('b')
    await Promise.all([tabs[0], again].map((tab) => knows(tab, 2)))
    expect(again.snapshot()).toMatchObject({
      round: 1,
      adapterHash: before.adapterHash,
      version: before.version,
    })
    expect(indexOf(again)).toBe(place)
    again.resume()
    await Promise.all([tabs[0], again].map(finished))
  })

  it('tell nobody of a version that is not stored yet: a tab that dies has told of nothing that it forgets', async () => {
    const room = federationInMemory()
    const { savePeer } = room.storage
    const writes: (() => void)[] = []
    room.storage.savePeer = (...peer) =>
      new Promise((resolve) => writes.push(() => resolve(savePeer(...peer))))
    const tabs = [room.peer('a', 0, `${ring}&rounds=2`), room.peer('b', 1, `${ring}&rounds=2`)]
    const [a, b] = await Promise.all(tabs)
    await Promise.all([a, b].map((tab) => knows(tab, 2)))
    a.start()
    await until(a, ({ version }) => version > 0)
    await new Promise((resolve) => setTimeout(resolve, 10_000))
    expect(
      [a, b].map((tab) => tab.snapshot().round),
      'both wait for a disk that does not answer',
    ).toEqual([0, 0])
    room.storage.savePeer = savePeer
    for (const write of writes) write()
    await Promise.all([a, b].map(finished))
    expect(a.snapshot().errors).toEqual([])
  })

  it('have as much weight of push-sum after reloads as before, whenever they reload', async () => {
    const room = federationInMemory()
    const query = 'aggregation=fedavg&topology=full&mixing=push-sum&rounds=20&autostart=3&baselines=0'
    const pace = { a: 60, b: 70, c: 90 }
    const keys = ['a', 'b', 'c'] as const
    const open = (key: (typeof keys)[number]) => room.peer(key, slowly(1, pace[key]), query)
    const tabs = { a: await open('a'), b: await open('b'), c: await open('c') }
    await until(tabs.a, ({ history }) => history.length >= 2)
    for (const [key, afterMs] of [
      ['b', 10],
      ['b', 65],
      ['c', 40],
      ['a', 85],
    ] as const) {
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      room.kill(key)
      tabs[key] = await open(key)
      const before = (await room.stored(key))!.state.completedRounds
      await until(tabs[key], ({ history }) => (history.at(-1)?.round ?? 0) > before)
    }
    await Promise.all(Object.values(tabs).map(finished))
    expect(await storedWeight(room, keys)).toBeCloseTo(3, 9)
    for (const tab of Object.values(tabs)) expect(tab.snapshot().errors).toEqual([])
  })

  it('go on while the tab that opened the room reloads; its invitation still lets people in', async () => {
    const room = federationInMemory()
    const founder = await room.founder(slowly(1, 100), `${ring}&rounds=40&autostart=2#s=s`)
    const { invite } = await until(founder, (state) => state.invite !== null)
    const guest = await room.guest('guest', 1, invite!)
    await until(founder, ({ history }) => history.length >= 2)
    const place = indexOf(founder)
    room.kill('founder')
    const before = guest.snapshot().round
    await until(guest, ({ history }) => history.length >= before + 2)
    const again = await room.founder(slowly(1, 100), `${ring}&rounds=40&autostart=2#s=s`)
    await until(again, (state) => state.phase.kind === 'running' && state.invite === invite)
    const second = await room.guest('second', 1, invite!)
    await until(second, ({ history }) => history.length >= 2)
    expect(
      again.store
        .getState()
        .devices.map(({ key }) => key)
        .sort(),
    ).toEqual(['founder', 'guest', 'second'])
    expect(indexOf(again)).toBe(place)
    expect([again, guest, second].flatMap((tab) => tab.snapshot().errors)).toEqual([])
  })
})

describe('a room that falls apart', () => {
  /** As far as everybody has learned after so many trainings; then adapters only mix. */
  const learns = (target: number, trainings: number): Training => {
    let count = 0
    return (request, start) =>
      count++ < trainings
        ? slowly(target, 100)(request, start)
        : slowly(0, 100)(
            request,
            start.map((value) => value / 0.9),
          )
  }

  it.each(['metropolis', 'push-sum'])(
    'goes on in both parts, and agrees once they see each other again (%s)',
    async (mixing) => {
      const room = federationInMemory()
      const query = `${ring}&mixing=${mixing}&rounds=40&autostart=4`
      const tabs = await Promise.all(
        ['a', 'b', 'c', 'd'].map((key, target) => room.peer(key, learns(target, 5), query)),
      )
      await until(tabs[0], ({ history }) => history.length >= 3)
      room.partition(['a', 'b'])
      const parts = await Promise.all(
        tabs.map((tab) => {
          const { length } = tab.store.getState().history
          return until(tab, ({ history }) => history.length >= length + 5)
        }),
      )
      for (const { devices } of parts)
        expect(devices.filter(({ activity }) => activity === 'gone')).toHaveLength(2)
      expect(spread(tabs.map(heldOut)), 'each part has its own opinion').toBeGreaterThan(0.1)
      room.partition([])
      await Promise.all(tabs.map(finished))
      expect(spread(tabs.map(heldOut))).toBeLessThan(0.01)
      for (const tab of tabs) {
        expect(tab.snapshot().errors).toEqual([])
        expect(tab.store.getState().web!.edges).toHaveLength(4)
      }
      if (mixing === 'push-sum') expect(await storedWeight(room, ['a', 'b', 'c', 'd'])).toBeCloseTo(4, 9)
    },
  )
})
