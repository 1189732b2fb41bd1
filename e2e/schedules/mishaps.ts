/**
 * What can befall a tab, done to a real one: it crashes or is closed and comes back, sleeps, loses its links, its disk or its GPU, wakes
 * up at another time, or speaks another version's language. What must come of each is verdict.ts'.
 */
import type { Browser, BrowserContext, Page } from '@playwright/test'

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

/** Its browser stores no more for this tab. Null: as much as ever. */
export async function limitDisk(page: Page, bytes: number | null): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const { origin } = new URL(page.url())
  await session.send('Storage.overrideQuotaForOrigin', {
    origin,
    ...(bytes === null ? {} : { quotaSize: bytes }),
  })
}

/** To be run before any page of the context: what the computer's clock shows. A page's own clock only jumps between two lives. */
export function setClock(byMs: number): void {
  const { timeOrigin } = performance
  Object.defineProperty(performance, 'timeOrigin', { value: timeOrigin + byMs })
}

/** The browser takes the GPU away from all its pages, as a driver that is restarted does. */
export async function takeGpu(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession()
  await session.send('Browser.crashGpuProcess')
}

/** To be run before any page of the context: it says of itself that it was built from a later version. */
export function speakOtherwise(): void {
  const [said, instead] = ['"speaks":', '"speaks":9'].map((text) => new TextEncoder().encode(text))
  const send = RTCDataChannel.prototype.send
  RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: never) {
    const bytes = new Uint8Array(ArrayBuffer.isView(data as ArrayBufferView) ? data : new ArrayBuffer(0))
    const at = bytes.findIndex((_, from) => said.every((byte, offset) => bytes[from + offset] === byte))
    if (at < 0) return send.call(this, data)
    bytes.set(instead, at)
    send.call(this, bytes)
  }
}
