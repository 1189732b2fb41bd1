/** What comes late, or again, over another way than what followed it: a device that has gone on is not set back. */
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../lib/hash'
import { usualOrder } from '../fixtures/order'
import { federationInMemory, modelHash, towards, toyCompute } from '../fixtures/room'
import { settle, tellAll } from '../fixtures/villain'
import { until } from '../fixtures/world'
import type { ToDevice } from '../wire/messages'

const opening = {
  model: 'toy',
  backend: 'cpu',
  adapter: { rank: 1, alpha: 2, targets: ['w'] },
  seed: 1,
} as const

/** A device that has met a coordinator, which says nothing yet. */
async function met() {
  const room = federationInMemory()
  const coordinator = room.villain.coordinator()
  const device = await room.device('a', 1)
  await settle()
  const { settings } = device.store.getState()
  const welcome = () =>
    tellAll(coordinator, { type: 'welcome', index: 0, settings, modelHash, baseLoss: null, baseRecall: null })
  return { room, coordinator, device, welcome }
}

/** One that it has greeted; `say` speaks for the coordinator, whole adapters included. */
async function greeted() {
  const { initialAdapter } = await toyCompute(() => towards(0)).open(opening)
  const { room, coordinator, device, welcome } = await met()
  welcome()
  await until(device, ({ backend }) => backend !== null)
  const [to] = coordinator.peers.keys()
  const say = async (message: ToDevice, attachment?: Uint8Array) => {
    await coordinator.send(to, await room.signed(message), { attachment })
    await settle()
  }
  const adapter = (number: number, adapter: string, version: number) =>
    say(
      { type: 'adapter', number, adapter, version, hash: sha256Hex(initialAdapter), folds: 0, change: null },
      initialAdapter,
    )
  return { device, say, adapter }
}

describe('an order that was meant for the last life of a tab', () => {
  it('is no reason not to settle in: what it waits for comes only then', async () => {
    const { room, coordinator, device, welcome } = await met()
    const [to] = coordinator.peers.keys()
    await coordinator.send(to, await room.signed({ ...usualOrder, round: 5, forRound: 5, version: 4 }))
    await settle()
    welcome()
    await until(device, ({ backend }) => backend !== null)
    expect(device.snapshot().errors).toEqual([])
  })
})

describe('an adapter that comes late or again', () => {
  it('is of no use, whatever its name and version; one that is sent later counts, whatever its version', async () => {
    const { device, adapter } = await greeted()
    const held = async (...sent: Parameters<typeof adapter>) => {
      await adapter(...sent)
      return device.snapshot().version
    }
    expect(await held(1, 'global', 3)).toBe(3)
    expect(await held(3, 'cluster-1', 9)).toBe(9)
    expect(await held(1, 'global', 3), 'again').toBe(9)
    expect(await held(2, 'global', 4), 'late').toBe(9)
    expect(await held(4, 'cluster-2', 8), 'it was moved').toBe(8)
    expect(await held(5, 'global', 2), 'the coordinator had to go back').toBe(2)
    expect(device.snapshot().errors).toEqual([])
  })
})

describe('a digest that comes late or again', () => {
  it('shows no run that is over as running', async () => {
    const { device, say } = await greeted()
    const round = { number: 1, of: 1, stage: null, cohort: 1, arrived: 1, startedAtMs: 1, deadlineAtMs: null }
    const tell = async (number: number, kind: 'running' | 'finished') => {
      const phase = kind === 'running' ? { kind } : { kind, why: 'It is over.' }
      const standing = { phase, round, startedAtMs: 1 }
      await say({ type: 'digest', number, begins: number === 1, devices: [], gone: [], standing })
      return device.store.getState().phase.kind
    }
    expect(await tell(1, 'running')).toBe('running')
    expect(await tell(2, 'finished')).toBe('finished')
    expect(await tell(1, 'running')).toBe('finished')
  })
})
