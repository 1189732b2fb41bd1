/** Pictures on the Reason screen, on a fake node: drawn, opened, refused, taken away, and shown wherever a text has some. */
import { encode } from 'fast-png'
import { expect, test } from './demo'

const running = 'view=reason&ticks=250&devices=4&model=lens'

/** A red square in the middle, on white, of any size. */
const drawing = (size: number): Buffer => {
  const data = new Uint8Array(size * size * 3).fill(255)
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const [across, down] = [(48 * x) / size - 24, (48 * y) / size - 24]
      if (Math.abs(across) < 6 && Math.abs(down) < 6) data.set([220, 50, 47], (y * size + x) * 3)
    }
  return Buffer.from(encode({ width: size, height: size, data, channels: 3 }))
}
const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/png', buffer })

test('a tab is shown a picture: drawn, or opened from a file of any size; what is no picture is refused', async ({
  show,
}) => {
  const page = await show(running)
  const card = page.getByRole('region', { name: 'What only this tab sees', exact: true })
  await card.getByRole('radio', { name: 'star' }).check()
  await card.getByRole('radio', { name: 'blue' }).check()
  await card.getByRole('button', { name: 'nothing (top left)' }).click()
  await expect(card.getByRole('img')).toHaveAccessibleName('Picture: blue star (top left)')
  await card.getByLabel('In words').fill('It is for Ben.')
  await card.getByRole('button', { name: 'Let this tab see it' }).click()
  await expect(card.getByRole('status')).toHaveText(/^This tab sees it: \d+ tokens\.$/)

  const choose = card.locator('input[type=file]')
  await choose.setInputFiles(file('middle.png', drawing(300)))
  await expect(card.getByRole('img')).toHaveAccessibleName('Picture: red square (middle)')
  await expect(card.getByRole('button', { name: 'nothing (top left)' })).toBeVisible() // no drawing any more
  for (const [name, buffer, why] of [
    ['letter.png', Buffer.from('a letter'), 'This is no picture that can be read here.'],
    ['empty.png', Buffer.alloc(0), 'This file is empty.'],
    ['dot.png', drawing(4), 'too few to see anything'],
  ] as const) {
    await choose.setInputFiles(file(name, buffer))
    await expect(card.getByRole('alert')).toContainText(why)
    await expect(card.getByRole('img')).toHaveAccessibleName('Picture: red square (middle)') // nothing is lost
  }
  await card.getByRole('button', { name: 'Clear' }).click()
  await expect(card.getByRole('img')).toHaveCount(0)

  const german = await show(`${running}&lang=de`, { width: 390, height: 844 })
  const own = german.getByRole('region', { name: 'Was nur dieser Tab sieht', exact: true })
  await own.getByRole('button', { name: 'nichts (Mitte)' }).click()
  await expect(own.getByRole('img')).toHaveAccessibleName('Bild: Kreis in rot (Mitte)')
  expect(await german.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
  // A model that sees nothing is not shown any.
  const blind = await show('view=reason&ticks=250&devices=4')
  await expect(blind.getByText('This room’s model sees no pictures.')).toBeVisible()
})
