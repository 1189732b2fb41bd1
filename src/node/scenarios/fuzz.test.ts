/** Every message that there is a schema for, nearly right and by the thousand, against nodes that run. */
import { describe, expect, it } from 'vitest'
import { random } from '../../lib/rng'
import type { Network } from '../../network/network'
import { hostileMessage } from '../fixtures/fuzz'
import { federationInMemory, modelHash } from '../fixtures/room'
import { noUncaughtErrors, ready, settle, tellAll, withVillain } from '../fixtures/villain'
import { until } from '../fixtures/world'
import { fromCoordinator, fromDevice } from '../wire/messages'
import { fromNeighbour } from '../wire/neighbourMessages'

noUncaughtErrors()

describe('messages that no honest tab sends', () => {
  const kindsOf = (schema: { readonly options: readonly unknown[] }) =>
    schema.options as Parameters<typeof hostileMessage>[0]
  const bytesOf = (draw: ReturnType<typeof random>) =>
    draw.int(3) === 0 ? Uint8Array.from({ length: draw.int(200) }, () => draw.int(256)) : undefined

  /** Says so many things that are nearly right to everybody who listens. */
  async function babble(villain: Network, kinds: ReturnType<typeof kindsOf>, seed: number, count = 1500) {
    const draw = random(seed, 'babble')
    for (let at = 0; at < count; at++) {
      tellAll(villain, hostileMessage(kinds, draw), bytesOf(draw))
      if (at % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await settle()
  }

  it.each([
    ['synchronous', 'aggregation=fedavg'],
    ['clustered', 'scheme=clustered&aggregation=fedavg'],
    ['IFCA', 'scheme=clustered&clusterBy=loss&clusters=2&aggregation=fedavg'],
    ['asynchronous', 'scheme=asynchronous&aggregation=fedavg'],
    ['hierarchical', 'scheme=hierarchical&aggregation=fedavg&edges=1'],
  ])('end in no error of a coordinator with %s rounds, nor in its devices', async (_, query) => {
    for (const seed of [1, 2]) {
      const { room, coordinator, devices, villain } = await withVillain(`rounds=4&${query}`)
      await babble(villain, kindsOf(fromDevice), seed)
      coordinator.start()
      await babble(villain, kindsOf(fromDevice), seed + 100, 600)
      room.kill('villain')
      coordinator.resume()
      await until(coordinator, ({ phase }) => phase.kind === 'finished')
      await Promise.all(devices.map((device) => until(device, ({ version }) => version > 0)))
    }
  })

  it('end in no error of an edge', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=3&scheme=hierarchical&aggregation=fedavg&autostart=2')
    await Promise.all([room.edge('edge'), room.device('a', 1), room.device('b', 3)])
    const villain = room.villain.member('villain')
    villain.reach('mischief', villain.sighted)
    await settle()
    await babble(villain, kindsOf(fromDevice), 5)
    room.kill('villain')
    await until(coordinator, ({ phase }) => phase.kind === 'finished')
  })

  it('of a false coordinator end in no error of a device', async () => {
    for (const seed of [1, 2, 3]) {
      const room = federationInMemory()
      const fake = room.villain.coordinator()
      const device = await room.device('a', 1)
      await settle()
      const { settings } = device.store.getState()
      tellAll(fake, { type: 'welcome', index: 0, settings, modelHash, baseLoss: null, baseRecall: null })
      await until(device, ({ phase }) => phase.kind === 'lobby')
      await babble(fake, kindsOf(fromCoordinator), seed)
      await babble(fake, kindsOf(fromDevice), seed, 300)
      expect(device.snapshot().role).toBe('device')
      await device.leave()
    }
  })

  it('end in no error of a tab that gossips, and the others go on', async () => {
    for (const seed of [1, 2]) {
      const room = federationInMemory()
      const nodes = await Promise.all(
        ['a', 'b'].map((key, at) => room.peer(key, at, 'rounds=4&aggregation=fedavg&topology=full')),
      )
      await ready(nodes[0], 2)
      const villain = room.villain.equal('villain')
      villain.reach('mischief', villain.sighted)
      await settle()
      await babble(villain, kindsOf(fromNeighbour), seed)
      room.kill('villain')
      await settle()
      for (const node of nodes) expect(node.store.getState().phase.kind).not.toBe('failed')
      await Promise.all(nodes.map((node) => node.leave()))
    }
  })
})
