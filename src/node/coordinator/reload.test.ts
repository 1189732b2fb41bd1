import { describe, expect, it } from 'vitest'
import { federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'
import type { SavedRoom } from '../stored/storage'
import { trafficSince } from './publishing'

const ready = (node: GossamerNode, count: number) =>
  until(
    node,
    ({ devices }) =>
      devices.filter(({ activity, examples }) => examples > 0 && activity === 'idle').length === count,
  )
const contributors = ({ history }: { readonly history: readonly { readonly contributors: number }[] }) =>
  history.map(({ contributors }) => contributors)

describe('a coordinator that is reloaded', () => {
  it.each(['synchronous', 'clustered', 'hierarchical'])(
    'trains its next %s round with everybody who was there',
    async (scheme) => {
      const room = federationInMemory()
      const coordinator = await room.coordinator(
        `scheme=${scheme}&edges=0&rounds=4&baselines=0&aggregation=fedavg`,
      )
      for (const [at, key] of ['a', 'b', 'c'].entries()) await room.device(key, at)
      await ready(coordinator, 3)
      coordinator.stepRound()
      await until(coordinator, ({ history }) => history.length === 1)
      const again = await room.reloadCoordinator()
      await until(again, ({ phase }) => phase.kind === 'paused')
      await until(again, ({ phase }) => phase.kind === 'paused')
      await new Promise((done) => setImmediate(done))
      again.resume()
      const state = await until(
        again,
        ({ phase, history }) => phase.kind === 'finished' && history.length === 4,
      )
      expect(contributors(state)).toEqual([3, 3, 3, 3])
    },
  )

  it('measures a round that was completed and not published yet', async () => {
    const room = federationInMemory()
    const never = { evaluate: () => new Promise<never>(() => {}) }
    const coordinator = await room.coordinator('rounds=3&aggregation=fedavg', never)
    for (const key of ['a', 'b']) await room.device(key, 1)
    await ready(coordinator, 2)
    coordinator.stepRound()
    await until(coordinator, ({ phase, version }) => phase.kind === 'paused' && version === 1)
    const again = await room.reloadCoordinator()
    const { history } = await until(again, ({ history }) => history.length === 1)
    expect(history[0]).toMatchObject({ round: 1, version: 1, contributors: 2 })
    expect(history[0].heldOut).toBeCloseTo(2.9, 5)
    expect(history[0].alone, 'devices that come back say again how far they come alone').not.toBeNull()
  })

  it('shows the curves, the traffic and the devices of before', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=2&baselines=0')
    for (const key of ['a', 'b']) await room.device(key, 1)
    await ready(coordinator, 2)
    coordinator.stepRound()
    const { devices, lossPoints, baseLoss } = await until(coordinator, ({ history }) => history.length === 1)
    room.kill('b')
    const again = await room.reloadCoordinator()
    const state = await until(again, ({ phase }) => phase.kind === 'paused')
    expect(state.lossPoints).toEqual(lossPoints)
    expect(state.baseLoss).toBe(baseLoss)
    const [before, after] = [devices, state.devices].map((list) => list.find(({ key }) => key === 'b')!)
    expect(after).toMatchObject({ name: before.name, index: before.index, activity: 'gone' })
  })

  it('counts bytes over all lives of its tab', () => {
    const traffic = { sent: 5, received: 7, byKind: { update: 4, digest: 1 } }
    const room = { seen: { traffic } } as unknown as SavedRoom
    const bytes = { sent: 10, received: 20, byKind: { update: 6, order: 2 } }
    expect(trafficSince(room, { bytes })).toEqual({
      sent: 15,
      received: 27,
      byKind: { update: 10, digest: 1, order: 2 },
    })
  })
})
