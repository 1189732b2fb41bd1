/**
 * A hub's files in a real browser: another origin, ranges without asking its leave, the origin private file system, locks
 * between tabs. What downloads promise beyond that is tested under Node (src/model/source).
 */
import type { BrowserContext, Page } from '@playwright/test'
import { listen } from '../../server/listen'
import { sha256Hex } from '../../src/lib/hash'
import { startFileServer } from '../../src/model/source/fixtures/fileServer'
import { expect, test } from '../fixtures'
import type {} from '../pages/models'
import { buildTestPage } from '../testPage'

const id = 'owner/tiny'
const name = 'model.safetensors'
const place = `/${id}/resolve/abc123/${name}`
const weights = Uint8Array.from({ length: 6_000_000 }, (_, index) => (index * index) >> 5)
const sha256 = sha256Hex(weights)

test('a hub’s file is kept on disk, resumed after a reload, and shared by tabs', async ({ newContext }) => {
  const built = await buildTestPage('models')
  const hub = await startFileServer()
  const server = await listen({
    port: 0,
    pages: built.folder,
    lan: null,
    report: console.error,
    hubs: [hub.address],
  })
  hub.breakDelayMs = 3000
  const siblings = [{ rfilename: name, size: weights.length, blobId: 'ba5', lfs: { sha256 } }]
  const commit = new TextEncoder().encode(JSON.stringify({ sha: 'abc123', siblings }))
  hub.files.set(`/api/models/${id}/revision/main?blobs=true`, { body: commit })
  hub.files.set(place, { body: weights })

  const openPage = async (context: BrowserContext): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(`http://localhost:${server.port}/models.html`)
    await page.waitForFunction(() => 'models' in globalThis)
    return page
  }
  const fetchFile = (page: Page) =>
    page.evaluate(([hub, id, name]) => globalThis.models.fetchFile(hub, id, name), [hub.address, id, name])
  const bodies = () =>
    hub.requests.filter((request) => request.startsWith(`GET ${place}`) && request.endsWith('-'))

  const context = await newContext()
  const page = await openPage(context)
  // The question, the look at the beginning, then a body that breaks off and three attempts that bring nothing.
  hub.breaks.push(1e9, 1e9, 3_000_000, 0, 0, 0)
  await expect(fetchFile(page)).rejects.toThrow(/cut off after \d+ bytes/)
  const {
    beginning,
    first8,
    sha256: resumed,
  } = await page.reload().then(async () => {
    await page.waitForFunction(() => 'models' in globalThis)
    return fetchFile(page)
  })
  expect(resumed).toBe(sha256)
  expect(beginning).toEqual([...weights.slice(0, 8)])
  expect(first8).toEqual(beginning)
  expect(bodies()).toHaveLength(5)
  expect(Number(/bytes=(\d+)-/.exec(bodies().at(-1)!)![1])).toBeGreaterThan(0)

  // Another tab of the same browser finds it there; two new browsers' tabs download it once each time.
  expect((await fetchFile(await openPage(context))).sha256).toBe(sha256)
  expect(bodies()).toHaveLength(5)
  const other = await newContext()
  const tabs = await Promise.all([openPage(other), openPage(other)])
  for (const fetched of await Promise.all(tabs.map(fetchFile))) expect(fetched.sha256).toBe(sha256)
  expect(bodies()).toHaveLength(6)

  expect(hub.requests.filter((request) => request.startsWith('OPTIONS'))).toEqual([])
  await hub.close()
  await server.close()
  await built.remove()
})
