/** Nothing moves by itself: what somebody is about to press or read stays where it is while the page goes on. */
import type { BrowserContext, Page } from '@playwright/test'
import { appAddress, expect, test } from '../fixtures'
import { untilRound } from '../surface'

const most = 0.02
const projector = { viewport: { width: 1024, height: 768 } }

declare global {
  var moved: number
}

/** Adds up what moved without anybody's doing, as https://web.dev/articles/cls does. */
const watch = (context: BrowserContext) =>
  context.addInitScript(() => {
    globalThis.moved = 0
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries() as (PerformanceEntry & {
        value: number
        hadRecentInput: boolean
      })[])
        if (!shift.hadRecentInput) globalThis.moved += shift.value
    }).observe({ type: 'layout-shift', buffered: true })
  })

/** Once its letters are there and two frames are drawn. */
const movedBy = (page: Page) =>
  page.evaluate(async () => {
    await document.fonts.ready
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
    return globalThis.moved
  })

test('the first page and the Lab stand still while they load', async ({ appUrl, newContext }) => {
  const context = await newContext(projector)
  await watch(context)
  const page = await context.newPage()
  await page.goto(appUrl)
  await expect(page.getByText('Recorded run: round', { exact: false })).toBeVisible()
  expect(await movedBy(page), 'first page').toBeLessThan(most)
  await page.goto(`${appUrl}/?view=lab`)
  await page.locator('h1').waitFor()
  expect(await movedBy(page), 'the Lab').toBeLessThan(most)
})

test('a coordinator’s page stands still from the lobby to the end of a run', async ({
  appUrl,
  newContext,
}) => {
  test.setTimeout(120_000)
  const context = await newContext(projector)
  await watch(context)
  const search = 'rounds=2&localSteps=2&batch=2&autostart=2'
  const page = await context.newPage()
  await page.goto(appAddress(appUrl, 'coordinator', { search }))
  await page.getByRole('button', { name: 'Start' }).waitFor()
  const others = await newContext()
  for (const secret of ['secret', 'secret', null]) {
    const device = await others.newPage()
    await device.goto(appAddress(appUrl, 'device', { secret }))
  }
  await untilRound(page, 2, 90_000)
  await expect(page.getByText('Finished.', { exact: false }).first()).toBeVisible()
  expect(await movedBy(page)).toBeLessThan(most)
})
