/**
 * A tab that stays open does not grow: after the tenth round and after the thirtieth it has as many DOM nodes and listeners,
 * whether it coordinates, trains, merges for others or gossips. What a run must keep (its records and curves) are numbers.
 */
import type { Page } from '@playwright/test'
import { counterOf, steady } from '../counters'
import { expect, test } from '../fixtures'
import { edgePassOf, untilPeers, untilRound } from '../surface'

/** For a word or a mark that comes and goes. What grows with the rounds grows by twenty at least. */
const slack = 10

/** Rounds one by one, so that all tabs are between two when they are counted. */
async function runTo(pages: readonly Page[], first: number, last: number): Promise<void> {
  for (let round = first; round <= last; round++) {
    await pages[0].evaluate(() => globalThis.gossamer!.stepRound())
    await Promise.all(pages.map((page) => untilRound(page, round)))
  }
}

/** The tabs after twenty rounds more, none of which has grown. */
async function expectNoGrowth(pages: readonly Page[]): Promise<void> {
  const counters = await Promise.all(pages.map(counterOf))
  await runTo(pages, 1, 10)
  const before = await Promise.all(counters.map(steady))
  await runTo(pages, 11, 30)
  for (const [at, count] of counters.entries())
    await expect
      .poll(
        async () => {
          const { nodes, listeners } = await count()
          return Math.max(nodes - before[at].nodes, listeners - before[at].listeners)
        },
        { intervals: [1000], timeout: 20_000, message: `nodes or listeners that tab ${at} has gained` },
      )
      .toBeLessThanOrEqual(slack)
}

const quick = 'rounds=40&localSteps=1&baselines=0'

test('@long twenty rounds add nothing to the page of a coordinator, its devices and an edge; their table shows a window', async ({
  openDevices,
  openDevice,
}) => {
  test.setTimeout(180_000)
  const pages = await openDevices(3, { search: `scheme=hierarchical&edges=1&${quick}` })
  const [coordinator] = pages
  pages.push(await openDevice('edge', { search: 'corpus=own', edgePass: await edgePassOf(coordinator) }))
  await untilPeers(coordinator, 3)
  await expectNoGrowth(pages)

  await coordinator.getByText('Losses as a table').click()
  const rounds = coordinator.getByRole('region', { name: 'Losses as a table' }).getByRole('rowheader')
  await expect(rounds).toHaveText(Array.from({ length: 20 }, (_, row) => String(11 + row)))
  await coordinator.getByRole('button', { name: 'Earlier rows' }).click()
  await expect(rounds).toHaveText(Array.from({ length: 20 }, (_, row) => String(1 + row)))
  await expect(coordinator.getByText('1 to 20 of 30')).toBeVisible()
})

test('@long twenty rounds add nothing to the page of a tab that gossips', async ({ openDevices }) => {
  test.setTimeout(180_000)
  const pages = await openDevices(3, { search: `scheme=gossip&${quick}` })
  await untilPeers(pages[0], 2)
  await expectNoGrowth(pages)
})
