/**
 * `npm run screenshots`: plays a real federation of four tabs in Chromium and photographs it: docs/screenshot.png for the
 * README, and with `-- --all DIRECTORY` every screen, on a desk and on a phone, light and dark, to be looked at.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from '@playwright/test'
import { launchOptions } from '../../e2e/browser'
import { untilRound } from '../../e2e/surface'
import { buildPages, isStale } from '../../server/build'
import { listen } from '../../server/listen'
import { onceEach } from '../test/flags'

const desk = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }
const rounds = 5

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
    if (values.all) await photographAll(browser, address, { coordinator, device }, values.all)
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
