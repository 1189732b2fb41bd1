/** The automation surface as tests use it: they wait on the page's own state, never on a clock. */
import type { Page } from '@playwright/test'
import type { Snapshot } from '../src/node/snapshot'

export const snapshot = (page: Page): Promise<Snapshot> =>
  page.evaluate(() => globalThis.gossamer!.snapshot())

/** Resolves once the page has a node for which `fits` holds. `fits` is sent there as text: it may use `needed` and nothing else outside. */
export async function until<Needed>(
  page: Page,
  fits: (snapshot: Snapshot, needed: Needed) => boolean,
  needed: Needed,
  timeout = 60_000,
): Promise<Snapshot> {
  await page.waitForFunction(
    ({ source, value }) => {
      const node = globalThis.gossamer
      return node !== undefined && new Function(`return (${source})`)()(node.snapshot(), value)
    },
    { source: fits.toString(), value: needed },
    { timeout, polling: 200 },
  )
  return snapshot(page)
}

export const untilRound = (page: Page, round: number, timeout?: number): Promise<Snapshot> =>
  until(page, (state, wanted) => state.round >= wanted, round, timeout)

/** Peers of a coordinator that are in a state: `idle`, `training`, `gone` … */
export const untilPeers = (page: Page, count: number, timeout?: number): Promise<Snapshot> =>
  until(
    page,
    (state, wanted) =>
      state.peers.filter((peer) => !['gone', 'joining'].includes(peer.state)).length === wanted,
    count,
    timeout,
  )
