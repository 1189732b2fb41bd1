/** The network's test page, built once and served as the app is: one tab, one room, no app. */
import type { BrowserContext, Page } from '@playwright/test'
import { listen } from '../server/listen'
import { test as base } from './fixtures'
import type { TestRoom } from './pages/network'
import { buildTestPage } from './testPage'

declare global {
  /** The test page's surface, as functions that run in the page see it. */
  var room: TestRoom
}

interface TestFixtures {
  /** A tab that holds no room yet; in a context of its own unless one is given. */
  openTab(context?: BrowserContext, address?: string): Promise<Page>
}
interface WorkerFixtures {
  /** Directory of the built test page. */
  readonly networkPages: string
  readonly networkUrl: string
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  networkPages: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
    async ({}, use) => {
      const built = await buildTestPage('network')
      await use(built.folder)
      await built.remove()
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  networkUrl: [
    async ({ networkPages }, use) => {
      const server = await listen({ port: 0, pages: networkPages, lan: null, report: console.error })
      await use(`http://localhost:${server.port}/network.html`)
      await server.close()
    },
    { scope: 'worker' },
  ],

  openTab: async ({ newContext, networkUrl }, use) => {
    await use(async (context, address = networkUrl) => {
      const page = await (context ?? (await newContext())).newPage()
      await page.goto(address)
      await page.waitForFunction(() => 'room' in globalThis)
      return page
    })
  },
})

export { expect } from './fixtures'
