/** For the test of the reporter. */
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '.',
  testMatch: 'three.browser.ts',
  reporter: '../browserReporter.ts',
})
