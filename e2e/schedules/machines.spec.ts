/**
 * What is not the tab's own fault: its browser stores no more, its computer's clock is set, the GPU is taken away, somebody knocks
 * whose page was built from another version. The run goes on, and ends as the quiet one.
 */
import { chromium } from '@playwright/test'
import { launchOptions, softwareGpu } from '../browser'
import { appAddress, expect } from '../fixtures'
import { snapshot, until, untilRound } from '../surface'
import { crash, limitDisk, setClock, speakOtherwise, takeGpu } from './mishaps'
import { endOf, keysOf, pagesOf, search, test, timeoutMs } from './run'
import { endsAlike, goesOn, takePartAgain } from './verdict'

test.describe.configure({ timeout: timeoutMs })

const dayMs = 86_400_000

for (const [who, at] of [
  ['coordinator', 0],
  ['device', 1],
] as const)
  test(`@long the disk of a ${who} is full for some rounds, and it goes on`, async ({ startRun, quiet }) => {
    const tabs = await startRun()
    const [coordinator, ...others] = tabs
    const { page } = tabs[at]
    await limitDisk(page, 1)
    const { round } = await snapshot(coordinator.page)
    await untilRound(coordinator.page, round + 4)
    if (at === 0)
      await until(page, ({ errors }) => errors.some(({ code }) => code === 'not-stored'), null, 30_000)
    await limitDisk(page, null)
    await takePartAgain(coordinator.page, keysOf(others), quiet)
    if (at === 0)
      await until(page, ({ errors }) => errors.every(({ code }) => code !== 'not-stored'), null, 30_000)
    await endsAlike(coordinator.page, pagesOf(others), quiet)
  })

for (const [where, byMs] of [
  ['back', -dayMs],
  ['ahead', dayMs],
] as const) {
  test(`@long a device dies, its clock is set ${where} by a day, and it takes part again`, async ({
    startRun,
    quiet,
  }) => {
    const [coordinator, doomed, ...others] = await startRun()
    const open = await endOf(doomed, crash)
    await doomed.context.addInitScript(setClock, byMs)
    const page = await open()
    await takePartAgain(coordinator.page, [doomed.key], quiet)
    await endsAlike(coordinator.page, [page, ...pagesOf(others)], quiet)
  })

  test(`@long a coordinator dies, its clock is set ${where} by a day, and it goes on with everybody`, async ({
    startRun,
    quiet,
  }) => {
    const [coordinator, ...others] = await startRun()
    const open = await endOf(coordinator, crash)
    await coordinator.context.addInitScript(setClock, byMs)
    const page = await open()
    await until(page, ({ round }) => round >= 2, null)
    await goesOn(page)
    await takePartAgain(page, keysOf(others), quiet)
    await endsAlike(page, pagesOf(others), quiet)
  })
}

test('@long the GPU of a device is taken away, and it takes part again', async ({ startRun, quiet }) => {
  test.setTimeout(2 * timeoutMs)
  const browser = await chromium.launch(launchOptions(...softwareGpu))
  // Nobody trains as slowly as a GPU of software: rounds would close without it.
  const [coordinator, robbed, ...others] = await startRun({
    more: '&waitsForAll=1',
    own: { browser, at: 1, more: '&backend=webgpu' },
  })
  expect((await snapshot(robbed.page)).backend).toBe('webgpu')
  await takeGpu(browser)
  // A GPU of software compiles its shaders once more, which takes as long as many of the others' rounds.
  await takePartAgain(coordinator.page, [robbed.key], { ...quiet, roundMs: 15 * quiet.roundMs })
  expect((await snapshot(robbed.page)).backend).toBe('webgpu')
  await endsAlike(coordinator.page, pagesOf([robbed, ...others]), quiet, 6)
  await browser.close()
})

test('@long a page of another version is refused in words, and disturbs nobody', async ({
  startRun,
  newContext,
  appUrl,
  quiet,
}) => {
  const [coordinator, ...others] = await startRun()
  const context = await newContext()
  await context.addInitScript(speakOtherwise)
  const page = await context.newPage()
  await page.goto(appAddress(appUrl, 'device', { search: `${search}&lang=en` }))
  await expect(page.getByText(/both run the same version/).first()).toBeVisible({ timeout: 60_000 })
  await until(coordinator.page, ({ errors }) => errors.some(({ code }) => code === 'other-version'), null)
  await takePartAgain(coordinator.page, keysOf(others), quiet)
  const { peers } = await snapshot(coordinator.page)
  expect(peers.filter(({ state }) => state !== 'gone')).toHaveLength(others.length)
  await endsAlike(coordinator.page, pagesOf(others), quiet)
})
