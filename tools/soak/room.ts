/**
 * A room of real tabs that is looked at from outside: what each page holds on to, what its browser keeps for it, and what all
 * processes of the browser have of the machine's memory, taken between two rounds while nobody works.
 */
import { readFileSync } from 'node:fs'
import type { Browser, Page } from '@playwright/test'
import { type Counts, counterOf } from '../../e2e/counters'
import { appAddress } from '../../e2e/fixtures'
import { snapshot, untilPeers, untilRound } from '../../e2e/surface'

/** Between two rounds, of all tabs together. */
export interface Look extends Counts {
  readonly round: number
  readonly atSeconds: number
  /** What the browser keeps for their pages on disk. */
  readonly storageBytes: number
  /** Resident memory of all processes of the browser; null: this system does not say. */
  readonly residentBytes: number | null
  /** How long the rounds since the look before took, in the mean. */
  readonly roundSeconds: number
}

export interface SoakedRoom {
  readonly pages: readonly Page[]
  /** Completed rounds. */
  readonly round: number
  /** One round more, loaded by every tab. */
  turn(): Promise<void>
  look(): Promise<Look>
  /** What was lost on the way, in words; empty: nothing. */
  losses(): Promise<readonly string[]>
}

/** Rounds as short as they can be: what accumulates with rounds shows soonest. */
const search = 'localSteps=1&rounds=2000&baselines=0'
const patienceMs = 120_000

/** Opens the tabs, each in a context of its own as on a laptop of its own, and waits until all are in. */
export async function openRoom(browser: Browser, appUrl: string, tabs: number): Promise<SoakedRoom> {
  const errors: string[] = []
  const pages = await Promise.all(
    Array.from({ length: tabs }, async (_, at) => {
      const page = await (await browser.newContext({ permissions: ['microphone'] })).newPage()
      page.on('pageerror', (error) => errors.push(`tab ${at}: ${error.message}`))
      await page.goto(appAddress(appUrl, at ? 'device' : 'coordinator', { search }))
      await page.waitForFunction(() => 'gossamer' in globalThis)
      return page
    }),
  )
  await untilPeers(pages[0], tabs - 1, patienceMs)
  const counters = await Promise.all(pages.map(counterOf))
  const beganAtMs = performance.now()
  let round = 0
  let turned = { count: 0, milliseconds: 0 }
  return {
    pages,
    get round() {
      return round
    },
    async turn() {
      const from = performance.now()
      await pages[0].evaluate(() => globalThis.gossamer!.stepRound())
      round++
      await Promise.all(pages.map((page) => untilRound(page, round, patienceMs)))
      turned = { count: turned.count + 1, milliseconds: turned.milliseconds + performance.now() - from }
    },
    async look() {
      const counts = await Promise.all(counters.map((count) => count()))
      const kept = await Promise.all(pages.map(storageOf))
      const roundSeconds = turned.milliseconds / 1000 / Math.max(1, turned.count)
      turned = { count: 0, milliseconds: 0 }
      return {
        round,
        atSeconds: (performance.now() - beganAtMs) / 1000,
        nodes: sum(counts.map(({ nodes }) => nodes)),
        listeners: sum(counts.map(({ listeners }) => listeners)),
        heapBytes: sum(counts.map(({ heapBytes }) => heapBytes)),
        storageBytes: sum(kept),
        residentBytes: await residentBytesOf(browser),
        roundSeconds,
      }
    },
    losses: async () => [...errors, ...(await lossesOf(pages, round))],
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const storageOf = (page: Page): Promise<number> =>
  page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0)

async function residentBytesOf(browser: Browser): Promise<number | null> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  try {
    return sum(processInfo.map(({ id }) => residentKibibytes(id) * 1024))
  } catch {
    return null
  }
}

/** As Linux tells it. */
function residentKibibytes(processId: number): number {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)
}

/** Every round with every device in it, one adapter in all tabs, and no trouble shown. */
async function lossesOf([coordinator, ...devices]: readonly Page[], round: number): Promise<string[]> {
  const seen = await snapshot(coordinator)
  const others = await Promise.all(devices.map(snapshot))
  const missing = seen.history
    .filter(({ contributors }) => contributors !== devices.length)
    .map((one) => `round ${one.round}: ${one.contributors} of ${devices.length} devices took part`)
  const problems = [seen, ...others].flatMap(({ role, errors }) =>
    errors.map(({ code, message }) => `${role}: ${code}, ${message}`),
  )
  const strays = others.filter(({ adapterHash }) => adapterHash !== seen.adapterHash).length
  return [
    ...(seen.round === round ? [] : [`the coordinator counts ${seen.round} rounds, and ${round} were run`]),
    ...(strays === 0 ? [] : [`${strays} devices hold another adapter than the coordinator`]),
    ...missing,
    ...problems,
  ]
}
