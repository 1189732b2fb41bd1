/**
 * The proof in real tabs over real WebRTC: five ways, one of them with a tab closed in mid-sentence, one with the judge closed, and
 * one hash; from a coordinator's page, and from the coordinator's pane of a wall.
 */
import type { FrameLocator, Page } from '@playwright/test'
import { expect, test } from '../fixtures'
import { until, untilPeers } from '../surface'

const tokens = 16
const rows = [
  /^Row 1: One tab alone/,
  /^Row 2: Split over 3 tabs/,
  /^Row 3: Split, and a tab closes/,
  /^Row 4: One guesses, another judges/,
  /^Row 5: The judge closes/,
]

/** Runs the proof on a page, and waits until all five rows say the same. The hash of them all. */
async function proven(page: Page | FrameLocator): Promise<string> {
  await page.getByRole('button', { name: /^Run/ }).click()
  // What an earlier proof came to is gone as soon as this one begins.
  await expect(page.getByRole('button', { name: /^Stop/ })).toBeVisible()
  await expect(page.getByText('Five of five: one text, one hash.').first()).toBeVisible({ timeout: 60_000 })
  const list = page.getByRole('list', { name: 'The five rows' })
  const texts = await list.locator('p[aria-busy]').allInnerTexts()
  expect(texts).toHaveLength(5)
  expect(new Set(texts).size).toBe(1)
  const hashes = await list.locator('code').evaluateAll((all) => all.map((one) => one.getAttribute('title')!))
  expect(hashes).toHaveLength(5)
  expect(new Set(hashes).size).toBe(1)
  for (const name of rows) await expect(list.getByRole('listitem', { name })).toBeVisible()
  await expect(list.getByText('the same text', { exact: true })).toHaveCount(4)
  return hashes[0]
}

test('five rows of real tabs say the same, two tabs are closed meanwhile and come back', async ({
  openDevices,
}) => {
  test.setTimeout(120_000)
  const search = `view=proof&tokens=${tokens}&temperature=0.7`
  const [coordinator, ...devices] = await openDevices(4, { search })
  await untilPeers(coordinator, 3)
  const idsOf = () =>
    Promise.all(devices.map((page) => page.evaluate(() => globalThis.gossamer?.snapshot().nodeId ?? null)))
  const before = await idsOf()
  const hash = await proven(coordinator)

  // It is what a single tab is asked for by hand, and what the rows show is what was counted.
  const { prompt, rows: made } = await coordinator.evaluate(
    () => globalThis.gossamer!.store.getState().proof!,
  )
  const alone = await coordinator.evaluate(
    (wish) => globalThis.gossamer!.generate({ ...wish, mode: 'alone', temperature: 0.7, seed: 7 }),
    { prompt, tokens },
  )
  expect(alone.hash).toBe(hash)
  const [, split, closed, judged, switched] = made
  const third = Math.floor(alone.ids.length / 3)
  // Whoever was closed first may be back in time to judge, and be closed again, as the new life that it is by then.
  expect(before).toContain(closed.closed?.peer)
  expect(switched.closed?.peer).not.toBe(closed.closed?.peer)
  for (const row of [closed, switched]) {
    expect(row.closed?.after).toBe(third)
    // Beside it a tab may be missed that a crowded machine kept silent for too long. That nobody else is lost where time is exact, the
    // Lab's tests say (lab/reasoning/lossless/).
    const lost = row.asking!.incidents.flatMap((one) => (one.kind === 'lost' ? [one.id] : []))
    expect(lost).toContain(row.closed?.peer)
  }
  for (const row of [split, judged]) expect(row.closed).toBeNull()
  const handover = switched.asking!.incidents.find(({ kind }) => kind === 'handover')
  expect(handover).toMatchObject({ from: switched.closed?.peer })
  const list = coordinator.getByRole('list', { name: 'The five rows' })
  await expect(list.getByRole('listitem', { name: rows[2] })).toContainText(/Read again\s*\d+ tokens/)
  await expect(list.getByRole('listitem', { name: rows[4] })).toContainText(/Handed over within/)

  // The tabs that were closed are there again, as new lives of the same tabs, and nothing else has happened.
  await untilPeers(coordinator, 3)
  const gone = [closed.closed?.peer, switched.closed?.peer]
  await expect
    .poll(async () => (await idsOf()).filter((id) => id !== null && !gone.includes(id)))
    .toHaveLength(before.length)
  for (const tab of [coordinator, ...devices]) {
    const { errors } = await until(tab, ({ model }) => model.hash !== null, null)
    expect(errors).toEqual([])
  }
  expect(await proven(coordinator)).toBe(hash)
})

test('a wall proves itself in the pane of its coordinator', async ({ appUrl, newContext }) => {
  test.setTimeout(120_000)
  const page = await (await newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  await page.goto(`${appUrl}/?wall=3&model=toy&backend=wasm&tokens=${tokens}`)
  const pane = page.frameLocator('iframe[title="Coordinator"]')
  await expect(page.getByRole('button', { name: 'Start' })).toBeEnabled({ timeout: 60_000 })
  await pane.getByRole('button', { name: 'Proof' }).click()
  await proven(pane)
  // An address shows it at once, in the same room.
  const address = new URL(page.url())
  address.searchParams.set('view', 'proof')
  await page.goto(address.href)
  await page.reload()
  await expect(pane.getByRole('heading', { name: 'Five ways, one text' })).toBeVisible({ timeout: 60_000 })
})
