/** What a page holds on to: counted by Chromium after its garbage is collected, nodes that are in no document any more included. */
import { expect, type Page } from '@playwright/test'

export interface Counts {
  readonly nodes: number
  readonly listeners: number
  /** Of the page's own thread; its workers' memory is the process's. */
  readonly heapBytes: number
}

export async function counterOf(page: Page): Promise<() => Promise<Counts>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  return async () => {
    await session.send('HeapProfiler.collectGarbage')
    const { metrics } = await session.send('Performance.getMetrics')
    const countOf = (name: string) => metrics.find((metric) => metric.name === name)!.value
    return {
      nodes: countOf('Nodes'),
      listeners: countOf('JSEventListeners'),
      heapBytes: countOf('JSHeapUsedSize'),
    }
  }
}

/** Once drops have landed and the last frame is drawn. Listeners never rest: those of answered requests wait for the collector. */
export async function steady(count: () => Promise<Counts>): Promise<Counts> {
  let last = await count()
  await expect
    .poll(
      async () => {
        const before = last
        last = await count()
        return last.nodes - before.nodes
      },
      { intervals: [1000], timeout: 20_000 },
    )
    .toBe(0)
  return last
}
