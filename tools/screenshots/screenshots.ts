/**
 * `npm run screenshots`: plays a real federation of four tabs in Chromium and photographs it, and three tabs that answer a question
 * about a picture: docs/screenshot.png and docs/screenshot-reason.png for the README; and with `-- --all DIRECTORY` every screen, on a desk and on a phone, light and dark, to be looked at.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from '@playwright/test'
import { launchOptions } from '../../e2e/browser'
import { untilRound } from '../../e2e/surface'
import { listen } from '../../server/listen'
import { buildPages, isStale } from '../../server/pages/build'
import { onceEach } from '../test/flags'

const desk = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }
const rounds = 6

const values = onceEach(parseArgs({ tokens: true, options: { all: { type: 'string' } } }))

async function main(): Promise<void> {
  const root = process.cwd()
  if (await isStale(root)) await buildPages(root)
  const server = await listen({ port: 0, pages: join(root, 'dist'), lan: null, report: console.error })
  const browser = await chromium.launch(launchOptions())
  const address = `http://localhost:${server.port}`
  try {
    const [coordinator, device] = await playFederation(browser, address)
    await coordinator.screenshot({ path: 'docs/screenshot.png' })
    const reason = await playPictures(browser, address)
    await reason.screenshot({ path: 'docs/screenshot-reason.png' })
    if (values.all) await photographAll(browser, address, { coordinator, device, reason }, values.all)
  } finally {
    await browser.close()
  }
}

/** A coordinator and three devices, to the end. */
async function playFederation(browser: Browser, address: string): Promise<Page[]> {
  const pages: Page[] = []
  for (const role of ['coordinator', 'device', 'device', 'device']) {
    const context = await browser.newContext({ permissions: ['microphone'], viewport: desk })
    const page = await context.newPage()
    await page.goto(
      `${address}/?role=${role}&room=4F7K2Q&preset=facts&rounds=${rounds}&autostart=3&seed=8#s=photo`,
    )
    await page.waitForFunction(() => 'gossamer' in globalThis)
    pages.push(page)
  }
  await Promise.all(pages.map((page) => untilRound(page, rounds, 240_000)))
  for (const page of pages.slice(0, 2)) {
    await page.getByRole('list', { name: 'Worth asking' }).getByRole('button').nth(1).click()
    await page.waitForFunction(() => /[✓✕] /.test(document.body.textContent ?? ''))
  }
  return pages
}

/** What the second tab is shown. */
const seen = [
  ['star', 'blue', 'top left'],
  ['heart', 'red', 'middle'],
  ['ring', 'green', 'bottom right'],
] as const

/** Three tabs that each see something of their own, and one of them asks. */
async function playPictures(browser: Browser, address: string): Promise<Page> {
  const pages: Page[] = []
  for (const role of ['coordinator', 'device', 'device']) {
    const context = await browser.newContext({ permissions: ['microphone'], viewport: desk })
    const page = await context.newPage()
    await page.goto(
      `${address}/?role=${role}&room=8K2Q4F&model=lens&rounds=1&autostart=9&view=reason&mode=fusion&temperature=0#s=photo`,
    )
    await page.waitForFunction(() => globalThis.gossamer?.store.getState().model.hash)
    pages.push(page)
  }
  const [asker, painter, witness] = pages
  const sight = (page: Page) => page.getByRole('region', { name: 'What only this tab sees' })
  const see = async (page: Page) => {
    await sight(page).getByRole('button', { name: 'Let this tab see it' }).click()
    await sight(page)
      .getByText(/^This tab sees it: /)
      .waitFor()
  }
  for (const [shape, colour, place] of seen) {
    await sight(painter).getByRole('radio', { name: shape }).check()
    await sight(painter).getByRole('radio', { name: colour }).check()
    await sight(painter)
      .getByRole('button', { name: `nothing (${place})` })
      .click()
  }
  await sight(witness).getByLabel('In words').fill('Today Mira chose the heart.')
  await sight(asker).getByLabel('In words').fill('What Mira chose is for Ben.')
  for (const page of pages) await see(page)
  await asker.getByLabel('Prompt').fill('What did Mira choose?')
  await asker.getByLabel('Prompt').press('Enter')
  await asker.getByText('red').first().waitFor()
  await asker.waitForFunction(
    () => globalThis.gossamer!.store.getState().reasoning.asking?.isRunning === false,
  )
  await asker.evaluate(() => scrollTo(0, 0))
  return asker
}

async function photographAll(
  browser: Browser,
  address: string,
  screens: Readonly<Record<string, Page>>,
  directory: string,
): Promise<void> {
  mkdirSync(directory, { recursive: true })
  const landing = await (await browser.newContext()).newPage()
  await landing.goto(address)
  const all = { landing, ...screens }
  for (const [name, page] of Object.entries(all))
    for (const [size, viewport] of Object.entries({ desk, phone }))
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize(viewport)
        await page.screenshot({
          path: join(directory, `${name}-${size}-${colorScheme}.png`),
          fullPage: size === 'phone',
        })
      }
}

await main()
// Sockets of pages that are gone may linger in the server; nothing is left to wait for.
process.exit(0)
