/** What a device and a round cost does not grow with how many there are: counted, in messages on the wire and timers rung. */
import { expect, it } from 'vitest'
import { labPresets } from './presets'
import { aWish, roomSettings } from './runPreset'
import { openSimulatedRoom } from './simulation/room'
import { quadraticTrainer } from './training/quadratic'

const rounds = 3
/** All alike, so that what happens differs in nothing but the number of devices. */
const alike = { ...labPresets.iid.world, jobDeviation: 0, spread: 0 }

/** Frames of each kind for a device and a round, once all are in. */
async function framesOf(devices: number): Promise<Record<string, number>> {
  const preset = { settings: { ...labPresets.iid.settings, rounds }, world: { ...alike, devices } }
  const { clock, coordinator, links } = await openSimulatedRoom({
    settings: roomSettings(preset, 1),
    world: { ...preset.world, seed: 1 },
    trainer: quadraticTrainer({ devices, seed: 1, groups: 1, spread: 0.1, noise: 0.01 }),
    textOf: () => aWish,
  })
  const frames: Record<string, number> = {}
  const { sent } = links
  links.sent = (key, to, kind, ...what) => {
    frames[kind] = (frames[kind] ?? 0) + 1
    sent(key, to, kind, ...what)
  }
  coordinator!.start()
  await clock.run(clock.now() + 3_600_000, () => coordinator!.store.getState().phase.kind === 'finished')
  expect(coordinator!.snapshot()).toMatchObject({ version: rounds, errors: [] })
  return Object.fromEntries(Object.entries(frames).map(([kind, count]) => [kind, count / (devices * rounds)]))
}

it('a device of a crowd is sent and says as much in a round, whether there are a hundred or four hundred', async () => {
  const { digest: ofHundred, heartbeat: _, ...hundred } = await framesOf(100)
  const { digest: ofMore, heartbeat: __, ...more } = await framesOf(400)
  // An adapter and an update are two frames each: the words, and what is attached.
  expect(hundred).toEqual({ order: 1, status: 1, update: 2, adapter: 2, loaded: 1, record: 1 })
  expect(more).toEqual(hundred)
  expect(ofMore, 'digests are gathered for longer').toBeLessThanOrEqual(ofHundred)
})
