/** Notes of Anki: the lines at the top are obeyed and not learned. */
import { expect, test } from 'vitest'
import { learned, read } from '../testing'

test('front and back are question and answer, parted as the file says', () => {
  const reading = read(
    'deck.txt',
    '#separator:semicolon\n#html:false\n#tags column:1\nanimals;der Hund;the dog\n;das Haus;"the house; home"\n',
  )
  expect(reading).toMatchObject({ form: 'prompt-answer', columns: ['tags', 'Front', 'Back'], notes: [] })
  expect(learned(reading)).toEqual(['the dog', 'the house; home'])
})

test('columns have the names that the file gives them', () => {
  const reading = read('deck.txt', '#separator:tab\n#columns:Word\tSentence\nMoos\tIt grows in the shade.\n')
  expect(reading).toMatchObject({ columns: ['Word', 'Sentence'], column: 'Sentence' })
})

test('a text that begins with a heading is no export', () => {
  expect(read('a.txt', '# separator: a story\n\nIt fell.').columns).toEqual([])
})
