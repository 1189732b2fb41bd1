/** The coordinator, or the server that led the tabs to each other, is away for a while: the run goes on with everybody, from where it was. */
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { listen } from '../../server/listen'
import { root } from '../fixtures'
import { until } from '../surface'
import { crash, cutLinks } from './mishaps'
import { endOf, keysOf, pagesOf, test, timeoutMs } from './run'
import { endsAlike, goesOn, takePartAgain } from './verdict'

test.describe.configure({ timeout: timeoutMs })

for (const [how, end] of [
  ['closed', (page: Page) => page.close()],
  ['crashed', crash],
] as const)
  test(`@long a coordinator that is ${how} and opened again goes on with everybody`, async ({
    startRun,
    quiet,
  }) => {
    const [coordinator, ...others] = await startRun()
    const page = await (await endOf(coordinator, end))()
    await until(page, ({ round }) => round >= 2, null)
    await goesOn(page)
    await takePartAgain(page, keysOf(others), quiet)
    await endsAlike(page, pagesOf(others), quiet)
  })

test('@long a coordinator whose links all break finds everybody again', async ({ startRun, quiet }) => {
  const [coordinator, ...others] = await startRun()
  await cutLinks(coordinator.page)
  await takePartAgain(coordinator.page, keysOf(others), quiet)
  await endsAlike(coordinator.page, pagesOf(others), quiet)
})

test('@long the server dies and is started again: nobody is missed', async ({ startRun, quiet }) => {
  const open = (port: number) =>
    listen({ port, pages: join(root, 'dist'), lan: null, report: (error) => console.error(error.message) })
  const first = await open(0)
  const address = `http://localhost:${first.port}`
  const [coordinator, ...others] = await startRun({ address })
  await first.close()
  await takePartAgain(coordinator.page, keysOf(others), quiet)
  await new Promise((resolve) => setTimeout(resolve, 3_000)) // away long enough to be missed
  const second = await open(first.port)
  await takePartAgain(coordinator.page, keysOf(others), quiet)
  await endsAlike(coordinator.page, pagesOf(others), quiet)
  await Promise.all([coordinator, ...others].map(({ context }) => context.close()))
  await second.close()
})
