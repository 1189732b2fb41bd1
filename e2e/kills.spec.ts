/**
 * Whatever dies, breaks or freezes in the middle of a run, the living end with one adapter, and who comes back takes part
 * again. All of it takes minutes and belongs to the long run: under the virtual clock chaos tries many more in every run.
 */

import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import { listen } from '../server/listen'
import { launchOptions } from './browser'
import { appAddress, test as base, expect, root } from './fixtures'
import {
  crash,
  cutLinks,
  devices,
  endsAlike,
  freeze,
  goesOn,
  type Quiet,
  quietOf,
  remainsOf,
  restore,
  roundsWithout,
  search,
  selfKey,
  takePartAgain,
  watchConnections,
} from './schedules'
import { until, untilRound } from './surface'

/** As many rounds as any schedule lasts; a run that ended earlier is compared at its own end. */
const quietRounds = 40

interface Tab {
  readonly page: Page
  readonly context: BrowserContext
  readonly key: string
}

interface RunOptions {
  /** Of the server; the usual one's otherwise. */
  readonly address?: string
  /** The browser of the first device; the one of all others otherwise. */
  readonly own?: Browser
  /** Added to what stands in every address. */
  readonly more?: string
}

interface TestFixtures {
  /** A coordinator and three devices in browsers of their own, in the middle of their run. */
  startRun(options?: RunOptions): Promise<readonly [Tab, ...Tab[]]>
  readonly quiet: Quiet
}

/** Of this worker: the undisturbed run is the same for all schedules. */
let known: Quiet | null = null

const test = base.extend<TestFixtures>({
  startRun: async ({ newContext, appUrl }, use) => {
    await use(async ({ address = appUrl, own, more = '' } = {}) => {
      const tabs: Tab[] = []
      for (let at = 0; at <= devices; at++) {
        const context =
          own && at === 1 ? await own.newContext({ permissions: ['microphone'] }) : await newContext()
        await context.addInitScript(watchConnections)
        const page = await context.newPage()
        await page.goto(
          appAddress(address, at ? 'device' : 'coordinator', { search: `${search}${more}&name=Tab${at}` }),
        )
        await page.waitForFunction(() => 'gossamer' in globalThis)
        tabs.push({ page, context, key: await selfKey(page) })
        // One after the other: places, and so the texts, follow arrival.
        await until(
          tabs[0].page,
          (state, count) => state.peers.filter(({ state: of }) => of === 'idle').length === count,
          at,
        )
      }
      await tabs[0].page.evaluate(() => globalThis.gossamer!.start())
      await untilRound(tabs[0].page, 2)
      return tabs as [Tab, ...Tab[]]
    })
  },
  quiet: async ({ startRun }, use) => {
    if (!known) {
      const tabs = await startRun()
      await untilRound(tabs[0].page, quietRounds, 300_000)
      known = await quietOf(tabs[0].page)
      console.log(`undisturbed: a round takes ${(known.roundMs / 1000).toFixed(1)} s`)
      await Promise.all(tabs.map(({ context }) => context.close()))
    }
    await use(known)
  },
})

test.describe.configure({ timeout: 600_000 })

const pagesOf = (tabs: readonly Tab[]) => tabs.map(({ page }) => page)
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

test('@long a device that dies while it sends its update comes back and takes part', async ({
  startRun,
  quiet,
}) => {
  const [coordinator, doomed, ...others] = await startRun()
  const remains = await remainsOf(doomed.page)
  const address = doomed.page.url()
  await doomed.page.evaluate(() => new Promise<void>((resolve) => (globalThis.stopUpload = resolve)))
  await crash(doomed.page)
  const page = await restore(doomed.context, address, remains)
  await takePartAgain(coordinator.page, [doomed.key], quiet)
  await endsAlike(coordinator.page, [page, ...pagesOf(others)], quiet)
})

test('@long a device that dies in training comes back and takes part', async ({ startRun, quiet }) => {
  const [coordinator, doomed, ...others] = await startRun()
  const remains = await remainsOf(doomed.page)
  const address = doomed.page.url()
  await isTraining(coordinator.page, doomed.key)
  await crash(doomed.page)
  const page = await restore(doomed.context, address, remains)
  await takePartAgain(coordinator.page, [doomed.key], quiet)
  await endsAlike(coordinator.page, [page, ...pagesOf(others)], quiet)
})

test('@long of two that die at once both come back', async ({ startRun, quiet }) => {
  const [coordinator, one, two, other] = await startRun()
  const before = await Promise.all(
    [one, two].map(async (tab) => ({ ...tab, remains: await remainsOf(tab.page), address: tab.page.url() })),
  )
  await Promise.all(before.map(({ page }) => crash(page)))
  const again = await Promise.all(
    before.map(({ context, address, remains }) => restore(context, address, remains)),
  )
  await takePartAgain(coordinator.page, [one.key, two.key], quiet)
  await endsAlike(coordinator.page, [...again, other.page], quiet)
})

test('@long a tab that was frozen for 30 s takes part again', async ({ startRun, quiet }) => {
  const own = await chromium.launch(launchOptions())
  const [coordinator, frozen, ...others] = await startRun({ own })
  const missed = await freeze(own, 30_000, () => roundsWithout(coordinator.page, frozen.key))
  expect(missed, 'rounds without the frozen tab').toBeGreaterThan(0)
  await takePartAgain(coordinator.page, [frozen.key], quiet)
  await endsAlike(coordinator.page, pagesOf([frozen, ...others]), quiet)
  await own.close()
})

for (const [how, end] of [
  ['closed', (page: Page) => page.close()],
  ['crashed', crash],
] as const)
  test(`@long a coordinator that is ${how} and opened again goes on with everybody`, async ({
    startRun,
    quiet,
  }) => {
    const [coordinator, ...others] = await startRun()
    const remains = await remainsOf(coordinator.page)
    const address = coordinator.page.url()
    await end(coordinator.page)
    const page = await restore(coordinator.context, address, remains)
    await until(page, ({ round }) => round >= 2, null)
    await goesOn(page)
    await takePartAgain(
      page,
      others.map(({ key }) => key),
      quiet,
    )
    await endsAlike(page, pagesOf(others), quiet)
  })

test('@long the server dies and is started again: nobody is missed', async ({ startRun, quiet }) => {
  const open = (port: number) =>
    listen({ port, pages: join(root, 'dist'), lan: null, report: (error) => console.error(error.message) })
  const first = await open(0)
  const address = `http://localhost:${first.port}`
  const [coordinator, ...others] = await startRun({ address })
  const keys = others.map(({ key }) => key)
  await first.close()
  await takePartAgain(coordinator.page, keys, quiet)
  await new Promise((resolve) => setTimeout(resolve, 3_000)) // away long enough to be missed
  const second = await open(first.port)
  await takePartAgain(coordinator.page, keys, quiet)
  await endsAlike(coordinator.page, pagesOf(others), quiet)
  await Promise.all([coordinator, ...others].map(({ context }) => context.close()))
  await second.close()
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
