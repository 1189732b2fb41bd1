/** Device and edge on the Reason screen, on a fake node: how modes are chosen, who guesses and who judges, refused guesses, what it costs. */
import type { Page } from '@playwright/test'
import { expect, test } from './demo'

const running = 'view=reason&ticks=250&devices=4'
const phone = { width: 390, height: 844 } as const

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const card = (page: Page, name: string) =>
  page.getByRole('list', { name: 'The tabs' }).getByRole('listitem').filter({ hasText: name })

test('the ways to answer stand in groups, and say whether they say what one tab would', async ({ show }) => {
  const page = await show(running)
  const inGroup = (name: string) =>
    page
      .getByRole('group', { name, exact: true })
      .getByRole('radio')
      .evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))
  expect(await inGroup('Chosen for you')).toEqual(['auto'])
  expect(await inGroup('By itself')).toEqual(['alone', 'early-exit'])
  expect(await inGroup('Side by side')).toEqual(['pipeline', 'ensemble', 'mixture', 'fusion'])
  expect(await inGroup('Device and edge: a weak tab and a strong one')).toEqual([
    'speculative',
    'cascade',
    'split',
  ])
  expect(await inGroup('Several edges: one weak tab, several strong ones')).toEqual(['multi-access'])
  const promise = (name: string) =>
    page.getByRole('radio', { name, exact: true }).evaluate((radio) => {
      const [id] = radio.getAttribute('aria-describedby')!.split(' ')
      return document.getElementById(id)!.textContent!.slice(2)
    })
  const same = 'says exactly what one tab would say'
  for (const name of ['Auto', 'Alone', 'Pipeline', 'Speculative', 'Split', 'Multi-access'])
    expect(await promise(name), name).toBe(same)
  for (const name of ['Early exit', 'Ensemble', 'Mixture', 'Fusion', 'Cascade'])
    expect(await promise(name), name).toBe('may say something else')
  // Rows that travel shorter break the promise.
  await page.getByRole('radio', { name: 'Split' }).check()
  await page.getByText('Length, temperature, seed and more').click()
  await page.getByLabel('How rows travel').selectOption('int8')
  expect(await promise('Split')).toBe('may say something else')
})

test('arrow keys go from one way to the next, across groups, and the fine print is that of the chosen one', async ({
  show,
}) => {
  const page = await show(running)
  await page.getByRole('radio', { name: 'Alone' }).focus()
  const fields: Readonly<Record<string, string | null>> = {
    'Early exit': 'Doubt allowed, from 0 to 1',
    Pipeline: null,
    Ensemble: null,
    Mixture: null,
    Fusion: null,
    Speculative: 'Guesses at once',
    Cascade: 'Tokens of 100 kept that may differ',
    Split: 'How rows travel',
    'Multi-access': 'Guesses at once',
  }
  await page.getByText('Length, temperature, seed').click()
  await page.getByRole('radio', { name: 'Alone' }).focus()
  for (const [name, field] of Object.entries(fields)) {
    await page.keyboard.press('ArrowDown')
    await expect(page.getByRole('radio', { name, exact: true })).toBeFocused()
    await expect(page.getByRole('radio', { name, exact: true })).toBeChecked()
    for (const one of new Set(Object.values(fields)))
      if (one !== null) await expect(page.getByLabel(one)).toHaveCount(one === field ? 1 : 0)
  }
  await page.getByLabel('Guesses at once').fill('99')
  await expect(page.getByText('a whole number from 0 to 24', { exact: false })).toBeVisible()
})

test('a refused guess is struck out before what was said instead, and is not copied', async ({ show }) => {
  const page = await show(`${running}&asked=speculative`)
  const answer = region(page, 'Answer')
  const refused = answer.getByRole('option', { name: /instead of “old”/ })
  await expect(refused).toHaveText(' the')
  await expect(refused).toHaveAccessibleName('the, Otter, instead of “old”')
  const drawn = await refused.evaluate((one) => {
    const { content, textDecorationLine, fontSize } = getComputedStyle(one, '::before')
    const isSmaller = Number.parseFloat(fontSize) < Number.parseFloat(getComputedStyle(one).fontSize)
    return { content, textDecorationLine, isSmaller }
  })
  expect(drawn).toEqual({ content: '"old"', textDecorationLine: 'line-through', isSmaller: true })
  await refused.hover()
  await expect(answer).toContainText(/Token 8, “the”: Otter, ahead of .*, Coordinator had guessed “old”/)
  const copied = await answer.getByRole('listbox').evaluate((text) => {
    getSelection()!.selectAllChildren(text)
    return getSelection()!.toString()
  })
  expect(copied.trim()).toBe(
    'green and the boats come home when the bell has rung. In the evening the otter tells the wren what it has seen',
  )
  const who = answer.getByRole('list', { name: 'Who said it' })
  await expect(who).toContainText('Coordinator (this tab): 18 tokens')
  await expect(who).toContainText('Otter: 6 tokens')
})

test('what guesses cost, and what went over the wire to whom', async ({ show }) => {
  const page = await show(`${running}&asked=multi-access`)
  const costs = region(page, 'What it costs')
  const figure = (name: string) =>
    costs
      .locator('dl > div')
      .filter({ has: page.getByText(name, { exact: true }) })
      .locator('dd')
  await expect(figure('Tokens per round')).toHaveText('4.00')
  await expect(figure('Guesses accepted')).toHaveText('86%')
  await expect(figure('A second edge asked')).toHaveText('once')
  await expect(figure('Handovers')).toHaveText('2 times')
  const rows = (name: string) =>
    costs
      .getByRole('region', { name: `On the wire with ${name}` })
      .getByRole('row')
      .allInnerTexts()
  const tidy = async (name: string) => (await rows(name)).map((row) => row.replace(/\s+/g, ' ').trim())
  expect(await tidy('Otter')).toEqual([
    'Otter Sent Received',
    'text and guesses 150 bytes –',
    'verdicts – 80 bytes',
  ])
  expect(await tidy('Wren')).toEqual([
    'Wren Sent Received',
    'text and guesses 76 bytes –',
    'verdicts – 40 bytes',
  ])
  await expect(card(page, 'Coordinator')).toContainText('asks, device, guesses with layers 1 to 3')
  await expect(card(page, 'Wren')).toContainText('edge, judges with all layers')
  await expect(region(page, 'What happened')).toContainText('Wren judges from here on, not Otter.')
})

test('a cascade says what it keeps, and what that risks, in both languages', async ({ show }) => {
  const page = await show(`${running}&asked=cascade`)
  const costs = region(page, 'What it costs')
  await expect(costs).toContainText('Tokens asked about29%')
  await expect(costs).toContainText(
    'With 95% confidence at most 2.9 of 100 tokens kept here are not the whole model’s, on 1,024 tokens of text like short stories and facts in plain English that nobody learned from.',
  )
  await expect(region(page, 'What happened')).toContainText(
    'This tab keeps what it doubts by less than 0.42, and asks about the rest. before the first token',
  )
  const german = await show(`${running}&asked=cascade&lang=de`)
  await expect(region(german, 'Was es kostet')).toContainText(
    /Mit 95.% Sicherheit sind höchstens 2,9 von 100 hier behaltenen Tokens nicht die des ganzen Modells, an 1\.024 Tokens/,
  )
})

test('an early exit says how many layers were not run', async ({ show }) => {
  const page = await show(`${running}&asked=early-exit`)
  await expect(region(page, 'What it costs')).toContainText(/Layers not run\d+%/)
  await expect(card(page, 'Coordinator')).toContainText('all layers, or only the first where they are sure')
})

test('the edge that judges is closed in mid-sentence: another goes on, and that is said', async ({
  show,
}) => {
  const page = await show(running)
  await page.getByRole('radio', { name: 'Speculative' }).check()
  await page.getByLabel('Prompt').fill('The lighthouse at Varnholm is painted')
  await page.getByLabel('Prompt').press('Enter')
  await expect(card(page, 'Otter')).toContainText('edge, judges with all layers')
  await page.getByRole('button', { name: 'Close this tab: Otter' }).click()
  const happened = region(page, 'What happened')
  await expect(happened).toContainText(
    /Otter was lost, noticed after 61 ms, replaced within 0.12 s, \d+ tokens/,
  )
  await expect(happened).toContainText('Wren judges from here on, not Otter.')
  await expect(card(page, 'Wren')).toContainText('edge, judges with all layers')
  await expect(page.getByText(/^Hash of the token ids [0-9a-f]{16}$/)).toBeVisible()
})

test('a tab that holds a part of the model says what that makes it', async ({ show }) => {
  const page = await show(`${running}&role=device&layers=3`)
  const says = (text: string) => expect(page.getByText(text)).toBeVisible()
  await says('This tab holds 3 of 6 layers: choose a way in which others judge, or hold the rest.')
  await page.getByRole('radio', { name: 'Speculative' }).check()
  await says('This tab holds 3 of 6 layers, so it guesses and others judge.')
  await page.getByRole('radio', { name: 'Split' }).check()
  await says('This tab holds 3 of 6 layers, so others hold the rest.')
})

for (const lang of ['en', 'de'] as const)
  test(`on a phone nothing of it is wider than the screen, in ${lang}`, async ({ show }) => {
    for (const mode of ['speculative', 'cascade', 'split', 'early-exit', 'multi-access']) {
      const page = await show(`${running}&asked=${mode}&lang=${lang}&role=device&layers=3`, phone)
      await expect(page.getByRole('listbox').getByRole('option').first()).toBeVisible()
      await page.locator('form details summary').click()
      expect(await overflow(page), mode).toBe(0)
      await page.context().close()
    }
  })
