/** The Reason screen on a fake node: asking in each mode, who said what, closing a tab in mid-sentence, keys, the address. */
import { expect, test } from './demo'

const running = 'view=reason&ticks=250&devices=4'

test('a question is answered along a pipeline, and a tab that is closed is replaced in mid-sentence', async ({
  show,
}) => {
  const page = await show(running)
  await expect(page.getByRole('button', { name: 'Reason' })).toHaveAttribute('aria-current', 'page')
  await page.getByRole('radio', { name: 'Pipeline' }).check()
  await page.getByLabel('Prompt').fill('The lighthouse at Varnholm is painted')
  await page.getByLabel('Prompt').press('Enter')
  const tabs = page.getByRole('region', { name: 'The tabs' }).getByRole('list', { name: 'The tabs' })
  await expect(tabs.getByRole('listitem').filter({ hasText: 'Otter' })).toContainText('layers 3 to 4')
  await expect(page.getByLabel('Prompt')).toBeFocused()
  await page.getByRole('button', { name: 'Close this tab: Otter' }).click()
  await expect(page.locator(':focus')).toHaveText('Otter') // and not on the button that closes the next one
  await expect(tabs.getByRole('listitem').filter({ hasText: 'Otter' })).toContainText('gone')
  await expect(tabs.getByRole('listitem').filter({ hasText: 'Lynx' })).toContainText('layers 3 to 4')
  const told = /Otter was lost, noticed after 94 ms, replaced within 0.29 s, \d+ tokens read again\./
  await expect(page.getByRole('region', { name: 'What happened' })).toContainText(told)
  await expect(page.getByRole('status').filter({ hasText: told })).toBeAttached()
  await expect(page.getByText(/^Hash of the token ids [0-9a-f]{16}$/)).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: /^Answer: green and the boats/ })).toBeAttached()
  // Nobody's own words: they belong to all whose layers they went through, before the loss and after.
  const speakers = page.getByRole('list', { name: 'Who said it' })
  await expect(speakers).toContainText(/Coordinator, Otter and Wren: \d+ tokens?/)
  await expect(speakers).toContainText(/Coordinator, Lynx and Wren: \d+ tokens?/)
  const costs = page.getByRole('region', { name: 'What it costs' })
  await expect(costs).toContainText('finding the others')
  await expect(costs).toContainText('1.1 kB a hop, 2 hops')
  await expect(costs).toContainText('94 ms + 0.29 s')
})

test('each token says who said it, to who points and to who walks with arrow keys', async ({ show }) => {
  const page = await show(`${running}&asked=ensemble`)
  const answer = page.getByRole('region', { name: 'Answer' })
  const tokens = answer.getByRole('listbox', { name: 'The answer, token by token' })
  await tokens.getByRole('option').first().hover()
  await expect(answer).toContainText(/Token 1, “green”: Otter, ahead of the next by \d\.\d\d/)
  await page.mouse.move(0, 0)
  await tokens.focus()
  await page.keyboard.press('End')
  await expect(answer).toContainText('Token 24, “seen”: Otter')
  await page.keyboard.press('ArrowLeft')
  await expect(answer).toContainText('Token 23, “has”')
  const colours = await tokens
    .getByRole('option')
    .evaluateAll((all) => new Set(all.map((one) => getComputedStyle(one).color)).size)
  expect(colours).toBe(2)
  await expect(answer.getByRole('list', { name: 'Who said it' })).toContainText('Otter: 23 tokens')
  await page.getByText('The weights as a table').click()
  await expect(page.getByRole('row', { name: /^24/ })).toContainText('%')
})

test('Escape stops, and what was said stays', async ({ show }) => {
  const page = await show(`${running}&live=1`)
  await page.getByRole('button', { name: /only Otter’s tab has read this/ }).click()
  await expect(page.getByRole('option').nth(2)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Answering' })).toBeDisabled()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('alert')).toHaveText('Stopped.')
  await expect(page.getByRole('button', { name: 'Ask' })).toBeEnabled()
  await expect(page.getByLabel('Prompt')).toHaveValue('The lighthouse at Varnholm is painted')
  expect(await page.getByRole('option').count()).toBeGreaterThan(2)
})

test('the address opens the screen and the mode, and keeps both up to date', async ({ show }) => {
  const page = await show('ticks=250&devices=3')
  const said = (name: string) => new URL(page.url()).searchParams.get(name)
  await page.getByRole('button', { name: 'Reason' }).click()
  await expect(page.getByRole('heading', { name: 'Reason together' })).toBeVisible()
  expect(said('view')).toBe('reason')
  await page.getByRole('radio', { name: 'Ensemble' }).check()
  expect(said('mode')).toBe('ensemble')
  await page.getByRole('button', { name: 'Federation' }).click()
  await expect(page.getByRole('region', { name: 'Ask' })).toBeVisible()
  expect([said('view'), said('mode')]).toEqual([null, 'ensemble'])
  await page.getByRole('button', { name: 'Reason' }).click()
  await expect(page.getByRole('radio', { name: 'Ensemble' })).toBeChecked()
})

test('a mode that cannot be had says why, in the language of the page', async ({ show }) => {
  const page = await show('view=reason&phase=lobby&devices=0&lang=de')
  await expect(
    page.getByText('Jetzt nicht: In diesem Raum ist sonst niemand.', { exact: false }),
  ).toHaveCount(7) // all but those by itself
  await expect(page.getByRole('radio', { name: 'Kette' })).toBeEnabled()
})

test('what a tab learned alone is offered by its person, and only once there is something', async ({
  show,
}) => {
  const early = await show('view=reason&role=device&phase=lobby')
  const offer = { name: 'Others may ask what this tab learned' }
  await expect(early.getByRole('switch', offer)).toBeDisabled()
  await expect(early.getByText('This tab has learned nothing alone yet.', { exact: false })).toBeVisible()
  const later = await show('view=reason&role=device&ticks=250')
  await expect(later.getByRole('switch', offer)).not.toBeChecked()
  await later.getByRole('switch', offer).click()
  await expect(later.getByRole('switch', offer)).toBeChecked()
})

test('nobody but a coordinator closes tabs', async ({ show }) => {
  for (const role of ['device', 'peer', 'guest']) {
    const page = await show(`${running}&role=${role}&asked=pipeline`)
    await expect(page.getByRole('heading', { name: 'Reason together' })).toBeVisible()
    await expect(page.getByRole('button', { name: /^Close this tab/ })).toHaveCount(0)
  }
})
