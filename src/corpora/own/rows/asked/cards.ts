/**
 * Cards to learn from: two columns of language of which the first asks and the second answers (words and what they mean, sentences
 * in two languages), as Anki, Quizlet and many lists of words have them without a name that says so.
 */
import type { Row, Table } from '../../reading'
import { isLanguage, wordsOf } from '../cells'

export type Card = readonly [front: string, back: string]

/** Some cards may lack a side, some be numbers or links. */
const leastFilled = 0.9
const leastLanguage = 0.8
/** Hardly a front comes twice; a back may. Else they are labels, or who said what. */
const leastDifferentFronts = 0.9
const leastDifferentBacks = 0.5
const fewest = 2
const mostLooked = 2000

export function areCards(all: readonly Card[]): boolean {
  const cards = all.slice(0, mostLooked)
  if (cards.length < fewest) return false
  const share = (holds: (card: Card) => boolean) => cards.filter(holds).length / cards.length
  const different = (side: 0 | 1) => new Set(cards.map((card) => card[side])).size / cards.length
  return (
    share((card) => card.every((side) => side.trim() !== '')) >= leastFilled &&
    share((card) => card.every(isLanguage)) >= leastLanguage &&
    different(0) >= leastDifferentFronts &&
    different(1) >= leastDifferentBacks
  )
}

const sides: readonly (readonly [front: string, backs: string])[] = [
  ['word', 'definition meaning translation'],
  ['term', 'meaning translation'],
  ['expression', 'meaning translation'],
  ['source', 'target translation'],
  ['wort', 'bedeutung übersetzung definition erklärung'],
  ['begriff', 'definition erklärung bedeutung'],
]

export const isSideName = (key: string): boolean =>
  sides.some(([front, backs]) => front === key || backs.split(' ').includes(key))

/** Languages, as columns are called that hold the same text in each. */
const languages = new Set(
  (
    'en de fr es it pt nl pl ru uk zh ja ko ar he fa tr sv da nb fi cs sk hu ro bg el hi bn ur sw id vi th la ' +
    'eng deu ger fra fre spa ita por nld rus zho jpn english german french spanish italian portuguese dutch polish russian ' +
    'chinese japanese korean arabic turkish latin deutsch englisch französisch spanisch italienisch türkisch russisch latein'
  ).split(' '),
)

/** Where there are exactly two: "en" and "de", "translation.en" and "translation.de". */
function twoLanguages({ columns }: Table): readonly [front: string, back: string] | null {
  const keys = [...columns.keys()].filter((key) => languages.has(key.slice(key.lastIndexOf('.') + 1)))
  return keys.length === 2 ? [keys[0], keys[1]] : null
}

/** The keys of a front and a back: as the table knows them, else by names that are sides where cards stand in them. */
export function cardSides(table: Table): readonly [front: string, back: string] | null {
  const { columns, rows, cards } = table
  if (cards) return cards
  const named = sides.flatMap(([front, backs]) => {
    const back = backs.split(' ').find((name) => columns.has(name))
    return columns.has(front) && back !== undefined ? [[front, back] as const] : []
  })
  const both = twoLanguages(table)
  const all = both ? [...named, both] : named
  return all.find(([front, back]) => areCards(rows.map((row) => cardOf(row, front, back)))) ?? null
}

const cardOf = (row: Row, front: string, back: string): Card => [
  wordsOf(row.get(front)),
  wordsOf(row.get(back)),
]
