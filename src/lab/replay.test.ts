/** A recorded federation, merged again from its events and its updates, gives each version's hash. */
import { expect, it } from 'vitest'
import { memoryNetwork } from '../node/fixtures/memory-network'
import { towards, toyCompute } from '../node/fixtures/room'
import { openNode, until } from '../node/fixtures/world'
import { createMerger } from '../node/merging/merger'
import type { OpenMerging } from '../node/merging/merging'
import { memoryStorage } from '../node/stored/storage'
import { type RecordedUpdate, type Recording, versionsOf } from './replay'

/** Merges, and keeps what came as it came. */
function recording(updates: Map<string, RecordedUpdate>): OpenMerging {
  return () => {
    const merging = createMerger()
    return {
      close: () => {},
      merging: {
        ...merging,
        take(terms, update, bytes) {
          updates.set(`${update.round} ${update.device}`, { ...update, bytes: bytes.slice() })
          return merging.take(terms, update, bytes)
        },
      },
    }
  }
}

/** A federation of three devices that want different things, and what its coordinator has stored of it. */
async function recorded(query: string, rounds: number): Promise<Recording> {
  const place = { network: memoryNetwork(), storage: memoryStorage() }
  const updates = new Map<string, RecordedUpdate>()
  const open = (key: string, address: string, target: number) => {
    const compute = toyCompute(() => towards(target))
    const openCompute = () => ({ compute, close: () => {} })
    return openNode(place, key, address, openCompute, undefined, [], recording(updates))
  }
  const coordinator = await open('coordinator', `role=coordinator&rounds=${rounds}&${query}`, 0)
  for (const [at, target] of [1, -2, 5].entries()) await open(`device ${at}`, 'role=device#s=s&k=k', target)
  await until(coordinator, ({ devices }) => devices.filter(({ examples }) => examples > 0).length === 3)
  coordinator.start()
  await until(coordinator, ({ history }) => history.length >= rounds)
  const { room, log } = (await place.storage.loadRoom('TEST')).value!
  return {
    settings: room.settings,
    model: await toyCompute(() => towards(0)).open({
      model: 'toy',
      backend: 'cpu',
      seed: 0,
      adapter: { rank: 1, alpha: 2, targets: ['w'] },
    }),
    events: log,
    updateOf: (device, round) => updates.get(`${round} ${device}`) ?? null,
  }
}

it.each([
  'scheme=synchronous',
  'scheme=synchronous&aggregation=fedex',
  'scheme=synchronous&aggregation=fedadam&compression=int8',
  'scheme=asynchronous&bufferSize=2',
  'scheme=clustered&clusterCount=2',
])('%s', async (query) => {
  const run = await recorded(query, 3)
  const then = run.events.flatMap((event) =>
    event.type === 'merged' ? [[`${event.adapter} ${event.version}`, event.adapterHash]] : [],
  )
  expect(then.length).toBeGreaterThanOrEqual(3)
  expect(Object.fromEntries(await versionsOf(run))).toMatchObject(Object.fromEntries(then))
})

it('notices an update that is another, and says which is missing', async () => {
  const run = await recorded('scheme=synchronous', 2)
  const [first] = run.events.filter((event) => event.type === 'update-arrived')
  const without: Recording = {
    ...run,
    updateOf: (device, round) => (device === first.device ? null : run.updateOf(device, round)),
  }
  await expect(versionsOf(without)).rejects.toThrow(
    `The update of ${first.device} for order ${first.round} cannot be merged: it was not recorded.`,
  )
  const altered: Recording = {
    ...run,
    updateOf(device, round) {
      const update = run.updateOf(device, round)
      return update && { ...update, bytes: update.bytes.toReversed() }
    },
  }
  await expect(versionsOf(altered)).rejects.toThrow(/cannot be merged/)
})
