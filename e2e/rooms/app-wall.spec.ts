/** The wall: real tabs in panes of one window, started by one button. */
import { expect, test } from '../fixtures'

test('a wall of a coordinator and two devices learns in one window', async ({ appUrl, newContext }) => {
  test.setTimeout(180_000)
  const page = await (await newContext()).newPage()
  await page.goto(`${appUrl}/?wall=2&preset=quick&backend=wasm&rounds=1&localSteps=2&batch=2`)
  await page.getByRole('button', { name: 'Start' }).click({ timeout: 90_000 })
  const coordinator = page.frameLocator('iframe[title="Coordinator"]')
  await expect(coordinator.getByText('Finished.', { exact: false }).first()).toBeVisible({ timeout: 90_000 })
  const device = page.frameLocator('iframe[title="Device 1"]')
  await expect(device.getByRole('heading', { name: 'Otter' })).toBeVisible()
  await device.getByRole('button', { name: 'Ask' }).click()
  await expect(device.getByText(/^[✓✕] /)).toBeVisible({ timeout: 30_000 })
  const address = page.url()
  expect(address).toMatch(/room=[0-9A-Z]{6}.*#s=.+/)
})
