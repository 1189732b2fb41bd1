/**
 * The coordinator is gone for good, at bad moments: whoever the devices elect goes on from the same version with everybody, and the
 * run ends as if nothing had happened. What elections must not do is tried by chaos (tools/chaos) under the virtual clock.
 */
import { chromium, type Page } from '@playwright/test'
import { launchOptions } from '../browser'
import { expect } from '../fixtures'
import { until } from '../surface'
import { crash, freeze } from './mishaps'
import { endOf, keysOf, pagesOf, type Tab, type Tabs, test, timeoutMs } from './run'
import { endsAlike, takePartAgain } from './verdict'

test.describe.configure({ timeout: timeoutMs })

/** Seconds until an heir asks to be elected. */
const silence = 10
const more = `&silence=${silence}`
const electionMs = 120_000

const heirsOf = async (page: Page): Promise<readonly string[]> => {
  const heirs = () => page.evaluate(() => globalThis.gossamer!.store.getState().succession.heirs)
  await expect.poll(async () => (await heirs()).length, { timeout: 30_000 }).toBe(2)
  return heirs()
}

/** The run, with its devices by their place in the will: two heirs, and one who only votes. */
async function byWill([founder, ...devices]: Tabs): Promise<readonly [Tab, Tab, Tab, Tab]> {
  const heirs = await heirsOf(founder.page)
  const [first, second] = heirs.map((key) => devices.find((tab) => tab.key === key)!)
  const other = devices.find(({ key }) => !heirs.includes(key))!
  return [founder, first, second, other]
}

const takesOver = (page: Page) => until(page, ({ role }) => role === 'coordinator', null, electionMs)

for (const { how, end } of [
  { how: 'closes its tab', end: (page: Page) => page.close() },
  { how: 'crashes', end: crash },
  {
    how: 'crashes while it hands out a version',
    end: async (page: Page) => {
      await page.evaluate(() => new Promise<void>((resolve) => (globalThis.stopUpload = resolve)))
      await crash(page)
    },
  },
])
  test(`@long the coordinator ${how}, for good`, async ({ startRun, quiet }) => {
    const [founder, first, second, other] = await byWill(await startRun({ more }))
    await end(founder.page)
    await takesOver(first.page)
    await takePartAgain(first.page, keysOf([first, second, other]), quiet)
    await endsAlike(first.page, pagesOf([second, other]), quiet)
  })

test('@long the coordinator dies for good while a device is loaded anew', async ({ startRun, quiet }) => {
  const [founder, first, second, other] = await byWill(await startRun({ more }))
  const reopen = await endOf(other, crash)
  await crash(founder.page)
  const page = await reopen()
  await takesOver(first.page)
  await takePartAgain(first.page, keysOf([first, second, other]), quiet)
  await endsAlike(first.page, [second.page, page], quiet)
})

test('@long the coordinator dies for good with its first heir, who comes back', async ({
  startRun,
  quiet,
}) => {
  const [founder, first, second, other] = await byWill(await startRun({ more }))
  const reopen = await endOf(first, crash)
  await crash(founder.page)
  await takesOver(second.page)
  const page = await reopen()
  await takePartAgain(second.page, keysOf([first, second, other]), quiet)
  await endsAlike(second.page, [page, other.page], quiet)
})

test('@long two coordinators die for good, one after the other', async ({ startRun, quiet }) => {
  const [founder, first, second, other] = await byWill(await startRun({ more }))
  await crash(founder.page)
  await takesOver(first.page)
  await takePartAgain(first.page, keysOf([first, second, other]), quiet)
  const [nextKey] = (await heirsOf(first.page)).filter((key) => key !== first.key)
  const [next, last] = nextKey === second.key ? [second, other] : [other, second]
  const reopen = await endOf(first, crash)
  await takesOver(next.page)
  // Its device is one of those that learn: without its text the run would be another one.
  const page = await reopen()
  await takePartAgain(next.page, keysOf([first, second, other]), quiet)
  await endsAlike(next.page, [page, last.page], quiet)
})

test('@long a coordinator that slept while another one was elected is told so when it wakes', async ({
  startRun,
  quiet,
}) => {
  const browser = await chromium.launch(launchOptions())
  const [founder, first, second, other] = await byWill(await startRun({ more, own: { browser, at: 0 } }))
  await freeze(browser, 0, () => takesOver(first.page))
  await takePartAgain(first.page, keysOf([first, second, other]), quiet)
  const isTold = () =>
    founder.page.evaluate(() =>
      globalThis.gossamer!.store.getState().problems.some(({ code }) => code === 'succeeded'),
    )
  await expect.poll(isTold, { timeout: electionMs }).toBe(true)
  await endsAlike(first.page, pagesOf([second, other]), quiet)
  await browser.close()
})
