/**
 * Runs jobs in Chromium: the page and its worker are built once with Vite, served with the headers that threads need, and
 * opened in a fresh browser for every run, so that no run finds compiled shaders or a warm heap of another.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from '@playwright/test'
import { build, preview } from 'vite'
import { launchOptions } from '../e2e/browser'
import type { Backend } from './peers/peer'
import type { Answer, Job } from './plan'

export interface Runner {
  /** Browser or Node, and the GPU where one is asked for. */
  readonly machine: string
  run(job: Job): Promise<Answer>
  close(): Promise<void>
}

const page = fileURLToPath(new URL('run', import.meta.url))
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}
const realGpu = ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--ignore-gpu-blocklist']
const softwareGpu = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
]

export async function openBrowserRunner(backend: Backend): Promise<Runner> {
  const directory = await mkdtemp(join(tmpdir(), 'gossamer-bench-'))
  // Unminified: the threads of tfjs' WebAssembly start from its own source text and die of minifying.
  await build({
    root: page,
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: directory, emptyOutDir: true, minify: false, target: 'esnext' },
  })
  const server = await preview({
    root: page,
    configFile: false,
    logLevel: 'error',
    build: { outDir: directory },
    preview: { port: 0, host: '127.0.0.1', headers },
  })
  const address = server.resolvedUrls!.local[0]
  const { flags, machine } = await machineOf(backend, address)

  return {
    machine,
    async run(job) {
      const browser = await chromium.launch(launchOptions(...flags))
      try {
        const page = await browser.newPage()
        await page.goto(address)
        return await page.evaluate((job) => window.runJob(job), job)
      } catch (problem) {
        return { problem: `the page ended: ${String(problem)}` }
      } finally {
        await browser.close()
      }
    },
    async close() {
      await server.close()
      await rm(directory, { recursive: true })
    },
  }
}

/** With WebGPU: a real GPU where Chromium finds one, else its software GPU, and which of them it is. */
async function machineOf(backend: Backend, address: string) {
  const choices = backend === 'wasm' ? [[]] : [realGpu, softwareGpu]
  for (const flags of choices) {
    const browser = await chromium.launch(launchOptions(...flags))
    const version = `Chromium ${browser.version()}`
    const adapter = backend === 'wasm' ? '' : await adapterOf(browser, address)
    await browser.close()
    if (adapter !== null) return { flags, machine: [version, adapter].filter(Boolean).join(', ') }
  }
  throw new Error('Chromium offers no WebGPU adapter here, not even a software one. Use --backend wasm.')
}

async function adapterOf(browser: Browser, address: string): Promise<string | null> {
  const page = await browser.newPage()
  await page.goto(address)
  return page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })
    if (!adapter) return null
    const { vendor, architecture, device, description } = adapter.info
    return [...new Set([vendor, architecture, device, description])].filter(Boolean).join(' ')
  })
}
