/** Every screen: readable for all, never wider than the window, and its controls do what they say. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import type axe from 'axe-core'
import { expect, test } from './app-demo'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const screens = {
  'first page': '/',
  'the Lab': '/?view=lab',
  'empty lobby': 'phase=lobby&devices=0',
  lobby: 'phase=lobby&devices=4',
  'run with trouble': 'ticks=250&devices=5&trouble=1',
  'finished run': 'ticks=410&devices=3',
  device: 'role=device&ticks=250',
  'device without a room': 'role=device&phase=waiting-for-room',
  'knocking device': 'role=device&phase=knocking',
  'lobby where nobody coordinates': 'role=peer&phase=lobby',
  'gossiping tab': 'role=guest&ticks=250',
  'pipeline that reasons': 'view=reason&asked=pipeline&ticks=250',
  'ensemble that reasons': 'view=reason&role=peer&asked=ensemble&ticks=250',
  'device whose guesses are judged': 'view=reason&role=device&layers=3&asked=speculative&ticks=250',
  'cascade that reasons': 'view=reason&asked=cascade&ticks=250',
  'room that proves itself': 'view=proof&ticks=250',
  'device that reasons': 'view=reason&role=device&phase=lobby',
  'coordinator in a wall': 'view=pane&ticks=250',
  'device in a wall': 'view=pane&role=device&ticks=250',
  'gossiping room in a wall': 'view=pane&role=peer&ticks=250',
  'gossiping tab in a wall': 'view=pane&role=guest&ticks=250',
}

for (const [name, search] of Object.entries(screens)) {
  test(`${name}: nothing that axe objects to, and no sideways scrolling`, async ({ show }) => {
    const bothLooks = [
      { width: 1280, colorScheme: 'light' },
      { width: 320, colorScheme: 'dark' },
    ] as const
    await Promise.all(
      bothLooks.map(async (looks) => {
        const page = await show(search, looks)
        await expectNoSidewaysScrolling(page)
        expect(await complaints(page), `axe at ${looks.width} px, ${looks.colorScheme}`).toEqual([])
      }),
    )
  })
}

test('everybody sits upright in the web, whatever they do', async ({ show }) => {
  for (const search of [screens['finished run'], screens['run with trouble']]) {
    const page = await show(search)
    const seats = page.locator('button[style*="--own"]')
    await expect(seats.first()).toBeVisible()
    const turned = await seats.evaluateAll((all) =>
      all.map((one) => new DOMMatrix(getComputedStyle(one).transform).b),
    )
    expect(turned.length).toBeGreaterThan(3)
    expect(turned.every((each) => each === 0)).toBe(true)
  }
})

test('German words fit into 320 px', async ({ show }) => {
  const searches = [
    ...[screens.lobby, screens['run with trouble'], screens.device, screens['gossiping tab']],
    ...[screens['pipeline that reasons'], screens['ensemble that reasons'], screens['device that reasons']],
    ...[
      screens['device whose guesses are judged'],
      screens['cascade that reasons'],
      screens['room that proves itself'],
    ],
  ]
  await Promise.all(
    searches.map(async (search) => {
      const page = await show(`${search}&lang=de`, { width: 320 })
      await expect(page.locator('html')).toHaveAttribute('lang', 'de')
      await expectNoSidewaysScrolling(page)
    }),
  )
})

test('a lobby admits who knocks and starts with two devices', async ({ show }) => {
  const page = await show('phase=lobby&devices=3')
  await page.getByRole('button', { name: 'Admit Badger' }).click()
  await expect(page.getByRole('button', { name: 'Admit Badger' })).toBeHidden()
  await page.getByRole('switch', { name: 'Admit everybody while the lobby is open' }).click()
  await expect(page.getByRole('switch', { name: 'Admit everybody' })).toBeChecked()
  await page.getByLabel('Rounds', { exact: true }).fill('5')
  await page.getByRole('button', { name: 'Start' }).click()
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
})

test('one device is not a federation yet', async ({ show }) => {
  const page = await show('phase=lobby&devices=1')
  await expect(page.getByRole('button', { name: 'Start' })).toBeDisabled()
  await expect(page.getByText('A federation needs at least two.')).toBeVisible()
})

test('keys pause, step and help, but never while somebody types', async ({ show }) => {
  const page = await show('ticks=250&live=1')
  await page.keyboard.press(' ')
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible()
  await page.keyboard.press('.')
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible()
  await page.getByLabel('Prompt').pressSequentially('a . b?')
  await expect(page.getByLabel('Prompt')).toHaveValue('a . b?')
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible()
  await page.getByRole('heading', { name: 'Ask' }).click()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Help' })).toBeVisible()
})

test('a question is answered before, alone and together', async ({ show }) => {
  const page = await show('role=device&ticks=250')
  await page.getByRole('button', { name: /only Wren’s tab has read this/ }).click()
  await expect(page.getByRole('article')).toHaveCount(3)
  await expect(page.getByRole('article').filter({ hasText: 'Together' })).toContainText('✓ right')
  await expect(page.getByRole('article').filter({ hasText: 'Alone' })).toContainText('✕ not it')
})

test('the web opens a device’s details, and its table says the same', async ({ show }) => {
  const page = await show('ticks=250&devices=3')
  await page.getByRole('button', { name: 'Details of Lynx' }).click()
  await expect(page.getByRole('dialog')).toContainText('same browser')
  await page.keyboard.press('Escape')
  await page.getByText('The web as a table').click()
  await expect(page.getByRole('row', { name: /^Lynx/ })).toContainText('same browser')
})

test('the chart changes its axis, its scale and its lines', async ({ show }) => {
  const page = await show('ticks=250&devices=3')
  await page.getByRole('radio', { name: 'Bytes' }).click()
  await expect(page.getByRole('radio', { name: 'Bytes' })).toBeChecked()
  await page.getByRole('switch', { name: 'Log scale' }).click()
  await page.getByRole('slider', { name: 'Smoothing' }).press('Home')
  const line = page.getByRole('button', { name: 'Otter, training' })
  await line.click()
  await expect(line).toHaveAttribute('aria-pressed', 'false')
})

test('curves have colours of their own, also where less motion is asked for', async ({ show }) => {
  const page = await show(screens.device, { reducedMotion: 'reduce' })
  const coloured = () =>
    page
      .getByRole('region', { name: 'Loss' })
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
        let count = 0
        for (let at = 0; at < data.length; at += 4) {
          const rgb = [...data.slice(at, at + 3)]
          if (data[at + 3] > 128 && Math.max(...rgb) - Math.min(...rgb) > 80) count++
        }
        return count
      })
  await expect.poll(coloured).toBeGreaterThan(100)
})

test('the tour goes round in five steps and is remembered', async ({ show }) => {
  const page = await show('ticks=250&tour=1')
  await page.getByRole('button', { name: 'Show me around' }).click()
  for (const step of [1, 2, 3, 4]) {
    await expect(page.getByText(`${step} of 5`)).toBeVisible()
    await page.getByRole('button', { name: 'Next' }).click()
  }
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('button', { name: 'Show me around' })).toBeHidden()
})

test('the adapter goes home as a file', async ({ show }) => {
  const page = await show('ticks=410&devices=3')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Take home' }).click()
  expect((await download).suggestedFilename()).toBe('gossamer-toy-v12.zip')
})

test('a problem stands there until it is dismissed', async ({ show }) => {
  const page = await show('ticks=250&trouble=1')
  const problem = page.getByText('A device is in this room, but no connection to it could be made', {
    exact: false,
  })
  await expect(problem).toBeVisible()
  await page.getByRole('button', { name: 'Dismiss' }).first().click()
  await expect(problem).toBeHidden()
})

test('a device chooses its text and its name', async ({ show }) => {
  const page = await show('role=device&phase=lobby')
  await page.getByRole('button', { name: 'Change the name' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Ada')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { name: 'Ada' })).toBeVisible()
  await page.getByText('Choose other text').click()
  await page.getByRole('tab', { name: 'Paste' }).click()
  await page.getByLabel('Text to learn from').fill('Anna bakes bread.\n\nBob rows home.')
  const look = page.getByRole('region', { name: 'What would be learned' })
  await expect(look).toContainText('2 paragraphs')
  await expect(look.getByRole('status')).toHaveText(
    '2 examples to learn from. None is kept back to measure on.',
  )
  await page.getByRole('button', { name: 'Use this text' }).click()
  await expect(
    page.getByText('2 examples to learn from (24 tokens: words and pieces of words).', { exact: false }),
  ).toBeVisible()
  await page.getByRole('tab', { name: 'A subject' }).click()
  await page.getByRole('button', { name: 'Weather' }).click()
  await expect(page.getByText('64 examples to learn from', { exact: false })).toBeVisible()
})

const towns = Array.from(
  { length: 24 },
  (_, row) => `person ${row},Town number ${row},https://example.org/${row}`,
)
const dropped = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })

test('files are looked at before they are trained on, and read in another way where that is wished', async ({
  show,
}) => {
  const page = await show('role=device&phase=lobby')
  await page.getByText('Choose other text').click()
  await page.getByRole('tab', { name: 'Files' }).click()
  const files = page.getByLabel('Text files to learn from')
  const look = page.getByRole('region', { name: 'What would be learned' })
  await files.setInputFiles([dropped('towns.csv', `name,town,link\n${towns.join('\n')}\nnobody,,\n`)])
  await expect(look).toContainText('24 rows · column “town”')
  await expect(look).toContainText('1 left out because nothing stands in “town”.')
  await expect(look.getByRole('status')).toHaveText(
    '22 examples to learn from. 2 more are kept back to measure on.',
  )
  await look.getByLabel('Learn from column').selectOption('name')
  await expect(look).toContainText('25 rows · column “name”')
  await look.getByLabel('Learn from column').selectOption('A sentence from several columns …')
  await look.getByLabel('Sentence for each row').fill('{name} lives in {town}.')
  await look.getByRole('button', { name: 'Show with this sentence' }).click()
  await expect(
    look.getByRole('listitem').filter({ hasText: 'person 0 lives in Town number 0.' }),
  ).toBeVisible()
  await files.setInputFiles([dropped('broken.jsonl', '{"text":')])
  await expect(page.getByRole('alert')).toContainText('Line 1 of "broken.jsonl" is not valid JSON')
  await expect(look).toBeHidden()
  const messages = ['user', 'assistant'].map((role) => ({ role, content: `what the ${role} says` }))
  const chat = dropped('chat.jsonl', JSON.stringify({ id: 'chatcmpl-1', messages }))
  await files.setInputFiles([chat, dropped('many.txt', 'A short note.\n\n'.repeat(60_000))])
  await expect(look).toContainText('1 conversation, trained on the answers · column “messages”')
  await expect(look).toContainText('The first 49,999 of 60,000: a tab takes no more.')
  await look.getByRole('button', { name: 'Use this text' }).click()
  await expect(page.getByText('50,000 examples to learn from', { exact: false })).toBeVisible()
})

test('what is wrong with a file is said in German, too', async ({ show }) => {
  const page = await show('role=device&phase=lobby&lang=de', { width: 320 })
  await page.getByText('Anderen Text wählen').click()
  await page.getByRole('tab', { name: 'Dateien' }).click()
  const files = page.getByLabel('Textdateien zum Lernen')
  await files.setInputFiles([dropped('brief.docx', 'PK')])
  await expect(page.getByRole('alert')).toHaveText(/„brief.docx“ wurde nicht gelesen: .* als reinen Text/)
  const numbers = dropped('zahlen.csv', 'Jahr;Menge\n2023;12\n2024;\n')
  await files.setInputFiles([numbers])
  await expect(page.getByRole('alert')).toContainText('Die Spalten (Jahr, Menge) sind leer')
  await page.getByLabel('Lernen aus Spalte').selectOption('Menge')
  await expect(page.getByRole('alert')).toBeHidden()
  await expect(page.getByText('1 ausgelassen, weil in „Menge“ nichts steht.')).toBeVisible()
  await expectNoSidewaysScrolling(page)
  expect(await complaints(page)).toEqual([])
  await files.setInputFiles([dropped('fragen.csv', 'Frage;Antwort\nWarum?;Darum.\nWer?;\n')])
  const look = page.getByRole('region', { name: 'Was gelernt würde' })
  await expect(look).toContainText('1 Frage, gelernt werden die Antworten · Spalte „Antwort“')
  await expect(look).toContainText('1 ausgelassen, weil in „Antwort“ nichts geantwortet wird.')
})

test('the first page opens, joins and speaks German', async ({ show }) => {
  const page = await show('/')
  await page.getByLabel('Room code').fill('4f7')
  await page.getByRole('button', { name: 'Join' }).click()
  await expect(page.getByText('A code has six letters or digits', { exact: false })).toBeVisible()
  await page.getByRole('button', { name: 'Language: English EN' }).click()
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('radio', { name: /Kurzer Blick/ }).check()
  await page.getByRole('button', { name: 'Föderation eröffnen' }).click()
  await expect(page).toHaveURL(/role=coordinator/)
  expect(new URL(page.url()).searchParams.get('preset')).toBe('quick')
})

test('a recorded run brings the first page to life', async ({ newContext, appUrl }) => {
  const context = await newContext({ reducedMotion: 'reduce' })
  const recall = { merged: 0.92, alone: 0.04, base: 0, unseen: 0.5 }
  await context.route('**/recorded-run.json', (route) =>
    route.fulfill({
      json: { history: [{ round: 1, recall }], devices: [{ name: 'Otter' }, { name: 'Wren' }] },
    }),
  )
  const page = await context.newPage()
  await page.goto(appUrl)
  await expect(page.getByText('Recorded run: round 1 of 1')).toBeVisible()
  await expect(page.getByText('it now knows 92%', { exact: false })).toBeVisible()
})

async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const tooWide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(await tooWide(), 'pixels beyond the window').toBeLessThanOrEqual(0)
}

async function complaints(page: Page): Promise<string[]> {
  await page.evaluate(axeSource) // as a script of the page its policy would stop it
  const { violations } = await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: typeof axe }
    return checker.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
  })
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}
