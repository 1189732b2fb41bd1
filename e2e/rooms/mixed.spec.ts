/**
 * A room of Chromium and Firefox. Both compute with the same functions, so whoever coordinates, both end with one hash.
 * Where there is no Firefox this is not run, and says so.
 */
import type { Snapshot } from '../../src/node/tab/snapshot'
import { type Firefox, type FirefoxTab, firefoxPath, launchFirefox } from '../firefox'
import { appAddress, test as base, expect } from '../fixtures'
import { snapshot, until, untilRound } from '../surface'

const path = firefoxPath()
const test = base.extend<{ readonly firefox: Firefox }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
  firefox: async ({}, use) => {
    const firefox = await launchFirefox(path!)
    await use(firefox)
    await firefox.close()
  },
})
test.skip(
  path === null,
  'There is no Firefox on this machine: apt-get install firefox-esr, or FIREFOX=/path/to/it.',
)
test.describe.configure({ timeout: 240_000 })

const search = 'rounds=2&localSteps=4&baselines=0&autostart=1'
const patience = { timeout: 120_000, intervals: [300] }
const seen = (tab: FirefoxTab) => tab.evaluate<Snapshot | null>('globalThis.gossamer?.snapshot()')
const roundOf = async (tab: FirefoxTab) => (await seen(tab))?.round

test('Chromium coordinates, Firefox trains, and both have one adapter', async ({
  openDevice,
  firefox,
  appUrl,
}) => {
  const coordinator = await openDevice('coordinator', { search })
  await until(coordinator, ({ invite }) => invite !== null, null)
  const device = await firefox.open(appAddress(appUrl, 'device', { search }))
  await untilRound(coordinator, 2, 120_000)
  await expect.poll(() => roundOf(device), patience).toBe(2)
  const [here, there] = [await snapshot(coordinator), (await seen(device))!]
  expect(there.adapterHash).toBe(here.adapterHash)
  expect(here.peers).toMatchObject([{ transport: 'webrtc' }])
  expect([...here.errors, ...there.errors]).toEqual([])
})

test('Firefox coordinates, Chromium trains, and both have one adapter', async ({
  openDevice,
  firefox,
  appUrl,
}) => {
  const coordinator = await firefox.open(appAddress(appUrl, 'coordinator', { search }))
  await expect.poll(async () => (await seen(coordinator))?.invite ?? null, patience).not.toBeNull()
  const device = await openDevice('device', { search })
  await untilRound(device, 2, 120_000)
  await expect.poll(() => roundOf(coordinator), patience).toBe(2)
  const [here, there] = [await snapshot(device), (await seen(coordinator))!]
  expect(there.adapterHash).toBe(here.adapterHash)
  expect(there.peers).toMatchObject([{ transport: 'webrtc' }])
  expect([...here.errors, ...there.errors]).toEqual([])
})
