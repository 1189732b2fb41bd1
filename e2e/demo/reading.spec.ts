/** For whoever goes by keys or a screen reader, and for whoever reads German. */
import type { Page } from '@playwright/test'
import { expect, test } from './demo'

const inFocus = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document
    return activeElement === document.body ? 'nothing' : (activeElement?.textContent ?? '').trim()
  })

test('the focus stays in the page while it opens, admits, starts, stops and ends', async ({ show }) => {
  const page = await show('phase=lobby&devices=3')
  await expect.poll(() => inFocus(page), 'after opening').toBe('Coordinator')
  await page.getByRole('button', { name: 'Admit Badger' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Admit Badger' })).toBeHidden()
  await expect.poll(() => inFocus(page), 'after admitting').toBe('Coordinator')
  await page.getByRole('button', { name: 'Start' }).press('Enter')
  await expect.poll(() => inFocus(page), 'after starting').toMatch(/^(Before the first round|Round 1 of)/)
  await page.getByRole('button', { name: 'Stop' }).press('Enter')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Take home' })).toBeVisible()
  await expect.poll(() => inFocus(page), 'after the end').toMatch(/^(Before the first round|Round )/)
})

test('a problem that is dismissed leaves the focus with the next, and a renamed tab with its name', async ({
  show,
}) => {
  const page = await show('ticks=250&trouble=1')
  await page.getByRole('button', { name: 'Dismiss' }).first().press('Enter')
  await expect(page.getByRole('button', { name: 'Dismiss' })).toBeFocused()
  const device = await show('role=device&phase=lobby')
  await device.getByRole('button', { name: 'Change the name' }).press('Enter')
  await device.getByLabel('Name', { exact: true }).press('Enter')
  await expect.poll(() => inFocus(device)).toBe('Otter')
})

test('somebody who clicks beside everything is not given the focus back', async ({ show }) => {
  const page = await show('ticks=250&live=1')
  await page.getByRole('button', { name: 'Pause' }).focus()
  await page.mouse.click(240, 8)
  await page.evaluate(
    () =>
      new Promise((changed) =>
        new MutationObserver(changed).observe(document.body, { childList: true, subtree: true }),
      ),
  )
  expect(await inFocus(page)).toBe('nothing')
})

test('the card of a device has a name, and the menu hides nothing from screen readers', async ({ show }) => {
  const page = await show('ticks=250&devices=3')
  await page.getByRole('button', { name: 'Details of Lynx' }).click()
  await expect(page.getByRole('dialog', { name: 'Details of Lynx' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Light or dark, Leave the room' }).click()
  await expect(page.getByRole('menu')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Details of Lynx' })).toBeVisible()
})

test('a German page speaks German to the end, also where the engine speaks', async ({ show }) => {
  const [finished, troubled, lab] = await Promise.all([
    show('ticks=410&devices=3&lang=de'),
    show('ticks=250&trouble=1&lang=de'),
    show('/?view=lab&preset=nobody-in-charge&scheme=synchronous&aggregation=decaf&lang=de'),
  ])
  await expect(finished.getByText('Fertig. Alle 12 Runden sind durch.', { exact: true })).toBeVisible()
  await expect(finished.getByText('0,60')).toBeVisible()
  await expect(
    troubled.getByText('Ein Gerät ist in diesem Raum, aber zu ihm', { exact: false }),
  ).toBeVisible()
  await expect(troubled.getByText(/Der Beitrag zu Runde 4 wurde abgelehnt: .* enthält NaN/)).toBeVisible()
  await expect(lab.getByLabel('Lernrate')).toHaveCount(0)
  await lab.getByRole('button', { name: 'Training auf dem Gerät' }).click()
  await expect(lab.getByLabel('Lernrate')).toHaveValue('0,002')
  for (const page of [finished, troubled])
    expect(await page.locator('main').textContent()).not.toMatch(
      /\b(the|rounds|devices|are done|was|left out)\b/,
    )
})
