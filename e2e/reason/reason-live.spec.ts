/** The Reason screen in real tabs: one is closed by its button in mid-sentence, and the text is the one that a single tab gives. */
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures'
import { slowLinks, untilPeers } from '../surface'

async function ask(page: Page, mode: string): Promise<void> {
  await page.getByRole('radio', { name: mode }).check()
  await page.getByLabel('Prompt').fill('Once upon a time')
  await page.getByLabel('Prompt').press('Enter')
}

/** The hash of the answer, once it is whole. */
async function hashOf(page: Page, mode: string): Promise<string> {
  const answer = page.getByRole('region', { name: 'Answer' })
  await expect(answer).toContainText(mode)
  await expect(answer.locator('code')).toBeVisible({ timeout: 60_000 })
  return (await answer.locator('code').getAttribute('title'))!
}

test('a tab that the coordinator closes in mid-sentence leaves, and the text goes on identically', async ({
  openDevices,
}) => {
  test.setTimeout(120_000)
  const [coordinator, ...devices] = await openDevices(3, { search: 'view=reason&mode=pipeline' })
  await untilPeers(coordinator, 2)
  await Promise.all(devices.map((page) => slowLinks(page, 40)))
  await ask(coordinator, 'Pipeline')
  // Whoever holds the last layers says the words.
  await expect(coordinator.getByRole('option').first()).toBeVisible({ timeout: 60_000 })
  const speaker = await coordinator.evaluate(() => {
    const { reasoning, devices: all } = globalThis.gossamer!.store.getState()
    return all.find(({ peer }) => peer === reasoning.asking!.stages.at(-1)!.id)!.name
  })
  await coordinator.getByRole('button', { name: `Close this tab: ${speaker}` }).click()
  const together = await hashOf(coordinator, 'Pipeline')
  const farewell = (page: Page) => page.getByText('Reload this tab to come back').count()
  const gone = () => Promise.all(devices.map(farewell))
  await expect.poll(async () => (await gone()).toSorted()).toEqual([0, 1])
  await expect(coordinator.getByRole('region', { name: 'What happened' })).toContainText(
    new RegExp(`${speaker} was lost, noticed after .*, replaced within .* tokens? read again`),
  )
  await ask(coordinator, 'Alone')
  expect(await hashOf(coordinator, 'Alone')).toBe(together)
  // What the coordinator writes into the address leaves alone what the page has written there.
  await coordinator.getByRole('button', { name: 'Federation' }).click()
  await coordinator.getByLabel('Rounds', { exact: true }).fill('5')
  const written = (name: string) => new URL(coordinator.url()).searchParams.get(name)
  await expect.poll(() => ['rounds', 'view', 'mode'].map(written)).toEqual(['5', null, 'alone'])
  // Whoever was sent away may come back.
  const sent = devices[(await gone()).indexOf(1)]
  await sent.getByRole('button', { name: 'Try again' }).click()
  await expect(sent.getByRole('heading', { name: 'Reason together' })).toBeVisible({ timeout: 60_000 })
})
