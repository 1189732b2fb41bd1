/** On a projector of 1024 × 768: what a room looks at together is in sight, in its place, and lies on nothing else. */
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './demo'

const projector = { width: 1024, height: 768 }

test('main buttons, knocks and both pictures are in sight', async ({ show }) => {
  const [first, lobby, run] = await Promise.all([
    show('/', projector),
    show('phase=lobby&devices=12', projector),
    show('ticks=250&devices=12', projector),
  ])
  await expectInSight(first.getByRole('button', { name: 'Open a federation' }))
  await expectInSight(lobby.getByRole('button', { name: 'Start' }))
  await expectInSight(lobby.getByRole('button', { name: 'Admit Badger' }))
  await lobby.evaluate(() => scrollTo(0, document.body.scrollHeight))
  await expectInSight(lobby.getByRole('button', { name: 'Admit Badger' }))
  await expectInSight(run.getByRole('button', { name: 'Pause' }))
  await expectInSight(run.getByRole('img', { name: /^A web with the coordinator/ }))
  await expectInSight(run.getByRole('img', { name: /^Loss over the run/ }))
})

test('no device of the web lies upon another, nor its name', async ({ show }) => {
  await Promise.all(
    [9, 12, 24, 40].map(async (devices) => {
      const page = await show(`ticks=120&devices=${devices}`, projector)
      await expect(page.getByRole('button', { name: /Details of/ })).toHaveCount(devices + 1)
      expect(await overlaps(page), `${devices} devices`).toEqual([])
    }),
  )
})

test('forty lines have a legend that can be read', async ({ show }) => {
  const page = await show('ticks=120&devices=40', projector)
  const legend = page.getByRole('group', { name: 'Lines' })
  await expect(legend.getByRole('button')).toHaveCount(4)
  await legend.getByRole('combobox', { name: 'Pick out' }).selectOption('Tablet 20, training')
  const picture = page.getByRole('img', { name: /^Loss over the run/ })
  await picture.hover()
  await expect(page.getByText(/^40 devices, training \d/)).toBeVisible()
  await expect(page.getByText(/^Tablet 20, training \d/)).toBeVisible()
  await legend.getByRole('button', { name: '40 devices, training' }).click()
  await expect(legend.getByRole('button', { pressed: false })).toHaveText('40 devices, training')
})

test('eight panes of a wall are whole', async ({ appUrl, newContext }) => {
  const page = await (await newContext({ viewport: projector })).newPage()
  await page.goto(`${appUrl}/?wall=8&preset=quick&backend=wasm`)
  await expect(page.locator('iframe')).toHaveCount(9)
  for (const pane of await page.locator('iframe').all()) await expectInSight(pane)
  const last = page.frameLocator('iframe[title="Device 8"]')
  await last.locator('h1').waitFor()
  const tooWide = await last.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth)
  expect(tooWide, 'pixels beyond the pane').toBeLessThanOrEqual(0)
})

async function expectInSight(what: Locator): Promise<void> {
  await expect(what).toBeInViewport({ ratio: 0.99 })
}

/** Of discs and of the names that are shown, the pairs of different devices that overlap. */
const overlaps = (page: Page): Promise<string[]> =>
  page.getByRole('button', { name: /Details of/ }).evaluateAll((seats) => {
    const boxes = seats.flatMap((seat, index) =>
      [...seat.querySelectorAll('svg circle, span')]
        .filter((part) => {
          const { clipPath } = getComputedStyle(part)
          const hiddenBy = part.closest('[class*=label]')
          return (
            clipPath === 'none' &&
            (!hiddenBy || getComputedStyle(hiddenBy).clipPath === 'none') &&
            part.checkVisibility()
          )
        })
        .map((part) => ({ index, name: seat.textContent, box: part.getBoundingClientRect() })),
    )
    return boxes.flatMap((a, at) =>
      boxes
        .slice(at + 1)
        .filter(
          (b) =>
            a.index !== b.index &&
            a.box.left < b.box.right - 1 &&
            b.box.left < a.box.right - 1 &&
            a.box.top < b.box.bottom - 1 &&
            b.box.top < a.box.bottom - 1,
        )
        .map((b) => `${a.name} and ${b.name}`),
    )
  })
