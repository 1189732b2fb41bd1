/** The automation surface as tests use it: they wait on the page's own state, never on a clock. */
import { expect, type Page } from '@playwright/test'
import type { Snapshot } from '../src/node/tab/snapshot'

export const snapshot = (page: Page): Promise<Snapshot> =>
  page.evaluate(() => globalThis.gossamer!.snapshot())

/** Resolves once the page has a node for whose snapshot `fits` holds, also across a reload. */
export async function until<Needed>(
  page: Page,
  fits: (snapshot: Snapshot, needed: Needed) => boolean,
  needed: Needed,
  timeout = 60_000,
): Promise<Snapshot> {
  let newest: Snapshot | null = null
  const look = async () => {
    newest = await page.evaluate(() => globalThis.gossamer?.snapshot() ?? null).catch(() => null)
    return newest !== null && fits(newest, needed)
  }
  await expect.poll(look, { timeout, intervals: [200] }).toBe(true)
  return newest!
}

export const untilRound = (page: Page, round: number, timeout?: number): Promise<Snapshot> =>
  until(page, (state, wanted) => state.round >= wanted, round, timeout)

/** The key of its device, or of the room where it coordinates. */
export const selfKey = (page: Page): Promise<string> =>
  page.evaluate(() => globalThis.gossamer!.store.getState().selfKey)

/** Peers of a coordinator that are in a state: `idle`, `training`, `gone` … */
export const untilPeers = (page: Page, count: number, timeout?: number): Promise<Snapshot> =>
  until(
    page,
    (state, wanted) =>
      state.peers.filter((peer) => !['gone', 'joining'].includes(peer.state)).length === wanted,
    count,
    timeout,
  )

/** From now on every frame that a page sends over WebRTC is so much on its way: a text lasts long enough to be disturbed. */
export const slowLinks = (page: Page, milliseconds: number): Promise<void> =>
  page.evaluate((delayMs) => {
    const send = RTCDataChannel.prototype.send
    let last: Promise<unknown> = Promise.resolve()
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: never) {
      last = last
        .then(() => new Promise((resolve) => setTimeout(resolve, delayMs)))
        .then(() => this.readyState === 'open' && send.call(this, data))
    }
  }, milliseconds)

/** The coordinator's word that its bearer may merge for others, as its invitation for edges carries it. */
export async function edgePassOf(coordinator: Page): Promise<string> {
  const { edgeInvite } = await until(coordinator, (state) => state.edgeInvite !== null, null)
  return new URLSearchParams(new URL(edgeInvite!).hash.slice(1)).get('e')!
}
