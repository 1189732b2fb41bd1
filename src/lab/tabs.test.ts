/** What the Lab simulates is what tabs do: the same seed, orders and arithmetic give the same adapter, bit for bit. */
import { expect, it } from 'vitest'
import { federationInMemory, towards } from '../node/fixtures/room'
import { until } from '../node/fixtures/world'
import { adapterConfigOf } from '../settings/derived/adapter'
import { learningRatesOf } from '../settings/derived/learningRate'
import { settingsToSearch } from '../settings/reading'
import type { Compute } from '../training/compute'
import { openHeadless } from '../training/headless'
import { labPresets } from './presets'
import { aWish, roomSettings } from './runPreset'
import { openSimulatedRoom } from './simulation/room'
import { quadraticTrainer } from './training/quadratic'
import { realTrainer } from './training/real'
import { employThreads } from './training/threads'

const devices = 4

it.each([
  ['averages', { aggregation: 'fedavg', compression: 'none' }],
  ['exact rules, whose fold stays beside the base', { aggregation: 'fedex', compression: 'none' }],
  ['coded updates and versions, with what coding owes', { aggregation: 'fedavg', compression: 'int8' }],
] as const)('the Lab ends with the hash that nodes in a test room end with: %s', async (_, given) => {
  const { settings, world } = labPresets.iid
  const preset = { settings: { ...settings, ...given, rounds: 3 }, world: { ...world, devices } }
  const agreed = roomSettings(preset, 5)
  const trainer = quadraticTrainer({ devices, seed: 5, groups: 2, spread: 0.3, noise: 0.05 })

  const simulated = await openSimulatedRoom({
    settings: agreed,
    world: { ...preset.world, seed: 5 },
    trainer,
    textOf: () => aWish,
  })
  const { clock, coordinator: leader } = simulated
  leader!.start()
  await clock.run(clock.now() + 600_000, () => leader!.store.getState().phase.kind === 'finished')

  const computeOf = (device: number): Partial<Compute> => ({
    open: async () => trainer.opened,
    hold: (_, examples) => trainer.hold(device, 'train', examples),
    train: ({ shelf: _, ...job }) => trainer.train(device, job),
    evaluate: async () => ({ loss: 0, tokens: 0 }),
    answer: async () => [],
  })
  const room = federationInMemory()
  const query = settingsToSearch({ ...agreed, room: null })
  const coordinator = await room.coordinator(query, computeOf(0))
  for (let device = 0; device < devices; device++) {
    await room.device(`device-${device}`, towards(0), computeOf(device))
    await until(
      coordinator,
      (state) => state.devices.filter(({ examples }) => examples > 0).length === device + 1,
    )
  }
  coordinator.start()
  await until(coordinator, ({ history }) => history.length === 3)

  expect(coordinator.snapshot()).toMatchObject({ round: 3, version: 3, errors: [] })
  expect(leader!.snapshot()).toMatchObject({ round: 3, version: 3, errors: [] })
  expect(leader!.snapshot().adapterHash).toBe(coordinator.snapshot().adapterHash)
})

it('and with real training: the same steps of the same model on the same text, by other engines', async () => {
  const rounds = 2
  const { settings, world } = labPresets.iid
  const preset = {
    settings: { ...settings, model: 'toy', rounds, localSteps: 3, corpus: 'kitchen' as const },
    world: { ...world, devices },
  }
  const agreed = roomSettings(preset, 5)
  const open = { model: 'public/models/toy', backend: 'wasm' as const }
  const trainer = await realTrainer(
    {
      open: { ...open, adapter: adapterConfigOf(agreed), seed: 5 },
      corpus: 'kitchen',
      devices,
      batch: agreed.batch,
      learningRates: learningRatesOf(agreed),
      rehearses: null,
    },
    employThreads(devices, 0),
  )
  const { clock, coordinator: leader } = await openSimulatedRoom({
    settings: agreed,
    world: { ...preset.world, seed: 5 },
    trainer,
    textOf: () => 'kitchen',
  })
  leader!.start()
  await clock.run(clock.now() + 600_000, () => leader!.store.getState().phase.kind === 'finished')
  await trainer.close()

  const engine = (): Partial<Compute> => {
    const compute = openHeadless()
    return { ...compute, open: (request) => compute.open({ ...request, ...open }) }
  }
  const room = federationInMemory()
  const coordinator = await room.coordinator(settingsToSearch({ ...agreed, room: null }), engine())
  for (let device = 0; device < devices; device++) {
    await room.device(`device-${device}`, towards(0), engine())
    const isSeated = ({ examples }: { readonly examples: number }) => examples > 0
    await until(coordinator, (state) => state.devices.filter(isSeated).length === device + 1)
  }
  coordinator.start()
  await until(coordinator, ({ version, phase }) => version === rounds && phase.kind === 'finished')
  expect(leader!.snapshot()).toMatchObject({ version: rounds, errors: [] })
  expect(leader!.snapshot().adapterHash).toBe(coordinator.snapshot().adapterHash)
}, 120_000)
