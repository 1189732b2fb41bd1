/**
 * Browser tests: real tabs, real WebRTC. One worker, because each test already opens several tabs and the machine has
 * two cores; looks at the page over a fake node (`demo`) are a project of their own. Tests that belong to the long run carry
 * `@long` in their title.
 */
import { defineConfig } from '@playwright/test'
import { launchOptions } from './e2e/browser'

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 1,
  grepInvert: process.env.GOSSAMER_FULL ? [] : /@long/,
  fullyParallel: false,
  projects: [
    { name: 'demo', testMatch: 'demo/*.spec.ts' },
    { name: 'tabs', testMatch: '**/*.spec.ts', testIgnore: 'demo/*' },
  ],
  timeout: 60_000,
  // What is waited for comes; on a busy machine late.
  expect: { timeout: 15_000 },
  reporter: [[process.env.CI ? 'list' : 'dot']],
  use: { launchOptions: launchOptions(), trace: 'off' },
})
