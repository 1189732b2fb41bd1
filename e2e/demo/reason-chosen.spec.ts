/** Fusion and auto on the Reason screen, on a fake node: what only this tab sees, whose view spoke, contradictions, the sentence why. */
import type { Page } from '@playwright/test'
import { expect, test } from './demo'

const running = 'view=reason&ticks=250&devices=4'
const phone = { width: 390, height: 844 } as const

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

test('a tab is given something to see, keeps it, and forgets it, in both languages', async ({ show }) => {
  const page = await show(running)
  const card = region(page, 'What only this tab sees')
  const field = card.getByLabel('In words')
  await expect(card).toContainText('This tab sees nothing of its own yet.')
  await expect(card).toContainText('At most 160 tokens')
  await expect(card.getByRole('button', { name: 'Let this tab see it' })).toBeDisabled()
  await field.fill('word '.repeat(161))
  await card.getByRole('button', { name: 'Let this tab see it' }).click()
  await expect(card).toContainText(
    'This view has 161 tokens. At most 160 leave room for a question beside it',
  )
  await expect(field).toHaveValue(/word word/) // nothing is lost
  await field.fill('the boat is red')
  await card.getByRole('button', { name: 'Let this tab see it' }).click()
  await expect(card.getByRole('status')).toHaveText('This tab sees it: 4 tokens.')
  await card.getByRole('button', { name: 'Forget it' }).click()
  await expect(card.getByRole('status')).toHaveText('This tab sees nothing of its own yet.')
  await expect(field).toHaveValue('')

  // Any tab of a room has the card, whatever its part.
  const german = await show(`${running}&role=device&lang=de`, phone)
  const own = region(german, 'Was nur dieser Tab sieht')
  await own.getByLabel('In Worten').fill('wort '.repeat(161))
  await own.getByRole('button', { name: 'Diesen Tab das sehen lassen' }).click()
  await expect(own).toContainText('Das sind 161 Tokens. Höchstens 160 lassen Platz für eine Frage daneben')
  expect(await overflow(german)).toBe(0)
})

test('fusion says whose view spoke for which word, and which two contradict each other', async ({ show }) => {
  const page = await show(`${running}&asked=fusion`)
  const answer = region(page, 'Answer')
  await answer.getByRole('option').first().hover()
  await expect(answer).toContainText(/Token 1, “green”: Otter, .*, views, in nats: Otter \+2\.1, Wren [+−]\d/)
  const cards = page.getByRole('list', { name: 'The tabs' }).getByRole('listitem')
  await expect(cards.filter({ hasText: 'Otter' })).toContainText('sees something of its own')
  await expect(region(page, 'What happened')).toContainText(
    'Otter and Wren contradict each other: what Otter sees speaks for “boats”, what Wren sees for “nets”. All views together say',
  )
  for (const lang of ['en', 'de']) {
    const narrow = await show(`${running}&asked=fusion&lang=${lang}`, phone)
    if (lang === 'de')
      await expect(region(narrow, 'Was geschah')).toContainText(
        'Otter und Wren widersprechen sich: Was Otter sieht, spricht für „boats“, was Wren sieht, für „nets“.',
      )
    expect(await overflow(narrow), lang).toBe(0)
    await narrow.context().close()
  }
})

test('auto says in a sentence how it works and why, and changes its mind in mid-sentence', async ({
  show,
}) => {
  const page = await show(running)
  await page.getByRole('radio', { name: 'Auto', exact: true }).check()
  await page.getByLabel('Prompt').fill('The lighthouse at Varnholm is painted')
  await page.getByLabel('Prompt').press('Enter')
  const answer = region(page, 'Answer')
  await expect(answer).toContainText('Auto → Speculative')
  await expect(answer).toContainText(
    'Speculative: So a token takes about 9 ms, in any other way at least 24 ms.',
  )
  const cards = page.getByRole('list', { name: 'The tabs' }).getByRole('listitem')
  await expect(cards.filter({ hasText: 'Otter' })).toContainText('edge, judges with all layers')
  await page.getByRole('button', { name: 'Close this tab: Otter' }).click()
  await expect(answer).toContainText('Auto → Alone')
  const sentence =
    'Alone from here on, not Speculative: Somebody is gone: Nobody who could help has answered, so this tab works alone.'
  await expect(answer).toContainText(sentence)
  await expect(page.getByRole('status').filter({ hasText: sentence })).toBeAttached()
  await expect(page.getByText(/^Hash of the token ids [0-9a-f]{16}$/)).toBeVisible()
  const german = await show(`${running}&asked=auto&lang=de`, phone)
  await expect(region(german, 'Antwort')).toContainText(
    'Raten und prüfen: So braucht ein Token etwa 9 ms, auf jede andere Weise mindestens 24 ms.',
  )
  expect(await overflow(german)).toBe(0)
})
