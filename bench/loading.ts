/**
 * Where the time goes from opening a tab to its first training step: `npm run bench -- loading --model toy --tabs 4`. A room of
 * so many tabs of one Chromium is opened twice over this machine's own server: by a browser that has nothing yet, and by one
 * that has the model. `--model S2` is a random GPT-2 small (0.5 GB), made here and not stored. For each visit it prints when
 * each tab had its model and when it had learned its first step, and how long the parts of loading took in its worker
 * (src/lib/timed.ts); they go on beside each other, so they add up to more than the whole.
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import { z } from 'zod'
import { launchOptions } from '../e2e/browser'
import { listen } from '../server/listen'
import { buildPages, isStale } from '../server/pages/build'
import { parseFlags } from '../src/cli/flags'
import { checkpointFiles } from './files'
import { shapes } from './shapes'
import { randomWeights } from './weights'

const flags = z.object({
  model: z.enum(['toy', 'seedling', 'S2']).default('toy'),
  tabs: z.coerce.number().int().min(2).max(8).default(4),
  backend: z.enum(['wasm', 'webgpu', 'auto']).default('wasm'),
  precision: z.enum(['auto', 'float32', 'float16', 'int8', 'nf4']).default('auto'),
})
type Wish = z.infer<typeof flags>

const root = fileURLToPath(new URL('../', import.meta.url))
const patienceMs = 600_000
/** Pages that nobody sees draw nothing, so that waiting for a frame would be waiting for ever. */
const pollingMs = 50

export async function benchLoading(args: readonly string[]): Promise<void> {
  const wish = parseFlags(flags, args)
  if (await isStale(root)) await buildPages(root)
  const pages = await mkdtemp(join(tmpdir(), 'gossamer-loading-'))
  await cp(join(root, 'dist'), pages, { recursive: true })
  if (wish.model === 'S2') await writeModel(join(pages, 'models', 'S2'))
  const server = await listen({ port: 0, pages, lan: null, report: console.error })
  const browser = await chromium.launch(launchOptions())
  try {
    const context = await browser.newContext({ permissions: ['microphone'] })
    for (const visit of ['first visit', 'the model is here']) {
      const before = await processorSeconds(browser)
      await openRoom(context, `http://localhost:${server.port}`, wish, visit)
      const worked = (await processorSeconds(browser)) - before
      console.log(`  the processor worked ${worked.toFixed(1)} s for all of it`)
      for (const page of context.pages()) await page.close()
    }
  } finally {
    await browser.close()
    await server.close()
    await rm(pages, { recursive: true })
  }
}

/** So far, of all processes of a browser: other work on the machine changes it little. */
async function processorSeconds(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

async function writeModel(directory: string): Promise<void> {
  const { config, tokenizer, tokenizerSettings, weights } = checkpointFiles(
    shapes.S2,
    randomWeights(shapes.S2),
  )
  await mkdir(directory, { recursive: true })
  const json = (name: string, value: object) => writeFile(join(directory, name), JSON.stringify(value))
  await Promise.all([
    json('config.json', config),
    json('tokenizer.json', tokenizer),
    json('tokenizer_config.json', tokenizerSettings),
    writeFile(join(directory, 'model.safetensors'), weights),
  ])
}

async function openRoom(context: BrowserContext, address: string, wish: Wish, visit: string): Promise<void> {
  const { model, backend, precision, tabs } = wish
  const room = `LOAD-${visit.length}`
  const search = {
    room,
    model,
    backend,
    precision,
    autostart: String(tabs - 1),
    rounds: '1',
    localSteps: '1',
  }
  const opened = await Promise.all(
    Array.from({ length: tabs }, async (_, place) => {
      const page = await context.newPage()
      const role = place === 0 ? 'coordinator' : 'device'
      const few = { batch: '1', baselines: '0' }
      const url = new URL(`/?${new URLSearchParams({ role, ...search, ...few })}#s=secret`, address)
      const beganAtMs = performance.now()
      await page.goto(url.href)
      await page.waitForFunction(() => globalThis.gossamer?.store.getState().model.hash, undefined, {
        timeout: patienceMs,
        polling: pollingMs,
      })
      return { page, role, beganAtMs, loadedMs: performance.now() - beganAtMs }
    }),
  )
  const lines = await Promise.all(
    opened.map(async ({ page, role, beganAtMs, loadedMs }) => {
      if (role === 'device')
        await page.waitForFunction(hasLearned, undefined, { timeout: patienceMs, polling: pollingMs })
      const learnedMs = performance.now() - beganAtMs
      return { role, loadedMs, learnedMs: role === 'device' ? learnedMs : null, parts: await partsOf(page) }
    }),
  )
  console.log(`\n${wish.model}, ${wish.backend}, ${wish.precision}, ${wish.tabs} tabs: ${visit}`)
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2)
  for (const { role, loadedMs, learnedMs, parts } of lines) {
    const each = Object.entries(parts).map(([part, milliseconds]) => `${part} ${seconds(milliseconds)}`)
    const step = learnedMs === null ? '' : `, first step ${seconds(learnedMs)} s`
    console.log(`  ${role}: model ${seconds(loadedMs)} s${step}; ${each.join(', ')}`)
  }
}

const hasLearned = (): boolean => {
  const { lossPoints, selfKey } = globalThis.gossamer!.store.getState()
  return (lossPoints[selfKey]?.length ?? 0) > 0
}

/** Milliseconds by part, of the page's compute worker. */
async function partsOf(page: Page): Promise<Record<string, number>> {
  const sums: Record<string, number> = {}
  for (const worker of page.workers()) {
    const measures = await worker.evaluate(() =>
      performance.getEntriesByType('measure').map(({ name, duration }) => ({ name, duration })),
    )
    for (const { name, duration } of measures) {
      const part = name.replace('gossamer ', '')
      sums[part] = (sums[part] ?? 0) + duration
    }
  }
  return sums
}
