/** Attacks to watch, as a person uses them: a card runs to its end, its number falls, and a switch decides what is measured. */
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures'

const card = (page: Page, title: string) => page.getByRole('article', { name: title })
/** A measured number by what it is called. */
const numberOf = async (page: Page, title: string, arm: string): Promise<number> => {
  const value = card(page, title).getByText(arm, { exact: true }).locator('xpath=../dd')
  return Number.parseInt((await value.textContent()) ?? '', 10)
}

test('facts are read from an update, and not from one under noise', async ({ appUrl, newContext }) => {
  const page = await (await newContext()).newPage()
  await page.goto(appUrl)
  await page.getByRole('link', { name: /^Attacks to watch/ }).click()
  const title = 'Reading facts from one update'
  await expect(card(page, title).getByRole('status')).toHaveText('Nothing has been measured yet.')
  await card(page, title).getByRole('switch', { name: 'Masks', exact: true }).click()
  await card(page, title)
    .getByRole('button', { name: `Run: ${title}` })
    .click()
  await expect(page.getByRole('button', { name: 'Run: A lying coordinator' })).toBeDisabled()
  await expect(card(page, title).getByRole('status')).toHaveText(/^\d+% without a defence, \d+% with /, {
    timeout: 60_000,
  })
  expect(await numberOf(page, title, 'No attack')).toBeLessThanOrEqual(10)
  expect(await numberOf(page, title, 'Attack, no defence')).toBeGreaterThan(80)
  expect(await numberOf(page, title, 'Noise')).toBeLessThanOrEqual(5)
  await expect(
    card(page, title).getByText('Masks', { exact: true }),
    'its switch, and no number',
  ).toHaveCount(1)
})

test('what nobody attacks is measured too, also in German and from the keyboard', async ({
  appUrl,
  newContext,
}) => {
  const page = await (await newContext()).newPage()
  await page.goto(`${appUrl}/?view=attacks&lang=de`)
  const own = card(page, 'Ein fremder Name')
  await own.getByRole('switch', { name: 'Angriff' }).press('Space')
  await expect(own.getByRole('switch', { name: 'Unterschriften' })).toBeDisabled()
  await own.getByRole('button', { name: 'Starten: Ein fremder Name' }).press('Enter')
  await expect(own.getByRole('definition')).toHaveText(['0 %'], { timeout: 60_000 })
  await own.getByRole('switch', { name: 'Angriff' }).press('Space')
  await own.getByRole('button', { name: 'Starten: Ein fremder Name' }).press('Enter')
  await expect(own.getByRole('definition')).toHaveText(['0 %', '100 %', '0 %'], { timeout: 60_000 })
})
