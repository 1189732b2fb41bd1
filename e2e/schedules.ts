/**
 * Kill schedules: a run of real tabs that is disturbed, and the same run undisturbed. Whatever dies, breaks or freezes, the
 * living end with one adapter; who returns takes part again; and the loss is that of the quiet run, as long as nobody's text
 * is missing. Time is counted in rounds of the quiet run where the machine is too busy for the seconds that are asked for.
 */
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { expect } from './fixtures'
import { snapshot, until, untilRound } from './surface'

/**
 * Rounds of a second or so, and more of them than any schedule lasts: each ends its run itself. All hold text of one kind,
 * whose loss stays far from zero, so that a share of it means something.
 */
export const search = 'rounds=400&localSteps=8&lr=0.002&corpus=kitchen&baselines=0&seed=3'
export const devices = 3

/** Asked for: a device that is back takes part within so long. */
const returnMs = 10_000
/** On a busy machine: within so many rounds as they are without any disturbance. */
const returnRounds = 4
const lossTolerance = 0.02
/** The loss of one round jumps by a per cent by itself. */
const comparedRounds = 5

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** What the undisturbed run showed. */
export interface Quiet {
  /** Held-out loss after each round, from round 1. */
  readonly heldOut: readonly number[]
  readonly roundMs: number
}

/** What a tab keeps of itself beyond its own death, as a browser that restores it does. */
export type Remains = Readonly<Record<string, string>>

export const remainsOf = (page: Page): Promise<Remains> =>
  page.evaluate(() => Object.fromEntries(Object.entries({ ...sessionStorage })))

/** The same tab again, in the same browser, at the address where it was. */
export async function restore(context: BrowserContext, address: string, remains: Remains): Promise<Page> {
  const page = await context.newPage()
  await page.addInitScript((kept) => {
    if (sessionStorage.length === 0)
      for (const [name, value] of Object.entries(kept)) sessionStorage.setItem(name, value)
  }, remains)
  await page.goto(address)
  await page.waitForFunction(() => 'gossamer' in globalThis)
  return page
}

/** Its renderer dies: no goodbye, no unload. */
export async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  session.send('Page.crash').catch(() => {}) // nobody is left to answer
  await page.waitForEvent('crash').catch(() => {})
  await page.close()
}

/**
 * Stops every page of this browser, workers and all, as a laptop that sleeps does; asks at the end, and lets them go on.
 * Chromium's own freezing (`Page.setWebLifecycleState`) leaves workers running.
 */
export async function freeze<Seen>(
  browser: Browser,
  milliseconds: number,
  look: () => Promise<Seen>,
): Promise<Seen> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const pages = processInfo.filter(({ type }) => type === 'renderer')
  try {
    for (const { id } of pages) process.kill(id, 'SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    return await look()
  } finally {
    for (const { id } of pages) process.kill(id, 'SIGCONT')
  }
}

declare global {
  /** Of a page that was told to keep its connections within reach. */
  var connections: RTCPeerConnection[]
  /** Where set, the next attachment stops in its middle, and this is called. */
  var stopUpload: (() => void) | undefined
}

/** To be run before any page of the context: keeps connections, and can stop an upload in its middle. */
export function watchConnections(): void {
  globalThis.connections = []
  const Original = RTCPeerConnection
  globalThis.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      globalThis.connections.push(this)
    }
  }
  const send = RTCDataChannel.prototype.send
  let stopped = false
  RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: never) {
    if (stopped) return
    send.call(this, data)
    // Frames of an attachment are of type 2; only updates go up.
    const first = ArrayBuffer.isView(data as ArrayBufferView)
      ? new Uint8Array((data as Uint8Array).buffer, (data as Uint8Array).byteOffset, 1)[0]
      : -1
    if (globalThis.stopUpload && first === 2) {
      stopped = true
      globalThis.stopUpload()
    }
  }
}

/** All its links break at once, on its side; it is told by the browser, as it is when a network goes away. */
export const cutLinks = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const connection of globalThis.connections) {
      connection.close()
      connection.dispatchEvent(new Event('connectionstatechange'))
    }
  })

export const selfKey = (page: Page): Promise<string> =>
  page.evaluate(() => globalThis.gossamer!.store.getState().selfKey)

const history = (coordinator: Page) =>
  coordinator.evaluate(() =>
    globalThis.gossamer!.store.getState().history.map(({ round, seconds, heldOut, trainByDevice }) => ({
      round,
      seconds,
      heldOut,
      contributors: Object.keys(trainByDevice),
    })),
  )

/** How many rounds of the last ones went by without it. */
export async function roundsWithout(coordinator: Page, key: string): Promise<number> {
  const records = await history(coordinator)
  return records.length - 1 - records.findLastIndex(({ contributors }) => contributors.includes(key))
}

export async function quietOf(coordinator: Page): Promise<Quiet> {
  const records = await history(coordinator)
  const [first, last] = [records[0], records.at(-1)!]
  return {
    heldOut: records.map(({ heldOut }) => heldOut!),
    roundMs: (1000 * (last.seconds - first.seconds)) / Math.max(1, records.length - 1),
  }
}

/** Resolves once these devices contribute to a round that began after now, or fails when that takes too long. */
export async function takePartAgain(coordinator: Page, keys: readonly string[], quiet: Quiet): Promise<void> {
  const sinceMs = Date.now()
  const { round } = await snapshot(coordinator)
  const limitMs = Math.max(returnMs, returnRounds * quiet.roundMs)
  // The round that was under way may have had its last contributions already.
  const first = round + 2
  const missing = async () => {
    const late = (await history(coordinator)).filter((record) => record.round >= first)
    return keys.filter((key) => !late.some(({ contributors }) => contributors.includes(key)))
  }
  await expect.poll(missing, { timeout: 6 * limitMs, intervals: [100] }).toEqual([])
  const tookMs = Date.now() - sinceMs
  console.log(
    `took part again after ${(tookMs / 1000).toFixed(1)} s (a quiet round: ${(quiet.roundMs / 1000).toFixed(1)} s)`,
  )
  expect(tookMs, 'milliseconds from the return to the first contribution').toBeLessThanOrEqual(limitMs)
}

/** Lets what was missed be learned, ends the run, and looks at what is left: one adapter in all tabs, and the quiet run's loss. */
export async function endsAlike(
  coordinator: Page,
  others: readonly Page[],
  quiet: Quiet | null,
): Promise<void> {
  const { round: now } = await snapshot(coordinator)
  await untilRound(
    coordinator,
    quiet ? Math.max(now + 6, Math.min(quiet.heldOut.length, now + 20)) : now + 1,
    180_000,
  )
  await coordinator.evaluate(() => globalThis.gossamer!.stop())
  const phase = () => coordinator.evaluate(() => globalThis.gossamer!.store.getState().phase.kind)
  await expect.poll(phase, { timeout: 60_000 }).toBe('finished')
  const records = await settledHistory(coordinator)
  const { adapterHash } = await snapshot(coordinator)
  expect(adapterHash).not.toBeNull()
  for (const page of others)
    await until(page, (state, hash) => state.adapterHash === hash, adapterHash, 30_000)
  if (!quiet) return
  const last = records.slice(-comparedRounds)
  const heldOut = mean(last.map((record) => record.heldOut!))
  const expected = mean(last.map(({ round }) => quiet.heldOut[Math.min(round, quiet.heldOut.length) - 1]))
  console.log(
    `held-out loss after round ${last.at(-1)!.round}: ${heldOut.toFixed(4)}, undisturbed ${expected.toFixed(4)}`,
  )
  expect(Math.abs(heldOut - expected) / expected).toBeLessThanOrEqual(lossTolerance)
}

/** Of a run that is over: every completed round has been measured; the last one may have been stopped before that. */
async function settledHistory(coordinator: Page) {
  const versions = async () => {
    const { version, history: records } = await coordinator.evaluate(() =>
      globalThis.gossamer!.store.getState(),
    )
    return version - records.at(-1)!.version
  }
  await expect.poll(versions, { timeout: 30_000 }).toBeLessThanOrEqual(1)
  return history(coordinator)
}

/** After its reload a coordinator goes on by itself, or asks its person, who says yes. */
export async function goesOn(coordinator: Page): Promise<void> {
  const { kind } = await coordinator.evaluate(() => globalThis.gossamer!.store.getState().phase)
  if (kind === 'paused') await coordinator.evaluate(() => globalThis.gossamer!.resume())
}
