/**
 * A question about a picture, across three real tabs: one was shown a picture, one knows what somebody chose of it, and the one that asks
 * knows for whom. None of them can answer alone.
 */
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures'
import { until, untilPeers } from '../surface'

const search = 'model=lens&rounds=1&autostart=9&view=reason&mode=fusion&temperature=0'
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const sight = (page: Page) => region(page, 'What only this tab sees')

async function see(page: Page, text?: string): Promise<void> {
  if (text) await sight(page).getByLabel('In words').fill(text)
  await sight(page).getByRole('button', { name: 'Let this tab see it' }).click()
  await expect(sight(page).getByRole('status')).toHaveText(/^This tab sees it: \d+ tokens\.$/)
}

test('a picture that one tab sees, and what two others know, make one answer; alone none of them has it', async ({
  openDevices,
}) => {
  test.setTimeout(120_000)
  const [asker, painter, witness] = await openDevices(3, { search })
  await untilPeers(asker, 2)
  await Promise.all(
    [asker, painter, witness].map((page) => until(page, ({ model }) => model.hash !== null, null)),
  )

  for (const [shape, colour, place] of [
    ['star', 'blue', 'top left'],
    ['heart', 'red', 'middle'],
    ['ring', 'green', 'bottom right'],
  ]) {
    await sight(painter).getByRole('radio', { name: shape }).check()
    await sight(painter).getByRole('radio', { name: colour }).check()
    await sight(painter)
      .getByRole('button', { name: `nothing (${place})` })
      .click()
  }
  await see(painter)
  await see(witness, 'Today Mira chose the heart.')
  await see(asker, 'What Mira chose is for Ben.')

  const prompt = 'What did Mira choose?'
  await asker.getByLabel('Prompt').fill(prompt)
  await asker.getByLabel('Prompt').press('Enter')
  const answer = region(asker, 'Answer')
  await expect(answer).toContainText('The heart, a red one, for Ben.', { timeout: 60_000 })
  // Each word by the tab that knew it.
  const { tokens } = await asker.evaluate(() => globalThis.gossamer!.store.getState().reasoning.asking!)
  const ids = await Promise.all(
    [painter, witness, asker].map((page) => page.evaluate(() => globalThis.gossamer!.snapshot().nodeId)),
  )
  // The, heart, comma, a, red, one, comma, for, Ben.
  const [, heart, , , red, , , , ben] = tokens.map(({ by }) => by)
  expect([red, heart, ben]).toEqual(ids.map((id) => [id]))

  for (const page of [painter, witness, asker]) {
    const own = await page.evaluate(() => globalThis.gossamer!.store.getState().reasoning.sees!.text)
    const alone = await page.evaluate((wish) => globalThis.gossamer!.generate(wish), {
      prompt: `${own}
${prompt}`,
      mode: 'alone',
      tokens: 16,
      temperature: 0,
    })
    expect(alone.text).not.toContain('The heart, a red one, for Ben.')
  }
})
