import { describe, expect, it } from 'vitest'
import type { Compute } from '../../training/compute'
import { openHeadless } from '../../training/headless'
import { memoryNetwork } from '../fixtures/memory-network'
import { federationInMemory, type Training } from '../fixtures/room'
import { openNode, until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'
import { memoryStorage } from '../stored/storage'
import type { OpenCompute } from '../tab/tab'

const finished = (node: GossamerNode) =>
  until(node, ({ phase, history, round }) => phase.kind === 'finished' && history.length === round.of)
const ready = (node: GossamerNode, count: number) =>
  until(node, ({ devices }) => devices.filter(({ examples }) => examples > 0).length === count)

/** A device whose measured speed follows from how long it says that its steps took; `trained` notes the requests. */
function deviceOf(secondsPerStep: number) {
  const trained: { steps: number; batch: number }[] = []
  const training: Training = (_, start) => start
  const compute = {
    async train({ adapter, steps, batch }: { adapter: Uint8Array; steps: number; batch: number }) {
      trained.push({ steps, batch })
      return {
        adapter,
        examples: batch * steps,
        tokens: 10 * batch * steps,
        seconds: secondsPerStep * steps,
        loss: 1,
      }
    },
  }
  return { trained, training, compute }
}

describe('what each device is given', () => {
  const query = 'rounds=1&localSteps=20&batch=8&baselines=0'

  async function unequal(more = 'allocation=by-speed') {
    const room = federationInMemory()
    const coordinator = await room.coordinator(`${query}&${more}`)
    const [fast, slow] = [deviceOf(0.1), deviceOf(0.4)]
    await room.device('fast', fast.training, fast.compute)
    await room.device('slow', slow.training, slow.compute)
    await ready(coordinator, 2)
    const given = (key: string) =>
      coordinator.store.getState().devices.find((device) => device.key === key)!.assigned
    return { coordinator, fast, slow, given }
  }

  it('follows from its speed, measured before the first order, and is shown', async () => {
    const { coordinator, fast, slow, given } = await unequal()
    expect(given('fast')).toMatchObject({ steps: 20, batch: 8, isInTime: true, byHand: {} })
    expect(given('slow')).toMatchObject({ steps: 5, batch: 8 })
    expect(given('slow')!.expectedMs).toBeCloseTo(given('fast')!.expectedMs)
    coordinator.start()
    await finished(coordinator)
    expect(fast.trained.at(-1)).toEqual({ steps: 20, batch: 8 })
    expect(slow.trained.at(-1)).toEqual({ steps: 5, batch: 8 })
  })

  it('is smaller batches, where the fewest steps would miss the deadline', async () => {
    const { given } = await unequal('allocation=by-speed&deadline=1')
    expect(given('slow')).toMatchObject({ steps: 4, batch: 4 })
  })

  it('can be set by hand, and let go again', async () => {
    const { coordinator, slow, given } = await unequal()
    coordinator.assign('slow', { steps: 11, batch: 2 })
    expect(given('slow')).toMatchObject({ steps: 11, batch: 2, byHand: { steps: 11, batch: 2 } })
    coordinator.assign('slow', { batch: 2 })
    expect(given('slow')).toMatchObject({ steps: 20, batch: 2, byHand: { batch: 2 } })
    coordinator.start()
    await finished(coordinator)
    expect(slow.trained.at(-1)).toEqual({ steps: 20, batch: 2 })
  })

  it('is one rank where the aggregation needs that, whatever is set by hand', async () => {
    const { coordinator, given } = await unequal('allocation=by-speed&aggregation=fedavg')
    const { rank } = given('slow')!
    coordinator.assign('slow', { rank: rank + 1 })
    expect(given('slow')).toMatchObject({ rank })
  })

  it('is the same for all where nobody asks for more', async () => {
    const { coordinator, slow, given } = await unequal('allocation=even')
    expect(given('slow')).toBeNull()
    coordinator.start()
    await finished(coordinator)
    expect(slow.trained, 'nothing is measured').toEqual([{ steps: 20, batch: 8 }])
  })

  it('is told to the device, and outlives a reload of the coordinator', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator(`${query}&allocation=by-speed`)
    const { training, compute } = deviceOf(0.1)
    const device = await room.device('a', training, compute)
    await ready(coordinator, 1)
    coordinator.assign('a', { steps: 7 })
    const told = (steps: number) =>
      until(device, ({ devices }) =>
        devices.some(({ isSelf, assigned }) => isSelf && assigned?.steps === steps),
      )
    await told(7)
    const again = await room.reloadCoordinator()
    await ready(again, 1)
    expect(again.store.getState().devices.find(({ key }) => key === 'a')!.assigned).toMatchObject({
      steps: 7,
    })
  })
})

describe('a device of lower rank', () => {
  /** Sizes of what each device made of an order, by its rank. */
  const sizes = new Map<number | undefined, number>()
  const openCompute: OpenCompute = () => {
    const compute = openHeadless()
    const real: Partial<Compute> = {
      open: (request) =>
        compute.open({ ...request, model: `public/models/${request.model}`, backend: 'wasm' }),
      async train(request, onProgress) {
        const trained = await compute.train(request, onProgress)
        sizes.set(request.rank, trained.adapter.length)
        return trained
      },
    }
    return { compute: { ...compute, ...real }, close: () => {} }
  }

  it.each(['flora', 'flexlora'])(
    'trains and sends less, and all end with one adapter (%s)',
    async (aggregation) => {
      const place = { network: memoryNetwork(), storage: memoryStorage() }
      const settings = `aggregation=${aggregation}&allocation=by-speed&rounds=2&localSteps=2&batch=2&rank=4`
      const coordinator = await openNode(place, 'c', `role=coordinator&${settings}`, openCompute)
      const devices = [
        await openNode(place, 'whole', 'role=device', openCompute),
        await openNode(place, 'part', 'role=device', openCompute),
      ]
      await ready(coordinator, 2)
      coordinator.assign('whole', { rank: 4 })
      coordinator.assign('part', { rank: 1 })
      coordinator.start()
      const { history } = await finished(coordinator)
      await Promise.all(devices.map((device) => until(device, ({ version }) => version === 2)))
      const snapshots = [coordinator, ...devices].map((node) => node.snapshot())
      expect(snapshots.flatMap(({ errors }) => errors)).toEqual([])
      expect(new Set(snapshots.map(({ adapterHash }) => adapterHash)).size).toBe(1)
      expect(history.map(({ contributors }) => contributors)).toEqual([2, 2])
      expect(history[1].heldOut!).toBeLessThan(coordinator.snapshot().loss.base!)
      expect(sizes.get(1)! / sizes.get(4)!).toBeLessThan(0.3)
    },
  )
})
