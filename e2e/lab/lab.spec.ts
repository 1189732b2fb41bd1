/** The Lab as a person uses it: a question, a run, another one beside it. Simulation and training run in the page's worker. */
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures'

const run = (page: Page) => page.getByRole('button', { name: 'Run', exact: true })
const rows = (page: Page) => page.getByRole('region', { name: 'Runs' }).getByRole('row')

test('two schemes are compared on one chart, at once by a model of training', async ({
  appUrl,
  newContext,
}) => {
  const page = await (await newContext()).newPage()
  await page.goto(`${appUrl}/?view=lab&preset=stragglers&devices=8&rounds=5&model=quadratic&seeds=1,2`)
  await expect(page.getByText('Nothing has run yet.', { exact: false })).toBeVisible()
  await expect(page.getByRole('radio', { name: 'Virtual time' })).toBeChecked()
  await run(page).click()
  await expect(rows(page), 'both arms of the question').toHaveCount(3)
  await expect(
    page.getByRole('status').filter({ hasText: /^(Nobody need wait|Waiting pays here): a loss of \d/ }),
  ).toBeVisible({
    timeout: 60_000,
  })
  await page.getByLabel('Rounds').fill('4')
  await page.getByLabel('Scheme').selectOption('synchronous')
  await expect(page).toHaveURL(/scheme=synchronous/)
  await run(page).click({ timeout: 30_000 })
  await expect(rows(page)).toHaveCount(5)
  await expect(page.getByRole('img', { name: 'Held-out loss of each run' })).toBeVisible()
  await expect(rows(page).last().getByRole('cell').first()).toHaveText(/± /, { timeout: 30_000 })
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save the figure as SVG' }).click()
  expect((await saved).suggestedFilename()).toBe('gossamer-lab.svg')
  await expect(page.getByText('Band: from the lowest to the highest seed')).toBeVisible()
  await rows(page).nth(1).getByRole('button').click()
  await expect(page.getByRole('img', { name: /^Staleness, merge by merge/ })).toBeVisible()
  const theory = await page.getByRole('link', { name: /What these mean/ }).getAttribute('href')
  const explained = await page.request.get(appUrl + theory)
  expect(explained.headers()['content-type']).toMatch('text/plain')
  expect(await explained.text()).toContain('Asynchronous: staleness')
  await page.getByRole('button', { name: /^Edges save the uplink/ }).click()
  await expect(page.getByRole('radio', { name: 'Bytes over the wide network' })).toBeChecked()
  await expect(page.getByText('Nothing has run yet.', { exact: false }), 'others step back').toBeVisible()
  await page.getByRole('button', { name: /^Stragglers Some devices/ }).click()
  await expect(page.getByRole('img', { name: 'Held-out loss of each run' })).toBeVisible()
  await page.getByLabel('Devices').fill('many')
  await expect(page.getByText('It must be a whole number from 1 to 5000.')).toBeVisible()
})

test('real training shows which device belongs to which cluster', async ({ appUrl, newContext }) => {
  const page = await (await newContext()).newPage()
  await page.goto(`${appUrl}/?view=lab&preset=four-villages&devices=4&rounds=3&localSteps=2&batch=2`)
  await run(page).click()
  await expect(page.getByRole('img', { name: /Clusters of 4 devices over [1-3] rounds/ })).toBeVisible({
    timeout: 40_000,
  })
  await expect(page.getByRole('img', { name: /^Drift, merge by merge/ })).toBeVisible()
  await expect(rows(page).last()).toHaveText(/0\.\d{4}/, { timeout: 40_000 })
})

test('a setting of the scheme changes the run and the address; seeds are a mean with a band, also in the picture', async ({
  appUrl,
  newContext,
}) => {
  const page = await (await newContext()).newPage()
  await page.goto(`${appUrl}/?view=lab&preset=iid&devices=4&rounds=4&model=quadratic&seeds=1,2,3`)
  await page.getByRole('button', { name: 'Who takes part' }).click()
  await expect(page.getByLabel('Updates per merge')).toBeHidden()
  await page.getByLabel('Ranks of the devices').fill('2,1')
  await expect(page).toHaveURL(/ranks=2,1/)
  await run(page).click()
  await expect(rows(page).last()).toContainText('needs rank 2 on every device', { timeout: 30_000 })
  await page.getByLabel('Aggregation').selectOption('flora')
  await page.getByLabel('What each device is given').selectOption('by-speed')
  await expect(page.getByRole('button', { name: 'Who takes part 2 changed' })).toBeVisible()
  await run(page).click()
  const given = page.getByRole('region', { name: 'What each was given' })
  await expect(given.getByRole('row')).toHaveCount(5, { timeout: 30_000 })
  await expect(given.getByRole('row').last().getByRole('cell').nth(2)).toHaveText('1')
  await expect(page.getByText('Band: from the lowest to the highest seed')).toBeVisible()
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'as PNG' }).click()
  const picture = await readFile((await (await saved).path())!)
  expect([...picture.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG')
  expect(picture.readUInt32BE(16), 'pixels across').toBe(1920)
})
