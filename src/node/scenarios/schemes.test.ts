import { describe, expect, it } from 'vitest'
import type { Compute } from '../../training/compute'
import { bOf, federationInMemory, type Training } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'

const finished = (node: GossamerNode) =>
  until(node, ({ phase, history, round }) => phase.kind === 'finished' && history.length === round.of)
const ready = (node: GossamerNode, count: number) =>
  until(
    node,
    ({ devices }) =>
      devices.filter(({ examples, activity }) => examples > 0 && !['gone', 'joining'].includes(activity))
        .length === count,
  )
const hashOf = (node: GossamerNode) => node.snapshot().adapterHash

const towards =
  (target: number, afterMs = 0): Training =>
  async (_, start) => {
    if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs))
    return start.map((value) => value + 0.1 * (target - value))
  }

describe('a clustered federation of tabs', () => {
  async function villages(query: string) {
    const room = federationInMemory()
    const coordinator = await room.coordinator(`scheme=clustered&${query}`)
    const up = [await room.device('a', 2), await room.device('b', 2.2)]
    const down = [await room.device('c', -2), await room.device('d', -2.2)]
    await ready(coordinator, 4)
    return { room, coordinator, up, down }
  }

  it('tells devices apart by what they learn, and gives each cluster an adapter of its own', async () => {
    const { coordinator, up, down } = await villages('rounds=5')
    coordinator.start()
    const { history, devices } = await finished(coordinator)
    expect(history.map(({ round }) => round)).toEqual([1, 2, 3, 4, 5])
    await Promise.all([...up, ...down].map((node) => until(node, (state) => state.history.length === 5)))
    expect(hashOf(up[0])).toBe(hashOf(up[1]))
    expect(hashOf(down[0])).toBe(hashOf(down[1]))
    expect(hashOf(up[0])).not.toBe(hashOf(down[0]))
    const { clusters, errors } = coordinator.snapshot()
    const peerOf = (key: string) => devices.find((device) => device.key === key)!.peer
    expect(clusters).toEqual([
      [peerOf('a'), peerOf('b')],
      [peerOf('c'), peerOf('d')],
    ])
    expect(errors).toEqual([])
    // Devices hear of it with the next digest.
    await until(up[0], (state) => new Set(state.devices.map(({ cluster }) => cluster)).size === 3)
    expect(up[0].snapshot().clusters.map((members) => members.length)).toEqual([2, 2])
  })

  it('asks each device which cluster’s adapter fits it, where clusters are told apart by loss (IFCA)', async () => {
    const fits = (target: number): Partial<Compute> => ({
      evaluate: async (adapter) => ({ loss: adapter ? Math.abs(target - bOf(adapter)) : 3, tokens: 10 }),
    })
    const room = federationInMemory()
    const query = 'scheme=clustered&clusterBy=loss&clusters=2&reclusterEvery=1&rounds=5&baselines=0'
    const coordinator = await room.coordinator(query)
    const targets = { a: 2, b: 2.2, c: -2, d: -2.2 }
    for (const [key, target] of Object.entries(targets)) await room.device(key, target, fits(target))
    await ready(coordinator, 4)
    for (let round = 1; round <= 3; round++) {
      coordinator.stepRound()
      await until(coordinator, ({ phase, history }) => phase.kind === 'paused' && history.length === round)
    }
    const clusterOf = (key: string) =>
      coordinator.store.getState().devices.find((device) => device.key === key)!.cluster
    expect(clusterOf('a')).toBe(clusterOf('b'))
    expect(clusterOf('c')).toBe(clusterOf('d'))
    expect(clusterOf('a')).not.toBe(clusterOf('c'))
    // The text of one device changes: with the next trial it goes where the other adapter fits.
    await room.device('a', -2, fits(-2))
    coordinator.resume()
    await finished(coordinator)
    expect(clusterOf('a')).toBe(clusterOf('c'))
    expect(coordinator.snapshot().errors).toEqual([])
  })

  it('goes on with its clusters after the coordinator was reloaded', async () => {
    const { room, coordinator, up, down } = await villages('rounds=4&baselines=0')
    for (let round = 1; round <= 3; round++) {
      coordinator.stepRound()
      await until(coordinator, ({ phase, history }) => phase.kind === 'paused' && history.length === round)
    }
    const { clusters } = coordinator.snapshot()
    expect(clusters.map((members) => members.length)).toEqual([2, 2])
    const before = [up[0], down[0]].map(hashOf)
    const again = await room.reloadCoordinator()
    await ready(again, 4)
    await until(again, ({ devices }) => devices.every(({ activity }) => activity !== 'gone'))
    expect([up[0], down[0]].map(hashOf)).toEqual(before)
    again.resume()
    await finished(again)
    await Promise.all([...up, ...down].map((node) => until(node, (state) => state.history.length === 4)))
    expect(hashOf(up[0])).toBe(hashOf(up[1]))
    expect(hashOf(up[0])).not.toBe(before[0])
    expect(hashOf(up[0])).not.toBe(hashOf(down[0]))
  })

  it('goes on when a device dies, and does not wait for it', async () => {
    const { room, coordinator } = await villages('rounds=4&baselines=0')
    for (let round = 1; round <= 3; round++) {
      coordinator.stepRound()
      await until(coordinator, ({ phase, history }) => phase.kind === 'paused' && history.length === round)
    }
    room.kill('d')
    coordinator.resume()
    const { history } = await finished(coordinator)
    expect(history).toHaveLength(4)
  })
})

describe('updates that come twice', () => {
  it.each([0, 3, 30])('count once, also %i ms later', async (afterMs) => {
    for (const scheme of ['synchronous', 'clustered', 'asynchronous']) {
      const room = federationInMemory()
      room.repeatUpdates(afterMs)
      const query = `scheme=${scheme}&rounds=6&baselines=0&autostart=1&aggregation=fedavg`
      const coordinator = await room.coordinator(query)
      await room.device('a', 1)
      const { history } = await finished(coordinator)
      expect(history.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6])
      // Each version is a tenth nearer to 1, and never two tenths.
      expect(coordinator.snapshot().loss.heldOut).toBeCloseTo(2 + 0.9 ** 6, 5)
      expect(coordinator.snapshot().errors).toEqual([])
    }
  })
})

describe('an asynchronous federation of tabs', () => {
  it('never waits for the slowest, and counts how old its updates are', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('scheme=asynchronous&rounds=12&baselines=0&autostart=3')
    const devices = await Promise.all([
      room.device('fast', towards(2, 5)),
      room.device('quick', towards(2, 7)),
      room.device('slow', towards(2, 60)),
    ])
    const { history } = await finished(coordinator)
    expect(history.map(({ version }) => version)).toEqual(Array.from({ length: 12 }, (_, at) => at + 1))
    expect(Math.max(...history.map(({ staleness }) => staleness!.largest))).toBeGreaterThan(0)
    expect(history.some(({ trainByDevice }) => !('slow' in trainByDevice))).toBe(true)
    await Promise.all(devices.map((device) => until(device, ({ version }) => version === 12)))
    expect(new Set([coordinator, ...devices].map(hashOf)).size).toBe(1)
    // Two devices that walk a tenth of the way to 2 in turns.
    expect(coordinator.snapshot().loss.heldOut).toBeLessThan(2)
  })

  it('drops an update that is too old, says so, and lets its device begin anew', async () => {
    const room = federationInMemory()
    const query = 'scheme=asynchronous&rounds=900&mostStale=3&baselines=0&autostart=3'
    const coordinator = await room.coordinator(query)
    await room.device('fast', towards(2, 1))
    await room.device('quick', towards(2, 1))
    let turns = 0
    await room.device('late', async (request, start) => {
      turns++
      if (turns === 1) await until(coordinator, ({ version }) => version > 6)
      return towards(2, 1)(request, start)
    })
    const { problems } = await until(coordinator, (state) => state.problems.length > 0)
    expect(problems[0].message).toMatch(/came too late|versions old, and 3 are allowed/)
    const { version } = coordinator.store.getState()
    const next = await until(coordinator, (state) => state.version > version + 20)
    coordinator.stop()
    expect(next.history.some(({ trainByDevice }) => 'late' in trainByDevice)).toBe(true)
  })

  it('carries on after the coordinator was reloaded, with every rule of aggregation', async () => {
    for (const aggregation of ['fedavg', 'fedex', 'rolora', 'flora']) {
      const room = federationInMemory()
      const query = `scheme=asynchronous&rounds=200&baselines=0&aggregation=${aggregation}`
      const coordinator = await room.coordinator(query)
      const devices = await Promise.all([room.device('a', towards(2, 3)), room.device('b', towards(1, 5))])
      await ready(coordinator, 2)
      coordinator.start()
      await until(coordinator, ({ version }) => version >= 3)
      const again = await room.reloadCoordinator()
      const { version } = await until(again, (state) => state.version >= 3)
      await until(again, (state) => state.version >= version + 3)
      again.stop()
      await Promise.all(devices.map((device) => until(device, ({ phase }) => phase.kind === 'finished')))
      for (const { code } of [again, ...devices].flatMap((node) => node.snapshot().errors))
        expect(code).toBe('coordinator-gone')
    }
  })
})
