/** What somebody sees at the first look, on a desk and on a phone, in English and in German: nothing cut off, hidden or in the way. */
import type { Locator, Page } from '@playwright/test'
import { expect, type Looks, test } from './demo'

const phone = { width: 390, height: 844 } as const
const sizes: readonly Looks[] = [{ width: 1440, height: 900 }, { width: 1024, height: 768 }, phone]
const languages = ['en', 'de'] as const

const boxOf = async (one: Locator) => (await one.boundingBox())!

/** Selects whose widest choice does not fit into them. */
const cutOff = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('select')].flatMap((select) => {
      const whole = select.cloneNode(true) as HTMLSelectElement
      whole.style.cssText = 'position: absolute; visibility: hidden; width: max-content'
      select.after(whole)
      const wanted = whole.offsetWidth
      whole.remove()
      return wanted > select.offsetWidth
        ? [`${select.labels[0].textContent}: ${wanted} > ${select.offsetWidth}`]
        : []
    }),
  )

for (const language of languages)
  test(`every choice is read in full in its closed list, in ${language}`, async ({ show }) => {
    for (const looks of sizes) {
      const at = `${looks.width} px`
      const lobby = await show(`phase=lobby&devices=3&lang=${language}`, looks)
      expect(await cutOff(lobby), `lobby at ${at}`).toEqual([])
      const first = await show(`/?lang=${language}&scheme=asynchronous`, looks)
      await first.getByText(language === 'en' ? 'All parameters' : 'Alle Parameter').click()
      expect(await cutOff(first), `first page at ${at}`).toEqual([])
      const lab = await show(`/?view=lab&lang=${language}`, looks)
      const themes = lab.locator('button[aria-expanded]')
      for (let theme = 0; theme < (await themes.count()); theme++) {
        await themes.nth(theme).click()
        expect(await cutOff(lab), `Lab at ${at}`).toEqual([])
      }
    }
  })

test('the first page shows on a phone, without scrolling, where to join', async ({ show }) => {
  for (const [language, join, others] of [
    ['en', 'Join', 'Open a federation'],
    ['de', 'Beitreten', 'Föderation eröffnen'],
  ] as const) {
    const page = await show(`/?lang=${language}`, phone)
    await expect(page.getByRole('button', { name: join })).toBeInViewport({ ratio: 1 })
    await expect(page.getByRole('textbox')).toBeInViewport({ ratio: 1 })
    await expect(page.getByRole('button', { name: others })).toBeInViewport()
  }
})

test('what another model is asked for comes into sight when it is chosen', async ({ show }) => {
  for (const looks of sizes) {
    const page = await show('/', looks)
    await page.getByRole('radio', { name: /Another model/ }).check()
    const [zone, foot] = [
      page.getByText('Choose a folder'),
      page.getByRole('button', { name: 'Open a federation' }),
    ]
    const isAbove = async () => (await boxOf(zone)).y + (await boxOf(zone)).height <= (await boxOf(foot)).y
    await expect.poll(isAbove, `${looks.width} px`).toBe(true)
    await expect(zone).toBeInViewport({ ratio: 1 })
  }
})

test('the language has a button of its own, and what is chosen there holds against the address', async ({
  show,
}) => {
  const page = await show('/?lang=de', phone)
  const language = page.getByRole('button', { name: 'Sprache: Deutsch DE' })
  await expect(language).toBeInViewport({ ratio: 1 })
  await expect(language.getByText('DE', { exact: true })).toBeVisible()
  const other = await page.context().newPage()
  await other.goto(new URL('/', page.url()).href)
  await expect(other.locator('html'), 'another tab').toHaveAttribute('lang', 'en')
  await language.press('Enter')
  await page.getByRole('menuitemradio', { name: 'English' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Language: English EN' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Open a federation' })).toBeVisible()
  await other.getByRole('button', { name: 'Language: English EN' }).click()
  await other.getByRole('menuitemradio', { name: 'Deutsch' }).click()
  await expect(page.locator('html'), 'what is chosen holds in all tabs').toHaveAttribute('lang', 'de')
})

test('the tour’s card is whole, and never upon the beginning of what it explains', async ({ show }) => {
  for (const looks of sizes)
    for (const [language, start, next] of [
      ['en', 'Show me around', 'Next'],
      ['de', 'Zeig mir alles', 'Weiter'],
    ] as const) {
      const page = await show(`ticks=250&devices=3&tour=1&lang=${language}`, looks)
      await page.getByRole('button', { name: start }).click()
      for (const [step, part] of ['invite', 'web', 'loss', 'recall', 'ask'].entries()) {
        const at = `${part}, ${looks.width} px, ${language}`
        const card = page.getByRole('dialog')
        await expect(card.getByText(`${step + 1} `, { exact: false }).first()).toBeVisible()
        await expect(card, at).toBeInViewport({ ratio: 1 })
        const title = page.locator(`[data-tour="${part}"] h2`)
        await expect(title, at).toBeInViewport({ ratio: 1 })
        const apart = async () => {
          const [own, explained] = [await boxOf(card), await boxOf(title)]
          return (
            explained.x + explained.width <= own.x ||
            own.x + own.width <= explained.x ||
            explained.y + explained.height <= own.y ||
            own.y + own.height <= explained.y
          )
        }
        await expect.poll(apart, at).toBe(true)
        if (part !== 'ask') await card.getByRole('button', { name: next }).click()
      }
    }
})

test('a device whose rounds are over says that it is done, and leads to what can be done now', async ({
  show,
}) => {
  const page = await show('role=device&ticks=410', phone)
  const own = page.getByRole('region', { name: 'This tab' })
  await expect(own).toContainText('done')
  await expect(own).toContainText('Finished. All 12 rounds are done.')
  await expect(own).not.toContainText(/idle|waiting|Keep this screen on/)
  await own.getByRole('button', { name: 'Ask the model' }).click()
  await expect(page.getByLabel('Prompt')).toBeFocused()
  await expect(page.getByLabel('Prompt')).toBeInViewport()
  await own.getByRole('button', { name: 'Keep the adapter' }).click()
  await expect(page.getByRole('button', { name: 'Take home' })).toBeFocused()
  const german = await show('role=device&ticks=410&lang=de')
  await expect(german.getByRole('region', { name: 'Dieser Tab' })).toContainText('fertig')
  await expect(german.getByRole('button', { name: 'Das Modell fragen' })).toBeVisible()
  const room = await show('ticks=410&devices=3')
  await expect(room.getByRole('button', { name: /^Lynx done/ })).toBeVisible()
  await expect(room.locator('main')).not.toContainText(/\b(idle|waiting)\b/)
})

test('a tab that learns from a person’s own text offers its beginning to be asked', async ({ show }) => {
  const page = await show('role=device&phase=lobby')
  const offered = page.getByRole('button', { name: /from your own text, which stays in this tab/ })
  await expect(offered).toBeHidden()
  await page.getByText('Choose other text').click()
  await page.getByRole('tab', { name: 'Paste' }).click()
  await page.getByLabel('Text to learn from').fill('Anna bakes bread every morning at five.\n\nBob rows.')
  await page.getByRole('button', { name: 'Use this text' }).click()
  await expect(offered).toContainText('Anna bakes bread every …')
  await offered.click()
  await expect(page.getByLabel('Prompt')).toHaveValue('Anna bakes bread every')
  await expect(page.getByRole('article').filter({ hasText: 'Together' })).toContainText(
    'Anna bakes bread every',
  )
})
