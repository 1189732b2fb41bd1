/** The proof on a fake node: five green rows, a red one, an excused one, too few tabs, who may close tabs, stopping, the address, German, a phone. */
import type { Page } from '@playwright/test'
import { expect, test } from './demo'

const room = 'view=proof&ticks=20&phase=paused&devices=3&tokens=12'
const phone = { width: 390, height: 844 } as const

const row = (page: Page, name: string | RegExp) =>
  page.getByRole('list', { name: 'The five rows' }).getByRole('listitem', { name })
const run = (page: Page) => page.getByRole('button', { name: 'Run the proof' }).click()
const verdict = (page: Page, text: string) =>
  expect(page.getByText(text).first()).toBeVisible({ timeout: 30_000 })

test('five ways, one text: all rows come to the same hash, and each says what it cost', async ({ show }) => {
  const page = await show(room)
  await expect(page.getByLabel('Prompt')).toHaveValue('Once upon a time')
  await expect(page.getByLabel('Temperature')).toHaveValue('0.7')
  await run(page)
  await verdict(page, 'Five of five: one text, one hash.')
  const list = page.getByRole('list', { name: 'The five rows' })
  const hashes = await list.locator('code').allInnerTexts()
  expect(hashes).toHaveLength(5)
  expect(new Set(hashes).size).toBe(1)
  await expect(page.getByText(/^Hash of the token ids [0-9a-f]{64}$/)).toBeVisible()
  await expect(row(page, 'Row 1: One tab alone')).toContainText(/the yardstick/)
  await expect(row(page, 'Row 2: Split over 3 tabs')).toContainText(/1\.1 kB a token and hop.*the same text/)
  await expect(row(page, /Row 3/)).toContainText(
    /Closed\s*Wren, after 4 tokens.*Noticed after\s*94 ms.*Replaced within\s*287 ms.*Read again\s*\d+ tokens/,
  )
  await expect(row(page, /Row 4/)).toContainText(/Guesses accepted\s*\d+%.*A round gives\s*\d/)
  await expect(row(page, /Row 5/)).toContainText(
    /Closed\s*Otter, after 4 tokens.*Handed over within\s*118 ms.*Lost\s*1 round at most/,
  )
  await expect(page.getByRole('list', { name: 'The tabs that speak' })).toContainText(/this tab/)
  const told = page.getByRole('status')
  await expect(told.filter({ hasText: /^Row 5: the same text\.$/ })).toBeAttached()
  await expect(told.filter({ hasText: /^Five of five: one text, one hash\.$/ })).toBeAttached()
  // Both tabs are back: it can be made again.
  await page.getByRole('button', { name: 'Run it again' }).click()
  await expect(page.getByText('Row 1 of 5 …')).toBeVisible()
  await verdict(page, 'Five of five: one text, one hash.')
})

test('a row that says another word is red, and says where, which, and by how much', async ({ show }) => {
  const page = await show(`${room}&odd=speculative&gap=0.5`)
  await run(page)
  await verdict(page, 'Not the same: only 3 of 5 agree with the first row.')
  await expect(row(page, /Row 4/)).toContainText(
    /They part at token 5: “who” in the first row, “sea” here\. By so much each was ahead of the next: 0\.50 there, 0\.50 here\. All machines that took part compute the same bits/,
  )
  await expect(row(page, /Row 4/)).toHaveAttribute('data-look', 'differs')
  await expect(row(page, /Row 3/)).toHaveAttribute('data-look', 'same')
  await expect(page.getByText(/^Hash of the token ids/)).toHaveCount(0)
})

test('a near tie between machines that round otherwise is excused, and not called the same', async ({
  show,
}) => {
  const page = await show(`${room}&odd=pipeline&gap=0.00001&arithmetic=unlike`)
  await run(page)
  await verdict(page, '3 of 5; a tie parted the rest.')
  await expect(row(page, /Row 2/)).toContainText(/0\.000010 there, 0\.000010 here.*this is excused\./)
  await expect(row(page, /Row 2/)).toHaveAttribute('data-look', 'excused')
  const far = await show(`${room}&odd=pipeline&gap=0.5&arithmetic=unlike`)
  await run(far)
  await verdict(far, 'Not the same: only 3 of 5 agree with the first row.')
  await expect(row(far, /Row 2/)).toContainText(/round otherwise than each other.*Here they were not\./)
})

test('with too few tabs the other rows run, and nothing is green that did not', async ({ show }) => {
  const page = await show(room.replace('devices=3', 'devices=1'))
  await run(page)
  await verdict(page, '2 of 5 say the same.')
  for (const name of [/Row 2/, /Row 3/])
    await expect(row(page, name)).toContainText('It takes 2 other tabs, and 1 is ready. Open another tab')
  await expect(row(page, /Row 5/)).toContainText(
    'It takes 2 other tabs with the whole model, and 1 is ready.',
  )
  await expect(row(page, /Row 5/)).toHaveAttribute('data-look', 'unproven')
  await expect(page.locator('[data-verdict]')).toHaveAttribute('data-verdict', 'partly')
})

test('any tab may prove, and only a coordinator’s closes others', async ({ show }) => {
  for (const [role, why] of [
    ['device', 'Only the coordinator’s tab may close another one'],
    ['peer', 'In a room without a coordinator no tab may close another one.'],
  ] as const) {
    const page = await show(`${room}&role=${role}`)
    await run(page)
    await expect(page.locator('[data-verdict="partly"]')).toBeVisible({ timeout: 30_000 })
    for (const name of [/Row 3/, /Row 5/]) await expect(row(page, name)).toContainText(why)
    await expect(row(page, /Row 4/)).toHaveAttribute('data-look', 'same')
  }
})

test('Escape stops, and what was said stays', async ({ show }) => {
  const page = await show(room)
  await page.getByLabel('Prompt').press('Enter')
  await expect(row(page, /Row 2/)).toHaveAttribute('data-look', 'running')
  await expect(row(page, /Row 2/)).toContainText('there was')
  await page.keyboard.press('Escape')
  await verdict(page, '1 of 5 say the same.')
  await expect(row(page, /Row 2/)).toContainText(/there was.*Stopped before it was done\./)
  await expect(page.getByRole('button', { name: 'Run it again' })).toBeEnabled()
})

test('the address says what is asked, and opens the screen', async ({ show }) => {
  const page = await show('ticks=20&phase=paused&devices=3')
  await page.getByRole('button', { name: 'Proof' }).click()
  await page.getByLabel('Prompt').fill('The lighthouse at')
  await page.getByLabel('Tokens').fill('9')
  await page.getByLabel('Temperature').fill('0')
  await page.getByLabel('Seed').fill('11')
  const asked = () => {
    const { searchParams } = new URL(page.url())
    return ['view', 'prompt', 'tokens', 'temperature', 'textSeed'].map((name) => searchParams.get(name))
  }
  await expect.poll(asked).toEqual(['proof', 'The lighthouse at', '9', '0', '11'])
  await page.getByLabel('Prompt').fill(' ')
  await expect(page.getByRole('button', { name: 'Run the proof' })).toBeDisabled()
})

test('a room that learns may be paused from here', async ({ show }) => {
  const page = await show('view=proof&ticks=20&devices=3')
  await expect(page.getByText('The room is learning, so the model may change from row to row.')).toBeVisible()
  await page.getByRole('button', { name: 'Pause the rounds' }).click()
  await expect(page.getByText('The room is learning')).toHaveCount(0)
})

test('in a wall’s pane one click leads to the proof and back', async ({ show }) => {
  const page = await show('view=pane&ticks=20&phase=paused&devices=3')
  await page.getByRole('button', { name: 'Proof' }).click()
  await expect(page.getByRole('heading', { name: 'Five ways, one text' })).toBeVisible()
  const view = () => new URL(page.url()).searchParams.get('view')
  await expect.poll(view).toBe('pane-proof')
  await page.getByRole('button', { name: 'Federation' }).click()
  await expect.poll(view).toBe('pane')
})

test('in German, on a phone: nothing beside the screen, and what it came to in sight', async ({ show }) => {
  const page = await show(`${room}&lang=de`, phone)
  const button = page.getByRole('button', { name: 'Beweis starten' })
  await expect(button).toBeInViewport({ ratio: 1 })
  await button.click()
  const finale = page.getByText('Fünf von fünf: ein Text, eine Prüfsumme.').first()
  await expect(finale).toBeVisible({ timeout: 30_000 })
  await expect(finale).toBeInViewport({ ratio: 1 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  const list = page.getByRole('list', { name: 'Die fünf Zeilen' })
  await expect(list.getByRole('listitem', { name: 'Zeile 3: Verteilt, und ein Tab geht zu' })).toContainText(
    /Wren, nach 4 Tokens.*Ersetzt in\s*287 ms.*derselbe Text/,
  )
})

test('without a room the first page says what a proof needs, and leads to a wall that makes it', async ({
  show,
}) => {
  for (const [language, needs, open] of [
    ['en', 'A proof needs a room of a few tabs.', 'Open one in this window'],
    ['de', 'Ein Beweis braucht einen Raum mit ein paar Tabs.', 'Einen in diesem Fenster öffnen'],
  ] as const)
    for (const looks of [{ width: 1440, height: 900 }, phone]) {
      const page = await show(`/?view=proof&tokens=9&lang=${language}`, looks)
      await expect(page.getByText(needs)).toBeInViewport({ ratio: 1 })
      const link = page.getByRole('link', { name: open })
      await expect(link).toBeInViewport({ ratio: 1 })
      const { pathname, searchParams } = new URL((await link.getAttribute('href'))!, page.url())
      expect(pathname).toBe('/')
      expect(Object.fromEntries(searchParams)).toEqual({
        wall: '4',
        view: 'proof',
        tokens: '9',
        lang: language,
      })
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0)
    }
  const plain = await show('/?lang=en')
  await expect(plain.getByText('A proof needs a room')).toHaveCount(0)
})
