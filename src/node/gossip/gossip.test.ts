import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GossipProgress } from '../../federation/progress'
import { federationInMemory, modelHash, type Training } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../state'

const finished = (node: GossamerNode) =>
  until(node, ({ phase, history, round }) => phase.kind === 'finished' && history.at(-1)?.round === round.of)
/** Tabs that hold text, this one included, as this one knows. */
const knows = (node: GossamerNode, count: number) =>
  until(
    node,
    ({ devices }) =>
      devices.filter(({ examples, activity }) => examples > 0 && activity !== 'gone').length === count,
  )
const heldOut = (node: GossamerNode) => node.snapshot().loss.heldOut!
const indexOf = (node: GossamerNode) => node.store.getState().devices.find(({ isSelf }) => isSelf)!.index
const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values)

const slowly =
  (target: number, afterMs: number): Training =>
  async (_, start) => {
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    return start.map((value) => value + 0.1 * (target - value))
  }

/** All weight of push-sum, as these tabs have stored it: what is on its way counts once, where it was taken or here. */
async function storedWeight(room: ReturnType<typeof federationInMemory>, keys: readonly string[]) {
  const stored = await Promise.all(keys.map(async (key) => ({ key, ...(await room.stored(key))! })))
  const progress = new Map(stored.map(({ key, state }) => [key, state.progress as GossipProgress]))
  let weight = 0
  for (const [key, { weight: own, given }] of progress) {
    weight += own
    for (const { device, version, share } of given)
      if (version > (progress.get(device)!.taken[key] ?? 0)) weight += share
  }
  return weight
}

const ring = 'topology=ring&aggregation=fedavg&baselines=0'

/** Waiting takes no time here: the clock goes on to the next timer as soon as nothing else is under way. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'Date'] })
  vi.setTimerTickMode('nextTimerAsync')
})
afterEach(() => {
  vi.useRealTimers()
})

describe('tabs that gossip', () => {
  it('learn together though nobody coordinates: adapters come close, and every tab does its rounds', async () => {
    const room = federationInMemory()
    const open = (key: string, target: number) => room.peer(key, target, `${ring}&rounds=8&autostart=4`)
    const tabs = await Promise.all([open('a', 0), open('b', 1), open('c', 2), open('d', 3)])
    await Promise.all(tabs.map(finished))
    for (const tab of tabs)
      expect(tab.snapshot()).toMatchObject({ role: 'device', scheme: 'gossip', round: 8, errors: [] })
    // Alone they would end 3 (1 - 0.9^8) = 1.7 apart.
    expect(spread(tabs.map(heldOut))).toBeLessThan(0.6)
    expect(tabs.map(indexOf).sort()).toEqual([0, 1, 2, 3])
    const { web } = tabs[0].store.getState()
    expect(web!.edges).toHaveLength(4)
    expect(web!.spectralGap).toBeCloseTo(2 / 3, 5)
  })

  it('lose no weight by push-sum, which waits for nobody', async () => {
    const room = federationInMemory()
    const query = 'aggregation=fedavg&topology=full&mixing=push-sum&rounds=10&autostart=3&baselines=0'
    const open = (key: string, target: number) => room.peer(key, slowly(target, 60), query)
    const tabs = await Promise.all([open('a', 1), open('b', 2), open('c', 3)])
    await Promise.all(tabs.map(finished))
    // Alone they would end 2 (1 - 0.9^10) = 1.3 apart.
    expect(spread(tabs.map(heldOut))).toBeLessThan(0.9)
    for (const tab of tabs) expect(tab.snapshot().errors).toEqual([])
  })

  it('go on without one that leaves', async () => {
    const room = federationInMemory()
    const open = (key: string) => room.peer(key, slowly(1, 20), `${ring}&rounds=8&autostart=4`)
    const tabs = await Promise.all(['a', 'b', 'c', 'd'].map(open))
    await until(tabs[0], ({ history }) => history.length >= 2)
    room.kill('b')
    const rest = [tabs[0], tabs[2], tabs[3]]
    await Promise.all(rest.map(finished))
    for (const tab of rest) {
      const { devices, web } = tab.store.getState()
      expect(devices.find(({ key }) => key === 'b')!.activity).toBe('gone')
      expect(web!.edges.flat()).not.toContain('b')
    }
  })

  it('take in one that comes late: it finds settings, a place of its own and the run under way', async () => {
    const room = federationInMemory()
    const open = (key: string) => room.peer(key, slowly(1, 200), `${ring}&rounds=60&localSteps=7&autostart=3`)
    const early = await Promise.all(['a', 'b', 'c'].map(open))
    await until(early[0], ({ history }) => history.length >= 2)
    const late = await room.peer('late', slowly(1, 200))
    const { settings } = await until(late, ({ phase }) => phase.kind === 'running')
    expect(settings).toMatchObject({ topology: 'ring', rounds: 60, localSteps: 7 })
    await until(late, ({ history }) => history.length >= 2)
    expect(indexOf(late)).toBe(3)
    expect(new Set(early.map(indexOf))).toEqual(new Set([0, 1, 2]))
    await until(early[0], ({ devices }) => devices.length === 4)
  })

  it('refuse one of another kind in plain words, and go on', async () => {
    const room = federationInMemory()
    const open = (key: string, query = '') => room.peer(key, 1, `${ring}&rounds=3&${query}`)
    const tabs = await Promise.all([open('a'), open('b')])
    await Promise.all(tabs.map((tab) => knows(tab, 2)))
    const stranger = await open('stranger', 'rank=4')
    const { problems } = await until(stranger, ({ phase }) => phase.kind === 'failed')
    expect(problems.at(-1)).toMatchObject({
      code: 'other-settings',
      message: expect.stringMatching(/rank=4.*rank=8.*cannot be mixed/),
    })
    tabs[0].start()
    await Promise.all(tabs.map(finished))
  })

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

  it('begin alone where nobody else is, and count those in who come later', async () => {
    const room = federationInMemory()
    const only = await room.peer('only', 1, `${ring}&rounds=3&autostart=1`)
    await finished(only)
    expect(only.snapshot()).toMatchObject({ round: 3, version: 3, errors: [] })
    expect(heldOut(only)).toBeCloseTo(3 - (1 - 0.9 ** 3), 5)
    const late = await room.peer('late', slowly(1, 300), `${ring}&rounds=3`)
    await finished(late)
    const { consensus } = late.store.getState().web!
    expect(consensus, 'the late one has mixed with what the other had learned').toHaveLength(1)
  })

  it('keep out one with another base model, which learns why, and go on', async () => {
    const room = federationInMemory()
    const query = `${ring}&rounds=3`
    const tabs = [await room.peer('a', 1, query), await room.peer('b', 1, query)]
    const opened = { ...(await room.opened()), modelHash: modelHash.replaceAll('a', 'c') }
    const stranger = await room.peer('stranger', 1, query, { open: async () => opened })
    const { problems } = await until(stranger, ({ phase }) => phase.kind === 'failed')
    expect(problems.at(-1)).toMatchObject({
      code: 'no-model',
      message: expect.stringMatching(/other weights than that of .*Reload both tabs/),
    })
    await Promise.all(tabs.map((tab) => knows(tab, 2)))
    tabs[0].start()
    await Promise.all(tabs.map(finished))
    for (const tab of tabs) {
      expect(tab.store.getState().web!.edges).toEqual([['a', 'b']])
      expect(tab.snapshot().errors).toEqual([])
    }
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
      const query = `${ring}&mixing=${mixing}&rounds=60&autostart=4`
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
