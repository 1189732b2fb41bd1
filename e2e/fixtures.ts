/**
 * What browser tests share: the built app on a free port, pages that cannot reach anything but that server, and devices
 * that stand for laptops. An uncaught error in any page fails its test.
 */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { listen } from '../server/listen'
import { buildPages, isStale } from '../server/pages/build'

export { expect }

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const errorLimit = 20

/** What went wrong outside of any assertion. Tests that provoke an error empty the list themselves. */
export interface Trouble {
  readonly pageErrors: string[]
  /** Requests to anything but this machine. They were aborted. */
  readonly strayRequests: string[]
}

export interface DeviceOptions {
  /** Added to each page's address, for example `seed=3&autostart=2`. */
  readonly search?: string
  /** Null leaves the fragment out, so that devices knock. */
  readonly secret?: string | null
  /** Of an edge: the coordinator's word that it may merge for others. */
  readonly edgePass?: string
  readonly room?: string
  /** One context per device is like one laptop each; one for all is several tabs of one browser. */
  readonly sharedContext?: boolean
}

interface TestFixtures {
  readonly trouble: Trouble
  /** A fresh context whose pages are watched. */
  newContext(options?: Parameters<Browser['newContext']>[0]): Promise<BrowserContext>
  /** Opens the app `count` times at once; the first page is the coordinator. Waits for `globalThis.gossamer`. */
  openDevices(count: number, options?: DeviceOptions): Promise<Page[]>
  /** One more page of the app, in a context of its own. */
  openDevice(role: 'coordinator' | 'edge' | 'device', options?: DeviceOptions): Promise<Page>
}

interface WorkerFixtures {
  /** Base address of the built app. */
  readonly appUrl: string
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  appUrl: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
    async ({}, use) => {
      if (await isStale(root)) await buildPages(root)
      const report = (error: Error) => console.error(`signalling: ${error.message}`)
      const server = await listen({ port: 0, pages: join(root, 'dist'), lan: null, report })
      await use(`http://localhost:${server.port}`)
      await server.close()
    },
    { scope: 'worker', timeout: 180_000 },
  ],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
  trouble: async ({}, use) => {
    const trouble: Trouble = { pageErrors: [], strayRequests: [] }
    await use(trouble)
    expect(trouble.pageErrors, 'uncaught errors in pages').toEqual([])
    expect(trouble.strayRequests, 'requests that leave this machine').toEqual([])
  },

  newContext: async ({ browser, trouble }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (options) => {
      const context = await browser.newContext({ permissions: ['microphone'], ...options })
      contexts.push(context)
      await watch(context, trouble)
      return context
    })
    await Promise.all(contexts.map((context) => context.close()))
  },

  openDevice: async ({ appUrl, newContext }, use) => {
    await use(async (role, options = {}) => open(await newContext(), appAddress(appUrl, role, options)))
  },

  openDevices: async ({ appUrl, newContext }, use) => {
    await use(async (count, options = {}) => {
      const shared = options.sharedContext ? await newContext() : null
      const roles = Array.from({ length: count }, (_, index) => (index ? 'device' : 'coordinator'))
      return Promise.all(
        roles.map(async (role) => open(shared ?? (await newContext()), appAddress(appUrl, role, options))),
      )
    })
  },
})

export function appAddress(
  appUrl: string,
  role: string,
  { search = '', secret = 'secret', edgePass, room = 'TEST' }: DeviceOptions = {},
): string {
  const url = new URL('/', appUrl)
  const usual = { role, room, model: 'toy', backend: 'wasm', seed: '7' }
  url.search = new URLSearchParams({
    ...usual,
    ...Object.fromEntries(new URLSearchParams(search)),
  }).toString()
  url.hash = secret === null ? '' : `s=${secret}${edgePass ? `&e=${edgePass}` : ''}`
  return url.href
}

async function open(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(address)
  await page.waitForFunction(() => 'gossamer' in globalThis)
  return page
}

const isLocal = (url: URL) =>
  ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) || ['data:', 'blob:'].includes(url.protocol)

async function watch(context: BrowserContext, { pageErrors, strayRequests }: Trouble): Promise<void> {
  const add = (list: string[], text: string) => {
    if (list.length < errorLimit) list.push(text)
  }
  context.on('console', (message) => {
    if (/Content Security Policy|Permissions[- ]Policy/i.test(message.text())) add(pageErrors, message.text())
  })
  context.on('weberror', (webError) => add(pageErrors, String(webError.error().stack ?? webError.error())))
  await context.route(
    (url) => !isLocal(url),
    (route) => {
      add(strayRequests, route.request().url())
      return route.abort()
    },
  )
  await context.routeWebSocket(
    (url) => !isLocal(url),
    (socket) => {
      add(strayRequests, socket.url())
      return socket.close()
    },
  )
}
