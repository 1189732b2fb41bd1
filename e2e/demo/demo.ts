/** The page over a fake node, built once and served like the real one: for looking at each screen without a network. */
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { listen } from '../../server/listen'
import { test as base, expect, root } from '../fixtures'

interface DemoFixtures {
  /** Opens a screen of the demo, or of the built app where the address begins with a slash. */
  show(search: string, options?: Looks): Promise<Page>
}

export interface Looks {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
  readonly reducedMotion?: 'reduce' | 'no-preference'
}

export const test = base.extend<DemoFixtures, { readonly demoUrl: string }>({
  demoUrl: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
    async ({}, use) => {
      const pages = await buildDemo()
      const report = (error: Error) => console.error(`demo: ${error.message}`)
      const server = await listen({ port: 0, pages, lan: null, report })
      await use(`http://localhost:${server.port}/`)
      await server.close()
      await rm(pages, { recursive: true })
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  show: async ({ demoUrl, appUrl, newContext }, use) => {
    await use(async (search, { width = 1280, height = 800, ...looks } = {}) => {
      const phone = width < 500
      const context = await newContext({
        viewport: { width, height },
        hasTouch: phone,
        isMobile: phone,
        reducedMotion: 'reduce',
        ...looks,
      })
      const page = await context.newPage()
      await page.goto(search.startsWith('/') ? new URL(search, appUrl).href : `${demoUrl}?${search}`)
      await page.locator('h1').first().waitFor({ state: 'attached' })
      return page
    })
  },
})

export { expect }

async function buildDemo(): Promise<string> {
  const { build } = await import('vite')
  const outDir = await mkdtemp(join(tmpdir(), 'gossamer-demo-'))
  await build({
    root,
    logLevel: 'error',
    publicDir: false,
    build: { outDir, emptyOutDir: true, rollupOptions: { input: join(root, 'e2e/pages/app.html') } },
  })
  await rename(join(outDir, 'e2e/pages/app.html'), join(outDir, 'index.html'))
  return outDir
}
