/**
 * A run to be disturbed: a coordinator and three devices in browsers of their own, in the middle of many short rounds; and the
 * undisturbed run of the same seed, which is the same for all schedules and is made once.
 */
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { appAddress, test as base } from '../fixtures'
import { selfKey, until, untilRound } from '../surface'
import { remainsOf, restore, watchConnections } from './mishaps'
import { type Quiet, quietOf } from './verdict'

/**
 * Rounds of a second or so, and more of them than any schedule lasts: each ends its run itself. All hold text of one kind,
 * whose loss stays far from zero, so that a share of it means something.
 */
export const search = 'rounds=400&localSteps=8&lr=0.002&corpus=kitchen&baselines=0&seed=3'
const devices = 3

/** As many rounds as any schedule lasts; a run that ended earlier is compared at its own end. */
const quietRounds = 40

export interface Tab {
  readonly page: Page
  readonly context: BrowserContext
  readonly key: string
}

/** The coordinator first. */
export type Tabs = readonly [Tab, Tab, Tab, Tab]

export interface RunOptions {
  /** Of the server; the usual one's otherwise. */
  readonly address?: string
  /** A browser for one tab alone, by its place; the one of all others otherwise. */
  readonly own?: { readonly browser: Browser; readonly at: number; readonly more?: string }
  /** Added to what stands in every address. */
  readonly more?: string
}

interface TestFixtures {
  startRun(options?: RunOptions): Promise<Tabs>
  readonly quiet: Quiet
}

/** Of this worker. */
let known: Quiet | null = null

export const test = base.extend<TestFixtures>({
  startRun: async ({ newContext, appUrl }, use, info) => {
    const contexts: BrowserContext[] = []
    await use(async ({ address = appUrl, own, more = '' } = {}) => {
      const tabs: Tab[] = []
      for (let at = 0; at <= devices; at++) {
        const isOwn = own?.at === at
        const context = isOwn
          ? await own.browser.newContext({ permissions: ['microphone'] })
          : await newContext()
        contexts.push(context)
        await context.addInitScript(watchConnections)
        const page = await context.newPage()
        const fully = `${search}${more}${isOwn ? (own.more ?? '') : ''}&name=Tab${at}`
        await page.goto(appAddress(address, at ? 'device' : 'coordinator', { search: fully }))
        await page.waitForFunction(() => 'gossamer' in globalThis)
        tabs.push({ page, context, key: await selfKey(page) })
        // One after the other: places, and so the texts, follow arrival.
        await until(
          tabs[0].page,
          (state, count) => state.peers.filter(({ state: of }) => of === 'idle').length === count,
          at,
        )
      }
      await tabs[0].page.evaluate(() => globalThis.gossamer!.start())
      await untilRound(tabs[0].page, 2, 240_000)
      const [coordinator, one, two, three] = tabs
      return [coordinator, one, two, three]
    })
    if (info.status === info.expectedStatus) return
    for (const page of contexts.flatMap((context) => context.pages())) console.log(await whereItStands(page))
  },
  quiet: async ({ startRun }, use) => {
    if (!known) {
      const tabs = await startRun()
      await untilRound(tabs[0].page, quietRounds, 300_000)
      known = await quietOf(tabs[0].page)
      console.log(`undisturbed: a round takes ${(known.roundMs / 1000).toFixed(1)} s`)
      await Promise.all(tabs.map(({ context }) => context.close()))
    }
    await use(known)
  },
})

/** For whoever looks why a schedule failed. */
const whereItStands = (page: Page): Promise<string> =>
  page
    .evaluate(() => {
      const { selfKey, role, phase, round, version, devices, problems, succession } =
        globalThis.gossamer!.store.getState()
      const others = devices.map(({ name, activity }) => `${name} ${activity}`).join(', ')
      const told = problems.map(({ code }) => code).join(', ')
      return `${role} ${selfKey.slice(0, 8)}: ${phase.kind}, round ${round.number}, version ${version}, term ${succession.term}; sees ${others}; tells ${told}`
    })
    .catch(String)

/** No schedule takes longer. */
export const timeoutMs = 600_000

export const pagesOf = (tabs: readonly Tab[]): Page[] => tabs.map(({ page }) => page)
export const keysOf = (tabs: readonly Tab[]): string[] => tabs.map(({ key }) => key)

/** Ends a tab; what is given back opens it again as its browser would. */
export async function endOf(
  { page, context }: Tab,
  end: (page: Page) => Promise<void>,
): Promise<() => Promise<Page>> {
  const [remains, address] = [await remainsOf(page), page.url()]
  await end(page)
  return () => restore(context, address, remains)
}
