/**
 * Auto and fusion in real tabs over real WebRTC: a tab that chooses how to work, and goes over to another way when the edge that helped
 * is closed in mid-sentence; tabs that are given something to see, keep it over a reload, and are asked about it together.
 */
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures'
import { slowLinks, until, untilPeers } from '../surface'

const search = 'model=seedling&rounds=1&autostart=9&view=reason'
const untilReady = (page: Page) => until(page, ({ model }) => model.hash !== null, null)
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

test('a tab chooses its way, and another when the edge is closed in mid-sentence: the text is one tab’s', async ({
  openDevice,
}) => {
  test.setTimeout(180_000)
  // A coordinator could judge, too: it lets them in, and goes. Two halves can do together what the edge could.
  const coordinator = await openDevice('coordinator', { search })
  const edge = await openDevice('device', { search })
  const half = await openDevice('device', { search: `${search}&layers=3` })
  const asker = await openDevice('device', { search: `${search}&layers=3&mode=auto` })
  await slowLinks(asker, 120)
  await Promise.all([untilPeers(coordinator, 3), ...[edge, half, asker].map(untilReady)])
  const wish = { prompt: 'The nurse put the', tokens: 120, temperature: 0.9, seed: 7 }
  const ask = (page: Page, mode: string) =>
    page.evaluate((request) => globalThis.gossamer!.generate(request), { ...wish, mode })
  const alone = await ask(edge, 'alone')
  expect(alone.ids.length).toBeGreaterThan(40)

  await asker.evaluate(() => globalThis.gossamer!.lookAround())
  await coordinator.close()
  // It has measured how far the others are.
  await asker.waitForFunction(() => {
    const { devices } = globalThis.gossamer!.store.getState()
    return devices.filter(({ roundTripMs }) => (roundTripMs ?? 0) > 100).length === 2
  })
  const answering = ask(asker, 'auto')
  await asker.waitForFunction(() => {
    const { asking } = globalThis.gossamer!.store.getState().reasoning
    return asking?.isRunning && asking.way === 'speculative' && asking.tokens.length > 2
  })
  await edge.close()
  const chosen = await answering
  expect(chosen.hash).toBe(alone.hash)
  const { ways } = chosen.stats
  // Where the edge was still busy with the text before, the halves may have begun.
  const judged = ways!.findIndex(({ mode }) => mode === 'speculative')
  expect(judged, JSON.stringify(ways)).toBeGreaterThanOrEqual(0)
  expect(ways!.at(-1)!.mode, JSON.stringify(ways)).toMatch(/pipeline|split/)
  expect(ways!.at(-1)!.after).toBeGreaterThan(2)
  const why = 'This tab may hold 3 of the model’s 6 layers, so others do what it cannot.'
  // Where it had begun otherwise, it says first what made it change.
  expect(ways![judged].why.replace(/^(Somebody has come|Tokens took longer than was foreseen): /, '')).toBe(
    why,
  )
  // Whichever it noticed first.
  expect(ways!.at(-1)!.why).toMatch(/^(Somebody is gone|The way before broke off): /)
})

test('tabs answer about what each of them alone sees, also after a reload, and without one that is closed', async ({
  openDevices,
}) => {
  test.setTimeout(180_000)
  const [asker, first, second] = await openDevices(3, { search })
  await untilPeers(asker, 2)
  await Promise.all([asker, first, second].map(untilReady))
  const ask = (prompt: string, mode: string, tokens = 12) =>
    asker.evaluate((wish) => globalThis.gossamer!.generate(wish), { prompt, mode, tokens })
  await expect(ask('The nurse', 'fusion')).rejects.toThrow(/No tab in reach has a view of its own/)

  const see = async (page: Page, text: string) => {
    const card = region(page, 'What only this tab sees')
    await card.getByLabel('In words').fill(text)
    await card.getByRole('button', { name: 'Let this tab see it' }).click()
    await expect(card.getByRole('status')).toHaveText(/^This tab sees it: \d+ tokens\.$/)
  }
  await see(first, 'Lola put the grey pot on the stove.')
  await first.reload()
  await untilPeers(asker, 2)
  await untilReady(first)
  await expect(region(first, 'What only this tab sees').getByLabel('In words')).toHaveValue(/grey pot/)
  const seen = await ask('The pot', 'fusion')
  // One view by itself is as if the asker had read it.
  const alone = await ask('Lola put the grey pot on the stove.\nThe pot', 'alone')
  expect(seen.text).toBe(alone.text)

  await see(second, 'Zoe ran to the harbour at nine.')
  await slowLinks(asker, 20)
  const answering = ask('The pot', 'fusion', 40)
  await asker.waitForFunction(() => {
    const { asking } = globalThis.gossamer!.store.getState().reasoning
    return asking?.isRunning && asking.tokens.length > 4
  })
  await second.close()
  const told = await answering
  expect(told.ids.length).toBeGreaterThan(5)
  expect(told.stats.recoveries).toBeGreaterThanOrEqual(1)
  expect(told.stats.contradictions).toEqual([])
  const gains = await asker.evaluate(() =>
    globalThis
      .gossamer!.store.getState()
      .reasoning.asking!.tokens.map(({ gains }) => gains.filter(({ nats }) => nats !== null).length),
  )
  expect([gains[0], gains.at(-1)]).toEqual([2, 1])
  await expect(region(asker, 'What happened')).toContainText('sees counts no more: it is out of reach.')
})
