/** The audit beside the claim, in rooms of the Lab with real training: part of the long run. docs/privacy.md has the figures. */
import { describe, expect, it } from 'vitest'
import type { Settings } from '../settings/table'
import { labPresets } from './presets'
import { runPreset } from './runPreset'
import { employThreads } from './training/threads'

async function roomOf(change: Partial<Settings>) {
  const { settings, world } = labPresets.iid
  const own = { ...settings, aggregation: 'ffa', rounds: 2, localSteps: 20, lr: 1e-2, audit: true } as const
  const { audit, privacy } = await runPreset(
    {
      preset: { settings: { ...own, ...change }, world: { ...world, devices: 3 } },
      seed: 1,
      model: 'public/models/toy',
      baselines: [],
    },
    (devices) => employThreads(devices, 0),
  )
  return { audit, claimed: privacy?.epsilon ?? null }
}

describe('what a room’s audit shows', () => {
  it('is that texts are told apart where nothing is added, and chance under noise, below the claim', async () => {
    const open = await roomOf({ privacy: 'client', noise: 0, clip: 10 })
    expect(open.claimed, 'no guarantee').toBeNull()
    expect(open.audit).toMatchObject({ pieces: 30, updates: 2 })
    const hidden = await roomOf({ privacy: 'client', noise: 1, clip: 0.1 })
    expect(hidden.audit!.epsilonAtLeast).toBeLessThanOrEqual(hidden.claimed!)
    expect(open.audit!.auc).toBeGreaterThan(hidden.audit!.auc)
  })

  it('is nothing where nobody asked for it', async () => {
    expect((await roomOf({ audit: false, privacy: 'client', noise: 1, clip: 0.1 })).audit).toBeNull()
  })
})
