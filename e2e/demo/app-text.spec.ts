/** A device's own text on the page: chosen, looked at before it is trained on, and refused in words. */
import { expect, test } from './demo'
import { complaints, expectNoSidewaysScrolling } from './readable'

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
