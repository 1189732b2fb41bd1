import { describe, expect, it } from 'vitest'
import { seededIdentities } from '../../network/identity/seeded'
import { virtualClock } from '../../network/time/virtual-clock'
import { defaultSettings } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import { memoryStorage } from '../stored/storage'
import { makeTab } from '../tab/tab'
import { Discretion } from './discretion'

const count = 20_000

/** The standard deviation of what such a device's change of nothing is hidden under. */
async function noiseOf(change: Partial<Settings>): Promise<number> {
  const settings: Settings = { ...defaultSettings, privacy: 'client', noise: 1, clip: 0.5, ...change }
  const tab = makeTab(settings, 'a', 'Ada', virtualClock())
  const { randomBytes } = seededIdentities(1)('a')
  const discretion = new Discretion({ tab, storage: memoryStorage(), randomBytes })
  await discretion.hold({ share: { train: [], heldOut: [], probes: [] }, apart: [], corpus: null, rows: 8 })
  const permit = discretion.permit({ steps: 4, clip: null })!
  const { change: hidden } = permit.hide(new Map([['a', { shape: [count], data: new Float32Array(count) }]]))
  const { data } = hidden.get('a')!
  return Math.sqrt(data.reduce((sum, value) => sum + value ** 2, 0) / count)
}

describe('what a device adds to hide its change', () => {
  it('is all of the noise where the change is seen by itself', async () => {
    expect(await noiseOf({})).toBeCloseTo(0.5, 1)
  })

  it('is a share where only sums of three are seen: three shares are all of it', async () => {
    const share = await noiseOf({ secure: true })
    expect(Math.abs(share * Math.sqrt(3) - 0.5)).toBeLessThan(0.02)
  })
})
