/**
 * The packed form that tabs of one browser share, in a real browser: the origin's private file system, locks, and signs of
 * life between tabs. What else may happen to it is tested under Node (src/training/loading).
 */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, Page } from '@playwright/test'
import { listen } from '../../server/listen'
import { fileOf } from '../../src/training/loading/packedForm'
import { expect, root, test } from '../fixtures'
import type {} from '../pages/models'
import { buildTestPage } from '../testPage'

test('one tab packs a model, the next one reads that; damaged or held by a tab that stands still, it costs nothing', async ({
  newContext,
}) => {
  test.setTimeout(180_000)
  const built = await buildTestPage('models')
  await cp(join(root, 'public/models/toy'), join(built.folder, 'models/toy'), { recursive: true })
  const server = await listen({ port: 0, pages: built.folder, lan: null, report: console.error })
  const address = `http://localhost:${server.port}`
  const openPage = async (context: BrowserContext): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(`${address}/models.html`)
    await page.waitForFunction(() => 'models' in globalThis)
    return page
  }
  const load = (page: Page) => page.evaluate((url) => globalThis.models.load(url), `${address}/models/toy/`)

  const context = await newContext()
  const [one, other] = [await openPage(context), await openPage(context)]
  const first = await load(one)
  expect(first.packed).toBe(true)
  const second = await load(other)
  expect(second).toEqual({ ...first, said: ['downloading', 'reading'], packed: false })

  const file = fileOf({ hash: first.hash, format: 'int8' })
  await other.evaluate(async (name) => {
    const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models')
    const handle = await models.getFileHandle(name)
    const stream = await handle.createWritable({ keepExistingData: true })
    await stream.write({ type: 'write', position: 1000, data: new Uint8Array([1, 2, 3, 4, 5]) })
    await stream.close()
  }, file)
  const afterDamage = await load(other)
  expect(afterDamage).toMatchObject({ numbers: first.numbers, packed: true })
  expect(afterDamage.said).toContainEqual(expect.stringMatching(/was damaged, so it was removed/))
  expect((await load(one)).packed).toBe(false)

  // Two tabs of a browser that has nothing yet: one of them packs.
  const fresh = await newContext()
  const both = await Promise.all([load(await openPage(fresh)), load(await openPage(fresh))])
  expect(both.map(({ numbers }) => numbers)).toEqual([first.numbers, first.numbers])
  expect(both.map(({ packed }) => packed).sort()).toEqual([false, true])

  // A tab that was suspended while it held the lock of the file that it wrote.
  const third = await newContext()
  const suspended = await openPage(third)
  await suspended.evaluate((name) => {
    void navigator.locks.request(`gossamer model ${name}`, () => new Promise(() => {}))
  }, file)
  const alone = await load(await openPage(third))
  expect(alone).toMatchObject({ numbers: first.numbers, packed: true })
  expect(alone.said).toContain('waiting')
  expect(alone.said).toContainEqual(expect.stringMatching(/unpacking the model and does not go on/))

  await server.close()
  await built.remove()
})
