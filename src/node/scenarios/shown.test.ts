/** What a tab shows of its room, and says of it in its snapshot: bytes of each device, rounds done, when a round closes. */
import { describe, expect, it } from 'vitest'
import { federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'
import type { NodeState } from '../state'

const finished = (node: GossamerNode) =>
  until(node, ({ phase, history, round }) => phase.kind === 'finished' && history.length === round.of)
const ready = (node: GossamerNode, count: number) =>
  until(
    node,
    ({ devices }) =>
      devices.filter(({ examples, activity }) => examples > 0 && activity !== 'gone').length === count,
  )
const trafficOf = (node: GossamerNode, key: string) => {
  const { bytesSent, bytesReceived } = node.store.getState().devices.find((device) => device.key === key)!
  return { sent: bytesSent, received: bytesReceived }
}
/** An adapter of the toy engine, as it travels. */
const adapterBytes = 150

describe('the bytes of a device', () => {
  it('are what went over its link: the coordinator’s picture of all adds up to its own traffic', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=3&aggregation=fedavg&autostart=2')
    const devices = [await room.device('a', 1), await room.device('b', 3)]
    await finished(coordinator)
    await Promise.all(devices.map((device) => until(device, ({ history }) => history.length === 3)))
    // Both are shown ten times a second, one after the other.
    const isComplete = () => {
      const { peers, bytes } = coordinator.snapshot()
      const sum = peers.reduce((sum, peer) => sum + peer.bytes.sent, 0)
      return sum === bytes.received && bytes.received > 2 * 3 * adapterBytes
    }
    await until(coordinator, isComplete)
    const { peers, bytes } = coordinator.snapshot()
    for (const peer of peers) {
      expect(peer.bytes.sent).toBeGreaterThan(3 * adapterBytes)
      expect(peer.bytes.received).toBeGreaterThan(3 * adapterBytes)
    }
    expect(trafficOf(coordinator, 'coordinator')).toEqual({ sent: bytes.sent, received: bytes.received })
  })

  it('are told to the devices, which know them of themselves', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=2&aggregation=fedavg&autostart=2')
    const [a] = [await room.device('a', 1), await room.device('b', 3)]
    await finished(coordinator)
    await until(a, ({ devices }) =>
      devices.every(({ bytesSent, bytesReceived }) => bytesSent > 0 && bytesReceived > 0),
    )
    const { sent, received } = a.snapshot().bytes
    expect(trafficOf(a, 'a')).toEqual({ sent, received })
  })

  it('go on from where they were when the device reloads', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('aggregation=fedavg')
    await room.device('a', 1)
    const isIdle = ({ devices }: NodeState) =>
      devices.some(({ key, activity, examples }) => key === 'a' && activity === 'idle' && examples > 0)
    await until(coordinator, isIdle)
    const before = trafficOf(coordinator, 'a')
    room.kill('a')
    await until(coordinator, ({ devices }) => devices.some(({ activity }) => activity === 'gone'))
    await room.device('a', 1)
    await until(coordinator, isIdle)
    // Shown ten times a second.
    await until(coordinator, () => trafficOf(coordinator, 'a').sent > 1.5 * before.sent)
    expect(trafficOf(coordinator, 'a').received).toBeGreaterThan(before.received)
  })

  it('are counted by each tab for itself where tabs gossip', async () => {
    const room = federationInMemory()
    const query = 'topology=full&aggregation=fedavg&rounds=2&autostart=2&baselines=0'
    const tabs = [await room.peer('a', 1, query), await room.peer('b', 2, query)]
    await Promise.all(tabs.map(finished))
    for (const [tab, other] of [tabs, tabs.toReversed()]) {
      const [{ bytes }] = tab.snapshot().peers
      expect(bytes.sent).toBe(tab.snapshot().bytes.received)
      expect(bytes.received).toBeGreaterThan(0)
      expect(other.snapshot().bytes.sent).toBeGreaterThan(2 * adapterBytes)
    }
  })
})

describe('the snapshot', () => {
  it('lists the rounds that are done, with how many took part and what they came to', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=2&aggregation=fedavg&autostart=2')
    const device = await room.device('a', 1)
    await room.device('b', 3)
    await finished(coordinator)
    await until(device, ({ history }) => history.length === 2)
    const loss = expect.any(Number)
    for (const node of [coordinator, device])
      expect(node.snapshot().history).toEqual([
        { round: 1, version: 1, contributors: 2, loss },
        { round: 2, version: 2, contributors: 2, loss },
      ])
    expect(coordinator.snapshot().history[1].loss).toBe(coordinator.snapshot().loss.heldOut)
    expect(JSON.parse(JSON.stringify(coordinator.snapshot()))).toEqual(coordinator.snapshot())
  })
})

describe('when a round closes', () => {
  it.each(['synchronous', 'hierarchical'])(
    'is not said in the first, which has no precedent, but in the next (%s)',
    async (scheme) => {
      const room = federationInMemory()
      const coordinator = await room.coordinator(
        `scheme=${scheme}&edges=1&rounds=2&aggregation=fedavg&baselines=0`,
      )
      await room.device('a', 1)
      await room.device('b', 1)
      await ready(coordinator, 2)
      const said = new Map<number, Set<number | null>>()
      coordinator.store.subscribe(
        ({ round: { number, stage, cohort, arrived, startedAtMs, deadlineAtMs } }) => {
          // Once half of the cohort has answered a short grace time runs, and that is said.
          if (stage !== 'training' || 2 * arrived >= cohort) return
          const after = deadlineAtMs === null ? null : Math.round((deadlineAtMs - startedAtMs) / 1000)
          said.set(number, (said.get(number) ?? new Set()).add(after))
        },
      )
      coordinator.start()
      await finished(coordinator)
      expect(said.get(1)).toEqual(new Set([null]))
      expect(said.get(2)).toEqual(new Set([30]))
    },
  )
})
