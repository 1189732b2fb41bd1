/** Which Chromium the tests drive, and how it is started. Shared by the configuration and by tests that start their own. */
import { existsSync } from 'node:fs'
import { chromium, type LaunchOptions } from '@playwright/test'
import { slowOnSoftwareGpus } from '../tools/test/softwareGpu'

const debianChromium = '/usr/bin/chromium'

/** CHROMIUM from the environment, else Playwright's own where it is installed, else Debian's. */
export function chromiumPath(): string {
  const candidates = [process.env.CHROMIUM, chromium.executablePath(), debianChromium]
  const found = candidates.find((path) => path && existsSync(path))
  if (!found)
    throw new Error('No Chromium found. Run “npx playwright install chromium”, or set CHROMIUM to its path.')
  return found
}

/**
 * Without a network card WebRTC finds no candidates, except with the loopback flag *and* a granted microphone permission
 * (`newContext({ permissions: ['microphone'] })`); nothing is ever recorded. The other flags keep Chromium from calling
 * home, since the tests record every request that leaves this machine.
 */
export const launchOptions = (...args: string[]): LaunchOptions => ({
  executablePath: chromiumPath(),
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--allow-loopback-in-peer-connection',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...args,
  ],
})

/** Chromium's own adapter in software, which no page takes by itself but which computes like a real one. */
export const softwareGpu = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
  `--disable-dawn-features=${slowOnSoftwareGpus}`,
]
