/**
 * Whatever devices die of, break or sleep through in the middle of a run, the living end with one adapter, and who comes back takes
 * part again. All of it takes minutes and belongs to the long run: under the virtual clock chaos tries many more in every run.
 */
import { chromium, type Page } from '@playwright/test'
import { launchOptions } from '../browser'
import { expect } from '../fixtures'
import { selfKey } from '../surface'
import { crash, cutLinks, freeze } from './mishaps'
import { endOf, keysOf, pagesOf, search, type Tab, test, timeoutMs } from './run'
import { endsAlike, type Quiet, roundsWithout, takePartAgain } from './verdict'

test.describe.configure({ timeout: timeoutMs })

const isTraining = (coordinator: Page, key: string) =>
  expect
    .poll(
      () =>
        coordinator.evaluate(
          (wanted) =>
            globalThis.gossamer!.store.getState().devices.find((device) => device.key === wanted)?.activity,
          key,
        ),
      { intervals: [20], timeout: 30_000 },
    )
    .toBe('training')

test('@long a device whose links break takes part again', async ({ startRun, quiet }) => {
  const [coordinator, cut, ...others] = await startRun()
  await cutLinks(cut.page)
  await takePartAgain(coordinator.page, [cut.key], quiet)
  await endsAlike(coordinator.page, pagesOf([cut, ...others]), quiet)
})

for (const { when, more, waitFor } of [
  {
    when: 'while it sends its update',
    more: '',
    waitFor: ({ page }: Tab) =>
      page.evaluate(() => new Promise<void>((resolve) => (globalThis.stopUpload = resolve))),
  },
  {
    // Of three none is to be missed: the round waits for it, or is tried again.
    when: 'while it sends its update under masks',
    more: '&secure=1',
    waitFor: ({ page }: Tab) =>
      page.evaluate(() => new Promise<void>((resolve) => (globalThis.stopUpload = resolve))),
  },
  {
    when: 'in training',
    more: '',
    waitFor: ({ key }: Tab, coordinator: Page) => isTraining(coordinator, key),
  },
])
  test(`@long a device that dies ${when} comes back and takes part`, async ({ startRun, quiet }) => {
    const [coordinator, doomed, ...others] = await startRun({ more })
    const again = await endOf(doomed, async (page) => {
      await waitFor(doomed, coordinator.page)
      await crash(page)
    })
    const page = await again()
    await takePartAgain(coordinator.page, [doomed.key], quiet)
    await endsAlike(coordinator.page, [page, ...pagesOf(others)], quiet)
  })

test('@long of two that die at once both come back', async ({ startRun, quiet }) => {
  const [coordinator, one, two, other] = await startRun()
  const open = await Promise.all([one, two].map((tab) => endOf(tab, crash)))
  const again = await Promise.all(open.map((reopen) => reopen()))
  await takePartAgain(coordinator.page, keysOf([one, two]), quiet)
  await endsAlike(coordinator.page, [...again, other.page], quiet)
})

test('@long a tab that was frozen for 30 s takes part again', async ({ startRun, quiet }) => {
  const browser = await chromium.launch(launchOptions())
  const [coordinator, frozen, ...others] = await startRun({ own: { browser, at: 1 } })
  const missed = await freeze(browser, 30_000, () => roundsWithout(coordinator.page, frozen.key))
  expect(missed, 'rounds without the frozen tab').toBeGreaterThan(0)
  await takePartAgain(coordinator.page, [frozen.key], quiet)
  await endsAlike(coordinator.page, pagesOf([frozen, ...others]), quiet)
  await browser.close()
})

/** Thirteen laptops have more than two cores: each of these pages uses an eighth of the time that it would need. */
const laptops = '&slow=8'

test('@long ten devices that come at once all take part', async ({ startRun, openDevice, quiet }) => {
  const [coordinator, ...others] = await startRun({ more: laptops })
  const late = await Promise.all(
    Array.from({ length: 10 }, (_, at) =>
      openDevice('device', { search: `${search}${laptops}&name=Late${at}` }),
    ),
  )
  const keys = await Promise.all(late.map(selfKey))
  /** What the coordinator knows of them, and where they are themselves. */
  const waiting = async () => {
    const holdText = await coordinator.page.evaluate(() =>
      globalThis
        .gossamer!.store.getState()
        .devices.flatMap(({ key, examples }) => (examples > 0 ? [key] : [])),
    )
    const phases = await Promise.all(
      late.map((page) => page.evaluate(() => globalThis.gossamer!.store.getState().phase.kind)),
    )
    return phases.filter((_, at) => !holdText.includes(keys[at]))
  }
  await expect.poll(waiting, { timeout: 240_000, intervals: [500] }).toEqual([])
  const crowded: Quiet = { ...quiet, roundMs: 8 * quiet.roundMs }
  await takePartAgain(coordinator.page, keys, crowded)
  await endsAlike(coordinator.page, [...pagesOf(others), ...late], null)
})
