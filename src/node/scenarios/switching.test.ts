import { describe, expect, it } from 'vitest'
import { federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'

const ready = (node: GossamerNode, count: number) =>
  until(node, ({ devices }) => devices.filter(({ examples }) => examples > 0).length === count)
const finished = (node: GossamerNode, rounds: number) =>
  until(node, ({ phase, history }) => phase.kind === 'finished' && history.length === rounds)

async function villages(query: string) {
  const room = federationInMemory()
  const coordinator = await room.coordinator(`rounds=4&baselines=0&${query}`)
  const targets = { a: 2, b: 2.2, c: -2, d: -2.2 }
  const devices = await Promise.all(Object.entries(targets).map(([key, target]) => room.device(key, target)))
  await ready(coordinator, 4)
  const step = async (round: number) => {
    coordinator.stepRound()
    await until(coordinator, ({ phase, history }) => phase.kind === 'paused' && history.length === round)
  }
  return { room, coordinator, devices, step }
}

describe('a run whose settings change in the middle', () => {
  it('goes on with one adapter that holds what all clusters have learned', async () => {
    const { coordinator, devices, step } = await villages('scheme=clustered')
    for (const round of [1, 2, 3]) await step(round)
    expect(coordinator.snapshot().clusters).toHaveLength(2)
    const { version } = coordinator.snapshot()
    await coordinator.configure({ scheme: 'synchronous' })
    coordinator.resume()
    const { history } = await finished(coordinator, 4)
    await Promise.all(devices.map((device) => until(device, (state) => state.version > version)))
    expect(history.map(({ round }) => round)).toEqual([1, 2, 3, 4])
    const snapshots = [coordinator, ...devices].map((node) => node.snapshot())
    expect(new Set(snapshots.map(({ adapterHash }) => adapterHash)).size).toBe(1)
    expect(snapshots.map(({ scheme }) => scheme)).toEqual(Array(5).fill('synchronous'))
    expect(snapshots.flatMap(({ errors }) => errors)).toEqual([])
    // Two clusters pulled in opposite directions: their mean has gone nowhere, each of them had.
    expect(Math.abs(coordinator.snapshot().loss.heldOut! - 3)).toBeLessThan(0.2)
  })

  it.each(['synchronous', 'asynchronous', 'hierarchical', 'clustered'] as const)(
    'is finished by the scheme %s, from where it stood, and outlives a reload',
    async (scheme) => {
      const { room, coordinator, devices, step } = await villages('scheme=synchronous')
      await step(1)
      await step(2)
      const { adapterHash, version } = coordinator.snapshot()
      await coordinator.configure({ scheme, rounds: 6 })
      expect(coordinator.snapshot()).toMatchObject({ adapterHash, version })
      const again = await room.reloadCoordinator()
      await until(again, ({ devices }) => devices.filter(({ activity }) => activity === 'idle').length >= 5)
      expect(again.snapshot()).toMatchObject({ scheme, adapterHash, version })
      again.resume()
      await finished(again, 6)
      await Promise.all(devices.map((device) => until(device, ({ phase }) => phase.kind === 'finished')))
      const problems = [again, ...devices].flatMap((node) => node.snapshot().errors)
      expect(problems.filter(({ code }) => code !== 'coordinator-gone')).toEqual([])
    },
  )

  it('draws its curves over the rounds of the run, whichever scheme counts what', async () => {
    const { coordinator, devices, step } = await villages('scheme=clustered&allocation=by-speed')
    for (const round of [1, 2, 3]) await step(round)
    expect(coordinator.store.getState().devices.some(({ assigned }) => assigned !== null)).toBe(true)
    await coordinator.configure({ scheme: 'asynchronous', rounds: 6 })
    coordinator.resume()
    const { version } = await finished(coordinator, 6)
    expect(version, 'clusters and their mean have made versions of their own').toBeGreaterThan(6)
    for (const node of [coordinator, ...devices]) {
      // The coordinator shows what devices say ten times a second, and this run is over sooner.
      const { lossPoints } = await until(node, (state) => Object.keys(state.lossPoints).length > 0)
      const points = Object.values(lossPoints).flat()
      expect(points.length).toBeGreaterThan(0)
      for (const { rounds } of points) expect(rounds).toBeLessThanOrEqual(6)
    }
    const given = coordinator.store.getState().devices.flatMap(({ assigned }) => assigned ?? [])
    expect(given, 'nobody is given anything where nobody waits').toEqual([])
  })

  it('takes other steps, rates and lengths at once', async () => {
    const { coordinator, step } = await villages('localSteps=5')
    await step(1)
    await coordinator.configure({ rounds: 2, localSteps: 7, lr: 1e-3 })
    expect(coordinator.store.getState().settings).toMatchObject({ localSteps: 7, lr: 1e-3 })
    coordinator.resume()
    await finished(coordinator, 2)
  })

  it('keeps what all tabs have agreed on, and says so', async () => {
    const { coordinator, step } = await villages('')
    await step(1)
    const { settings } = coordinator.store.getState()
    await expect(coordinator.configure({ aggregation: 'flora' })).rejects.toThrow(
      /“aggregation” stands once a run has begun.*Open a new federation/,
    )
    await expect(coordinator.configure({ rank: 4 })).rejects.toThrow(/“rank” stands/)
    expect(coordinator.store.getState().settings).toEqual(settings)
    coordinator.stop()
    await finished(coordinator, 1)
    await expect(coordinator.configure({ rounds: 9 })).rejects.toThrow(/The run is over/)
  })
})
