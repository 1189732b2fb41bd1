/**
 * Device and edge in real tabs over real WebRTC: a tab that holds three layers guesses, others judge, and the text is the one that a
 * single tab gives, also where the edge is closed in mid-sentence; a model cut in two; a cascade.
 */
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures'
import { slowLinks, snapshot, until, untilPeers } from '../surface'

const search = 'model=seedling&rounds=1&autostart=9&view=reason'
const wish = { prompt: 'The nurse put the', tokens: 60, temperature: 0.9, seed: 7 }

type Extras = { readonly [Name in 'draft' | 'risk' | 'tokens']?: number } & {
  readonly codec?: 'float32' | 'float16' | 'int8'
}

const ask = (page: Page, mode: string, extras: Extras = {}) =>
  page.evaluate((request) => globalThis.gossamer!.generate(request), { ...wish, mode, ...extras })

const reasoningOf = (page: Page) =>
  page.evaluate(() => globalThis.gossamer!.store.getState().reasoning.asking!)

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

/** Its model is there. */
const untilReady = (page: Page) => until(page, ({ model }) => model.hash !== null, null)

test('a tab with three layers guesses, another judges, and the text is the whole model’s', async ({
  openDevices,
  openDevice,
}) => {
  test.setTimeout(180_000)
  const [edge] = await openDevices(1, { search })
  const device = await openDevice('device', { search: `${search}&layers=3&mode=speculative` })
  await untilPeers(edge, 1)
  await untilReady(device)
  const alone = await ask(edge, 'alone')
  expect(alone.ids.length).toBeGreaterThan(20)

  await expect(
    device.getByText('This tab holds 3 of 6 layers, so it guesses and others judge.'),
  ).toBeVisible()
  const together = await ask(device, 'speculative')
  expect(together.hash).toBe(alone.hash)
  expect(together.stats.tokensPerRound).toBeGreaterThan(1)
  expect(together.stats.bytesPerToken).toBeLessThan(40)
  const [deviceId, edgeId] = [(await snapshot(device)).nodeId, (await snapshot(edge)).nodeId]
  expect((await snapshot(device)).reasoning!.stages).toEqual([
    { id: deviceId, role: 'device', layers: [0, 3] },
    { id: edgeId, role: 'edge', layers: [0, 6] },
  ])
  // What the page shows is what was counted.
  const { judged, traffic } = await reasoningOf(device)
  const refusals = judged.filter(({ refused }) => refused !== null)
  expect(refusals.length).toBeGreaterThan(0)
  await expect(region(device, 'Answer').getByRole('option', { name: /instead of “/ })).toHaveCount(
    refusals.length,
  )
  expect(Object.keys(traffic)).toEqual([edgeId])
  expect(Object.keys(traffic[edgeId]).toSorted()).toEqual(expect.arrayContaining(['draft', 'verdict']))
  await expect(
    region(device, 'What it costs').getByRole('row', { name: /^text and guesses \d/ }),
  ).toBeVisible()

  // A draft as long as somebody says.
  await ask(device, 'speculative', { draft: 2 })
  const drafted = (await reasoningOf(device)).judged.map((one) => one.drafted)
  expect(Math.max(...drafted)).toBe(2)
  await expect(ask(device, 'speculative', { draft: 99 })).rejects.toThrow(/Give a whole number from 0 to 24/)
  expect((await snapshot(device)).errors).toEqual([])
})

test('an edge that is closed in mid-sentence costs a round, and no word', async ({
  openDevices,
  openDevice,
}) => {
  test.setTimeout(180_000)
  const [coordinator, first] = await openDevices(2, { search })
  const device = await openDevice('device', { search: `${search}&layers=3&mode=multi-access` })
  await untilPeers(coordinator, 2)
  await Promise.all([first, device].map(untilReady))
  const alone = await ask(coordinator, 'alone', { tokens: 120 })
  await Promise.all([coordinator, first].map((page) => slowLinks(page, 20)))
  const answering = ask(device, 'multi-access', { tokens: 120 })
  const edge = (await snapshot(first)).nodeId
  // The one that is closed has judged, and judged last.
  await device.waitForFunction((id) => {
    const { asking } = globalThis.gossamer!.store.getState().reasoning
    return asking?.isRunning && asking.judged.length > 2 && asking.judged.at(-1)!.by === id
  }, edge)
  await first.close()
  const continued = await answering
  expect(continued.hash).toBe(alone.hash)
  const { account, incidents } = await reasoningOf(device)
  expect(account.handovers).toBeGreaterThan(0)
  expect(incidents.some((one) => one.kind === 'handover' && one.from === edge)).toBe(true)
  await expect(region(device, 'What happened')).toContainText(/judges from here on, not /)
})

test('a model cut in two says the same, also to a tab that holds but half; a cascade answers and says what it risks', async ({
  openDevices,
  openDevice,
}) => {
  test.setTimeout(240_000)
  const [edge] = await openDevices(1, { search })
  const device = await openDevice('device', { search: `${search}&layers=3&mode=split` })
  await untilPeers(edge, 1)
  await untilReady(device)
  const alone = await ask(edge, 'alone')
  const split = await ask(device, 'split')
  expect(split.hash).toBe(alone.hash)
  const { stages } = (await snapshot(device)).reasoning!
  expect(stages.map(({ role }) => role).at(-1)).toBe('edge')
  expect(stages.at(-1)!.layers[1]).toBe(6)
  const short = await ask(device, 'split', { codec: 'int8' })
  expect(short.stats.bytesPerToken).toBeLessThan(split.stats.bytesPerToken / 2)

  const cascade = await ask(device, 'cascade', { risk: 0.1 })
  expect(cascade.ids.length).toBeGreaterThan(0)
  const { incidents } = await reasoningOf(device)
  const threshold = incidents.find((one) => one.kind === 'threshold')
  expect(threshold).toMatchObject({ kind: 'threshold', after: 0 })
  expect(threshold?.kind === 'threshold' && threshold.compared).toBeGreaterThanOrEqual(1024)
  expect(threshold?.kind === 'threshold' && threshold.risk).toBeLessThanOrEqual(0.1)
  await expect(region(device, 'What it costs')).toContainText('With 95% confidence')
  const spared = await ask(device, 'early-exit').catch((problem: Error) => problem.message)
  expect(spared, 'it holds a half only').toMatch(/This tab may hold 3 of the model’s 6 layers/)
  const early = await ask(edge, 'early-exit')
  expect(early.stats.layersSaved).toBeGreaterThan(0)
})
