import { describe, expect, it } from 'vitest'
import { deferred } from '../../lib/async'
import { seededIdentities } from '../../network/identity/seeded'
import { virtualClock } from '../../network/time/virtual-clock'
import { defaultSettings } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import type { HeldShare } from '../local/text'
import { memoryStorage } from '../stored/storage'
import { makeTab } from '../tab/tab'
import { Discretion } from './discretion'

const count = 20_000

/** A tab that holds text of this name, on this disk. */
async function discretionOf(change: Partial<Settings>, storage = memoryStorage(), text = 'a') {
  const settings: Settings = { ...defaultSettings, privacy: 'client', noise: 1, clip: 0.5, ...change }
  const tab = makeTab(settings, 'a', 'Ada', virtualClock())
  const { randomBytes } = seededIdentities(1)('a')
  const discretion = new Discretion({ tab, storage, randomBytes })
  await discretion.hold(textOf(text))
  return discretion
}
const textOf = (name: string): HeldShare => ({
  share: { train: [{ prompt: '', completion: name }], heldOut: [], probes: [] },
  apart: [],
  corpus: null,
  rows: 8,
})
const order = { steps: 4, clip: null }

/** The standard deviation of what such a device's change of nothing is hidden under. */
async function noiseOf(change: Partial<Settings>): Promise<number> {
  const discretion = await discretionOf(change)
  const permit = discretion.permit(order)!
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

describe('the account of a text', () => {
  /** With this noise one update costs 4.75, and two 7.09. */
  const once = { epsilon: 6 }

  it('is charged once though two tabs hold the text, and both were allowed the same last update', async () => {
    const storage = memoryStorage()
    const tabs = [await discretionOf(once, storage), await discretionOf(once, storage)]
    const permits = tabs.map((tab) => tab.permit(order)!)
    expect(await Promise.all(permits.map((permit) => permit.charge()))).toEqual([true, false])
    for (const discretion of tabs) {
      expect(discretion.account()).toMatchObject({ updates: 1, isSpent: true })
      expect(discretion.permit(order)).toBeNull()
    }
  })

  it('is charged where it was trained on, though another text is held by now', async () => {
    const discretion = await discretionOf(once)
    const permit = discretion.permit(order)!
    await discretion.hold(textOf('b'))
    expect(await permit.charge()).toBe(true)
    expect(discretion.account()).toMatchObject({ updates: 0, isSpent: false })
    await discretion.hold(textOf('a'))
    expect(discretion.account()).toMatchObject({ updates: 1, isSpent: true })
  })

  it('is that of the text that is held, whichever answer of the disk comes last', async () => {
    const storage = memoryStorage()
    await (await discretionOf(once, storage)).permit(order)!.charge()
    const { promise: slow, resolve } = deferred<void>()
    const { loadAccounts } = storage
    const discretion = await discretionOf(once, storage, 'b')
    storage.loadAccounts = async (hash) => {
      const found = loadAccounts(hash)
      if ((await found).value.device.updates > 0) await slow
      return found
    }
    const before = discretion.hold(textOf('a'))
    expect(await discretion.hold(textOf('b'))).toBe(true)
    resolve()
    expect(await before).toBe(false)
    expect(discretion.account()).toMatchObject({ updates: 0 })
  })
})
