/**
 * A page never stands still while adapters are merged. Long tasks (over 50 ms) are counted by the browser itself; what is
 * asserted is how much the worker takes off the page, because a slow machine that does other things too has long tasks of
 * its own. The figures are printed.
 */
import { listen } from '../../server/listen'
import { expect, test } from '../fixtures'
import { until, untilRound } from '../surface'
import { buildTestPage } from '../testPage'

test('merging adapters of GPT-2 small stops no page: the worker does it, to the same bits', async ({
  newContext,
}) => {
  test.setTimeout(240_000)
  const built = await buildTestPage('merging')
  const server = await listen({ port: 0, pages: built.folder, lan: null, report: console.error })
  const page = await (await newContext()).newPage()
  await page.goto(`http://localhost:${server.port}/merging.html`)
  await page.waitForFunction(() => 'standstill' in globalThis)
  const onPage = await page.evaluate(() => standstill('page'))
  const inWorker = await page.evaluate(() => standstill('worker'))
  console.log(JSON.stringify({ onPage, inWorker }))
  await server.close()
  await built.remove()
  expect(inWorker.hashes).toEqual(onPage.hashes)
  // Otherwise there would be nothing to take off the page.
  expect(onPage.longTasks).toBeGreaterThanOrEqual(1)
  expect(inWorker.longestMs).toBeLessThan(onPage.longestMs / 10)
})

test('a coordinator of large adapters is not held up by their merges @long', async ({ openDevices }) => {
  test.setTimeout(240_000)
  const rounds = 2
  const search = `model=seedling&rank=64&alpha=128&localSteps=1&batch=1&rounds=${rounds}&autostart=2&baselines=0&backend=wasm`
  const [coordinator] = await openDevices(3, { search })
  await until(coordinator, ({ scheme }) => scheme === 'synchronous', null)
  await coordinator.evaluate(() => {
    const merging: [number, number][] = []
    let sinceMs: number | null = null
    globalThis.gossamer!.store.subscribe(({ round }) => {
      const isMerging = round.stage === 'merging'
      if (isMerging && sinceMs === null) sinceMs = performance.now()
      if (isMerging || sinceMs === null) return
      merging.push([sinceMs, performance.now()])
      sinceMs = null
    })
    const tasks: [number, number][] = []
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) tasks.push([startTime, startTime + duration])
    }).observe({ type: 'longtask' })
    Object.assign(globalThis, { merging, tasks })
  })
  await untilRound(coordinator, rounds, 200_000)
  const { merges, longMs } = await coordinator.evaluate(() => {
    const { merging, tasks } = globalThis as unknown as Record<string, [number, number][]>
    const within = tasks.filter(([from, to]) => merging.some(([begun, ended]) => from < ended && to > begun))
    return {
      merges: merging.map(([from, to]) => to - from),
      longMs: within.map(([from, to]) => to - from),
    }
  })
  console.log(JSON.stringify({ merges, longMs }))
  expect(merges).toHaveLength(rounds)
  // On the page's thread each merge would be one task, as long as the merge.
  for (const ms of longMs) expect(ms).toBeLessThan(Math.max(...merges) / 2)
})
