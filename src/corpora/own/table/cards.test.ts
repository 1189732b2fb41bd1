/** Cards without a word that says so: two columns are front and back, whether a header stands above or not, and it is said. */
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { readPaste } from '../../own'
import { learned, read } from '../testing'

const vocabulary = [
  ['der Hund', 'the dog'],
  ['das Haus', 'the house'],
  ['der Regen', 'the rain'],
] as const
const written = (rows: readonly (readonly string[])[], delimiter: string) =>
  rows.map((row) => row.join(delimiter)).join('\n')
const tabs = written(vocabulary, '\t')
const first = { prompt: 'der Hund\n\n', completion: 'the dog' }

describe('two columns with tabs and no header', () => {
  const cards = {
    form: 'prompt-answer',
    column: 'Back',
    columns: ['Front', 'Back'],
    examples: { length: 3, 0: first },
    leftOut: [],
  }
  const note = { kind: 'cards', first: ['der Hund', 'the dog'] }

  test('are front and back; the first card is not lost, and it is said', () => {
    for (const name of ['deck.tsv', 'deck.txt', 'deck.csv'])
      expect(read(name, tabs)).toMatchObject({ ...cards, notes: [note] })
    expect(readPaste(tabs)).toMatchObject({ ...cards, notes: [{ kind: 'pasted-as', form: 'table' }, note] })
  })

  test('may have tags behind them, and HTML in them', () => {
    const tagged = written(
      vocabulary.map(([front, back]) => [front, `<b>${back}</b>`, 'animals']),
      '\t',
    )
    expect(read('deck.tsv', tagged)).toMatchObject({ ...cards, columns: ['Front', 'Back', 'column 3'] })
  })

  test('can be read by one column', () => {
    expect(learned(read('deck.tsv', tabs, { column: 'front' }))).toEqual([
      'der Hund',
      'das Haus',
      'der Regen',
    ])
  })
})

describe('a header', () => {
  test.each([
    ['Front', 'Back'],
    ['Vorderseite', 'Rückseite'],
    ['Word', 'Meaning'],
    ['Wort', 'Übersetzung'],
    ['source', 'target'],
  ])('that names both sides is obeyed: %s, %s', (...header) => {
    for (const delimiter of ['\t', ',', ';']) {
      const reading = read('deck.tsv', written([header, ...vocabulary], delimiter))
      expect(reading).toMatchObject({ form: 'prompt-answer', column: header[1], notes: [] })
      expect(reading.examples).toHaveLength(3)
    }
  })

  test('that names other columns stays one, and nothing is asked', () => {
    const towns = 'name,town\nAnna,Riga\nBob,Oslo\n'
    expect(read('a.csv', towns)).toMatchObject({ form: 'columns', columns: ['name', 'town'] })
    const long = vocabulary.map(([front], at) => [
      front,
      `It is what one says of the ${front}, and more than that, number ${at}.`,
    ])
    expect(read('a.tsv', written([['Ding', 'Satz'], ...long], '\t')).columns).toEqual(['Ding', 'Satz'])
  })

  test('that may be a card, in a file with commas, stays one, and that is said', () => {
    const reading = read('a.csv', written(vocabulary, ','))
    expect(reading.columns).toEqual(['der Hund', 'the dog'])
    expect(reading.notes).toContainEqual({ kind: 'doubtful-header', first: ['der Hund', 'the dog'] })
  })

  test('is none where it asks and answers like all others, with any delimiter', () => {
    const quiz = [
      ['What is moss?', 'A plant, and a soft one'],
      ['Where does it grow?', 'In the shade'],
      ['Who eats it?', 'Reindeer'],
    ]
    for (const delimiter of [',', ';', '\t'])
      expect(read('quiz.csv', Papa.unparse(quiz, { delimiter }))).toMatchObject({
        form: 'prompt-answer',
        examples: { length: 3, 0: { prompt: 'What is moss?\n\n' } },
      })
  })
})

describe('are no cards', () => {
  test.each([
    [
      'who said what',
      [
        ['Anna', 'Hello there.'],
        ['Bob', 'Hi.'],
        ['Anna', 'Good bye.'],
        ['Bob', 'Bye.'],
      ],
    ],
    [
      'labels and texts',
      [
        ['ham', 'Go there.'],
        ['spam', 'Win a cup.'],
        ['ham', 'Ok.'],
        ['ham', 'I will.'],
      ],
    ],
    [
      'places that come again',
      [
        ['Riga', 'Oslo'],
        ['Riga', 'Paris'],
        ['Oslo', 'Paris'],
        ['Riga', 'Bern'],
      ],
    ],
  ])('%s', (_, rows) => {
    expect(read('a.tsv', written(rows, '\t')).form).toBe('columns')
    expect(read('a.txt', written(rows, '\t')).form).toBe('lines')
    const edges = written([['source', 'target'], ...rows], ',')
    expect(read('edges.csv', edges).form).toBe('columns')
  })

  test('lines of a log, or of text with a tab here and there', () => {
    expect(read('a.log', tabs).form).toBe('lines')
    expect(read('a.txt', `${tabs}\nA line without one.`).form).toBe('lines')
  })
})

describe('Anki', () => {
  test('names columns in whatever language: the first two fields are the sides', () => {
    const head = '#separator:tab\n#html:true\n#notetype column:1\n#columns:Typ\tKanji\tBild\n'
    const reading = read(
      'deck.tsv',
      head +
        written(
          vocabulary.map(([front, back]) => ['Basic', front, `<i>${back}</i>`]),
          '\t',
        ),
    )
    expect(reading).toMatchObject({
      form: 'prompt-answer',
      column: 'Bild',
      examples: { length: 3, 0: first },
    })
  })
})
