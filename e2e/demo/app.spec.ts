/** Every screen: readable for all, never wider than the window, and its controls do what they say. */
import { expect, test } from './demo'
import { complaints, expectNoSidewaysScrolling } from './readable'

const screens = {
  'first page': '/',
  'the Lab': '/?view=lab',
  'attacks to watch': '/?view=attacks',
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
