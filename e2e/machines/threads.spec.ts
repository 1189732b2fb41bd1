/**
 * Threads of a real browser: they help, they change no bit, and the tabs of a browser share out the cores by themselves. How much faster
 * that is only a benchmark can say.
 */
import type { Page } from '@playwright/test'
import { listen } from '../../server/listen'
import { expect, test } from '../fixtures'
import { untilPeers, untilRound } from '../surface'
import { buildTestPage } from '../testPage'

let address: string
let close: () => Promise<void>

test.beforeAll(async () => {
  const built = await buildTestPage('threads')
  const server = await listen({ port: 0, pages: built.folder, lan: null, report: console.error })
  address = `http://localhost:${server.port}/threads.html`
  close = async () => {
    await server.close()
    await built.remove()
  }
})

test.afterAll(() => close())

const opened = async (page: Page): Promise<Page> => {
  await page.goto(address)
  await page.waitForFunction(() => 'compute' in globalThis)
  return page
}

test('other threads help, and what comes out has the same bits', async ({ newContext }) => {
  const page = await opened(await (await newContext()).newPage())
  const alone = await page.evaluate(() => compute({ threads: 1, forMs: 100 }))
  const together = await page.evaluate(() => compute({ threads: 3, forMs: 4000 }))
  expect(alone.isShared).toBe(true)
  expect(alone.helped).toBe(0)
  expect(together.threads).toBe(3)
  expect(together.helped).toBeGreaterThan(0)
  expect(together.bits).toEqual(alone.bits)
})

test('two tabs of a browser take a core each, and whoever is left takes both', async ({ newContext }) => {
  const context = await newContext()
  const [one, other] = [await opened(await context.newPage()), await opened(await context.newPage())]
  const both = await Promise.all(
    [one, other].map((page) => page.evaluate(() => compute({ threads: 'shared', forMs: 4000 }))),
  )
  expect(both.map(({ threads }) => threads)).toEqual([1, 1])
  await other.close()
  const left = await one.evaluate(() => compute({ threads: 'shared', forMs: 4000 }))
  expect(left.threads).toBe(2)
})

test('four tabs of a browser lose nothing by sharing @long', async ({ newContext }) => {
  const context = await newContext()
  const pages = await Promise.all([1, 2, 3, 4].map(async () => opened(await context.newPage())))
  const all = (threads: 1 | 'shared') =>
    Promise.all(pages.map((page) => page.evaluate((threads) => compute({ threads, forMs: 4000 }), threads)))
  const runsOf = (computed: Awaited<ReturnType<typeof all>>) =>
    computed.reduce((sum, { runs }) => sum + runs, 0)
  const [alone, shared] = [await all(1), await all('shared')]
  console.log('runs of four tabs', JSON.stringify({ alone: runsOf(alone), shared: runsOf(shared) }))
  expect(shared.map(({ threads }) => threads)).toEqual([1, 1, 1, 1])
  expect(shared.map(({ bits }) => bits)).toEqual(alone.map(({ bits }) => bits))
})

test('a tab says how many threads it may have, and trains with them', async ({ openDevices }) => {
  const search = 'model=toy&backend=wasm&rounds=1&localSteps=4&autostart=1&baselines=0'
  const [coordinator, device] = await openDevices(2, { search, sharedContext: true })
  await untilPeers(coordinator, 1)
  await untilRound(coordinator, 1)
  await expect(device.getByText(/up to \d+ threads/).first()).toBeAttached()
})
