import { describe, expect, it } from 'vitest'
import { aggregationNames } from '../../federation/aggregation/registry'
import { compressionNames } from '../../federation/compression/registry'
import { federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'

const finished = (node: GossamerNode) =>
  until(node, ({ phase, history, round }) => phase.kind === 'finished' && history.length === round.of)
const ready = (node: GossamerNode, count: number) =>
  until(node, ({ devices }) => devices.filter(({ examples }) => examples > 0).length === count)

async function run(query: string) {
  const room = federationInMemory()
  const coordinator = await room.coordinator(`${query}&rounds=3&autostart=3&baselines=0`)
  const devices = await Promise.all([room.device('a', 2), room.device('b', 3), room.device('c', 4)])
  const { history } = await finished(coordinator)
  await Promise.all(
    devices.map((device) => until(device, (state) => state.history.length === history.length)),
  )
  return { room, coordinator, devices }
}

describe.each(aggregationNames)('aggregation=%s in tabs', (aggregation) => {
  it.each(compressionNames)('with compression=%s ends with one adapter everywhere', async (compression) => {
    const { coordinator, devices } = await run(`aggregation=${aggregation}&compression=${compression}`)
    const snapshots = [coordinator, ...devices].map((node) => node.snapshot())
    for (const { errors, version } of snapshots) {
      // A tenth of four numbers is one: devices that send A and those that send B differ beyond belief in the model.
      const foreign = errors.filter(
        ({ code }) => !compression.startsWith('topk') || code !== 'update-refused',
      )
      expect({ foreign, version }).toEqual({ foreign: [], version: 3 })
    }
    expect(new Set(snapshots.map(({ adapterHash }) => adapterHash)).size).toBe(1)
  })
})

describe('what is recorded of a round', () => {
  const distortion = async (aggregation: string) =>
    (await run(`aggregation=${aggregation}`)).coordinator.store
      .getState()
      .history.map((past) => past.distortion)

  it('says how far averaging the factors is from averaging the models, and that FedEx is not', async () => {
    for (const missed of await distortion('fedavg')) expect(missed).toBeGreaterThan(1e-3)
    for (const missed of await distortion('fedex')) expect(missed).toBeLessThan(1e-6)
    expect(await distortion('fedsa')).toEqual([null, null, null])
  })
})

describe('an exact aggregation', () => {
  it('folds, and a late joiner and a reloaded coordinator hold what was folded', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=3&aggregation=fedex&baselines=0')
    await room.device('a', 1)
    await room.device('b', 3)
    await ready(coordinator, 2)
    coordinator.stepRound()
    await until(coordinator, ({ history }) => history.length === 1)
    const late = await room.device('late', 2)
    const { adapterHash } = await until(late, ({ version }) => version === 1)
    expect(adapterHash).toBe(coordinator.snapshot().adapterHash)

    const again = await room.reloadCoordinator()
    await until(again, ({ devices }) => devices.filter(({ activity }) => activity === 'idle').length >= 3)
    expect(again.snapshot()).toMatchObject({ version: 1, adapterHash })
    again.resume()
    await finished(again)
    await until(late, ({ version }) => version === 3)
    expect(late.snapshot().adapterHash).toBe(again.snapshot().adapterHash)
    expect(late.snapshot().errors.filter(({ code }) => code !== 'coordinator-gone')).toEqual([])
  })

  it('goes home as one adapter without loss', async () => {
    const { devices } = await run('aggregation=flora')
    const { bytes } = await devices[0].takeHome()
    expect(bytes.length).toBeGreaterThan(500)
  })
})

describe('compression', () => {
  it('keeps what it did not send, and brings it later', async () => {
    const { coordinator } = await run('aggregation=fedavg&compression=topk&rounds=30')
    // A tenth of four numbers is one a round; without memory three of them would never move.
    expect(coordinator.snapshot().loss.heldOut).toBeLessThan(1.5)
  })
})
