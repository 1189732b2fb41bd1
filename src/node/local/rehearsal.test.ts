/** What a device reads again of the base's world: where the room says so, or its own person. */
import { describe, expect, it } from 'vitest'
import { rehearsalText } from '../../corpora/pretraining'
import type { Compute, TrainRequest } from '../../training/compute'
import { federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'

/** A room of two, of which the second device's engine notes what it is asked to train. */
async function roomOf(query: string) {
  const asked: TrainRequest[] = []
  const held = new Map<string, number>()
  const noting: Partial<Compute> = {
    async hold(shelf, examples) {
      held.set(shelf, examples.length)
      return { examples: examples.length, rows: examples.length, tokens: examples.length }
    },
    async train(request) {
      asked.push(request)
      return { adapter: request.adapter, examples: 8, tokens: 8, seconds: 1, loss: 1 }
    },
  }
  const room = federationInMemory()
  const coordinator = await room.coordinator(`${query}&rounds=1&baselines=0&corpus=kitchen&seed=3`)
  await room.device('a', 1)
  const device = await room.device('b', 2, noting)
  const holdsText = ({ examples }: { readonly examples: number }) => examples > 0
  await until(coordinator, ({ devices }) => devices.filter(holdsText).length === 2)
  const run = async () => {
    coordinator.start()
    await until(coordinator, ({ phase }) => phase.kind === 'finished')
    return asked.map(({ rehearsal }) => rehearsal)
  }
  return { device, run, held }
}

describe('a device', () => {
  it('reads public text again where the room says so: its own, with the weight that is said', async () => {
    const { run, held } = await roomOf('model=toy&rehearsal=6')
    expect(await run()).toEqual([{ shelf: 'rehearsal', weight: 6 }])
    expect(held.get('rehearsal')).toBe(rehearsalText('toy', 3, 1).length)
  })

  it.each([
    ['nobody asks for it', 'model=toy'],
    ['the world of the model is not known', 'model=someone/model&rehearsal=6'],
  ])('reads none where %s', async (_, query) => {
    const { run, held } = await roomOf(query)
    expect(await run()).toEqual([undefined])
    expect(held.has('rehearsal')).toBe(false)
  })

  it('reads it for its own person, who can decide nothing else of the room', async () => {
    const { device, run } = await roomOf('model=toy')
    await device.configure({ rehearsal: 4 })
    await expect(device.configure({ rounds: 9 })).rejects.toThrow('Only the coordinator')
    await expect(device.configure({ rehearsal: 1, lr: 1 })).rejects.toThrow('Only the coordinator')
    expect(device.store.getState().settings).toMatchObject({ rehearsal: 4, rounds: 1 })
    expect(await run()).toEqual([{ shelf: 'rehearsal', weight: 4 }])
  })
})
