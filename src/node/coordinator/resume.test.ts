/** Coordinators that reload onto a log or adapters which are no longer what was stored. */
import { describe, expect, it } from 'vitest'
import type { CoordinatorEvent } from '../../federation/types'
import { federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'
import { readEvent } from '../stored/events'
import { savedAdapter } from '../stored/records'
import type { SavedRoom } from '../stored/storage'

const ready = (node: GossamerNode, count: number) =>
  until(
    node,
    ({ devices }) =>
      devices.filter(({ examples, activity }) => examples > 0 && activity !== 'gone').length >= count,
  )

/** A room that has two of its four rounds behind it, and its coordinator gone. */
async function halfWay(query = '') {
  const room = federationInMemory()
  const coordinator = await room.coordinator(`rounds=4&baselines=0&${query}`)
  for (const key of ['a', 'b']) await room.device(key, 1)
  await ready(coordinator, 2)
  for (const rounds of [1, 2]) {
    coordinator.stepRound()
    await until(coordinator, ({ history }) => history.length === rounds)
  }
  const before = coordinator.snapshot()
  room.kill('coordinator')
  const kept = (await room.storage.loadRoom('TEST')).value!
  return {
    room,
    before,
    log: kept.log as CoordinatorEvent[],
    saved: kept.room as { -readonly [Key in keyof SavedRoom]: SavedRoom[Key] },
  }
}

async function finishes(coordinator: GossamerNode) {
  await ready(coordinator, 2)
  coordinator.resume()
  const { history } = await until(
    coordinator,
    ({ phase, history }) => phase.kind === 'finished' && history.length >= 4,
  )
  return history.map(({ round }) => round)
}
const damageIn = (node: GossamerNode) => node.snapshot().errors.find(({ code }) => code === 'room-damaged')

describe('a stored log', () => {
  it.each(['synchronous', 'clustered', 'hierarchical', 'asynchronous'])(
    'of a %s room is made of events that the schemas know, and is resumed without a word',
    async (scheme) => {
      const { room, before, log, saved } = await halfWay(`scheme=${scheme}&aggregation=fedavg`)
      expect(log.length).toBeGreaterThanOrEqual(10)
      expect(log.filter((event) => !readEvent(event))).toEqual([])
      expect(saved.adapters.every((adapter) => savedAdapter.safeParse(adapter).success)).toBe(true)
      const again = await room.reloadCoordinator()
      await ready(again, 2)
      expect(again.snapshot()).toMatchObject({ version: before.version, adapterHash: before.adapterHash })
      expect(damageIn(again)).toBeUndefined()
    },
  )
})

describe('a coordinator goes on at its newest adapter', () => {
  it.each<[string, (log: CoordinatorEvent[]) => void]>([
    ['has lost its end', (log) => void log.splice(6)],
    [
      'has lost the event of a merge',
      (log) =>
        void log.splice(
          log.findLastIndex(({ type }) => type === 'merged'),
          1,
        ),
    ],
    ['is lost', (log) => void log.splice(0)],
    [
      'makes the reducer throw',
      (log) => void log.splice(4, 0, { type: 'configured', atMs: 0, config: { scheme: 'none' } } as never),
    ],
  ])('where the log %s', async (_, damage) => {
    const { room, before, log } = await halfWay()
    damage(log)
    const again = await room.reloadCoordinator()
    await until(again, ({ phase }) => phase.kind === 'paused')
    expect(damageIn(again)?.message).toMatch(/put aside.*goes on from the newest adapter.*then resume/)
    expect(again.snapshot()).toMatchObject({ version: 2, round: 2, adapterHash: before.adapterHash })
    expect(await finishes(again)).toEqual([1, 2, 3, 4])
  })

  it('and stays there at the next reload', async () => {
    const { room, before, log } = await halfWay()
    log.splice(6)
    await until(await room.reloadCoordinator(), ({ phase }) => phase.kind === 'paused')
    const again = await room.reloadCoordinator()
    await until(again, ({ phase }) => phase.kind === 'paused')
    expect(damageIn(again)).toBeUndefined()
    expect(again.snapshot()).toMatchObject({ version: 2, round: 2, adapterHash: before.adapterHash })
    expect(await finishes(again)).toEqual([1, 2, 3, 4])
  })

  it('of several clusters', async () => {
    const { room, log } = await halfWay('scheme=clustered&aggregation=fedavg&clusters=2')
    log.splice(6)
    const again = await room.reloadCoordinator()
    await until(again, ({ phase }) => phase.kind === 'paused')
    expect(again.snapshot()).toMatchObject({ version: 2, round: 2 })
    expect(await finishes(again)).toEqual([1, 2, 3, 4])
  })
})

it('a room whose only adapter is damaged begins anew, says so, and keeps its link', async () => {
  const { room, saved } = await halfWay()
  saved.adapters = saved.adapters.map((adapter) => ({ ...adapter, held: adapter.held.slice(0, 20) }))
  const again = await room.reloadCoordinator()
  await ready(again, 2)
  expect(damageIn(again)?.message).toMatch(/an adapter.*put aside/)
  expect(again.snapshot()).toMatchObject({ version: 0, round: 0 })
})
