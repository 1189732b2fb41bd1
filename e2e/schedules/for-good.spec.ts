/**
 * The coordinator is gone for good, at bad moments: whoever the devices elect goes on from the same version with everybody, and the
 * run ends as if nothing had happened. What elections must not do is tried by chaos (tools/chaos) under the virtual clock.
 */
import { chromium, type Page } from '@playwright/test'
import { launchOptions } from '../browser'
import { expect } from '../fixtures'
import { snapshot } from '../surface'
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

/** Whoever of these coordinates next: the first heir, where nobody has seen more than it has. */
async function takesOver(...candidates: readonly Tab[]): Promise<{ next: Tab; others: readonly Tab[] }> {
  let next: Tab | undefined
  const look = async () => {
    const roles = await Promise.all(candidates.map(async ({ page }) => (await snapshot(page)).role))
    next = candidates[roles.indexOf('coordinator')]
    return next !== undefined
  }
  await expect.poll(look, { timeout: electionMs }).toBe(true)
  return { next: next!, others: candidates.filter((tab) => tab !== next) }
}

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
    const [founder, ...devices] = await byWill(await startRun({ more }))
    await end(founder.page)
    const { next, others } = await takesOver(...devices)
    await takePartAgain(next.page, keysOf(devices), quiet)
    await endsAlike(next.page, pagesOf(others), quiet)
  })

test('@long the coordinator dies for good while a device is loaded anew', async ({ startRun, quiet }) => {
  const [founder, first, second, other] = await byWill(await startRun({ more }))
  const reopen = await endOf(other, crash)
  await crash(founder.page)
  const again: Tab = { ...other, page: await reopen() }
  const { next, others } = await takesOver(first, second, again)
  await takePartAgain(next.page, keysOf([first, second, other]), quiet)
  await endsAlike(next.page, pagesOf(others), quiet)
})

test('@long the coordinator dies for good with its first heir, who comes back', async ({
  startRun,
  quiet,
}) => {
  const [founder, first, second, other] = await byWill(await startRun({ more }))
  const reopen = await endOf(first, crash)
  await crash(founder.page)
  const { next } = await takesOver(second, other)
  const page = await reopen()
  await takePartAgain(next.page, keysOf([first, second, other]), quiet)
  await endsAlike(next.page, [page, other.page], quiet)
})

test('@long two coordinators die for good, one after the other', async ({ startRun, quiet }) => {
  const [founder, ...devices] = await byWill(await startRun({ more }))
  await crash(founder.page)
  const { next: second, others } = await takesOver(...devices)
  await takePartAgain(second.page, keysOf(devices), quiet)
  await heirsOf(second.page)
  const reopen = await endOf(second, crash)
  const { next: third, others: left } = await takesOver(...others)
  // The device beside the second one learns, too: without its text the run would be another one.
  const page = await reopen()
  await takePartAgain(third.page, keysOf(devices), quiet)
  await endsAlike(third.page, [page, ...pagesOf(left)], quiet)
})

test('@long a coordinator that slept while another one was elected is told so when it wakes', async ({
  startRun,
  quiet,
}) => {
  const browser = await chromium.launch(launchOptions())
  const [founder, first, second, other] = await byWill(await startRun({ more, own: { browser, at: 0 } }))
  const { next, others } = await freeze(browser, 0, () => takesOver(first, second, other))
  await takePartAgain(next.page, keysOf([first, second, other]), quiet)
  const isTold = () =>
    founder.page.evaluate(() =>
      globalThis.gossamer!.store.getState().problems.some(({ code }) => code === 'succeeded'),
    )
  await expect.poll(isTold, { timeout: electionMs }).toBe(true)
  await endsAlike(next.page, pagesOf(others), quiet)
  await browser.close()
})
