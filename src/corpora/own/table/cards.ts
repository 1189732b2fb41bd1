/**
 * Cards in delimited text: the first two columns, where all others are empty or labels. Their files mostly have no header, and a first
 * card looks much like one; which it is shows in what is called so, and in how long it is beside the others.
 */
import { keyOf } from '../reading'
import { areCards, type Card, isSideName } from '../rows/asked/cards'
import { isAskingName } from '../rows/asked/pairs'
import { chatColumns } from '../rows/chat/chat'
import { isUsualName } from '../rows/names'
import { isAnkiExport } from './anki'

/** What a first line is: names of columns, a card like the others, or names as far as one can tell. */
export type FirstLine = 'names' | 'card' | 'doubtful'

const cardOf = (cells: readonly string[]): Card => [(cells[0] ?? '').trim(), (cells[1] ?? '').trim()]

/** A column beyond the two may hold tags: few different ones. */
const mostDifferentTags = 0.5

export function holdsCards(rows: readonly (readonly string[])[]): boolean {
  const width = rows.reduce((widest, { length }) => Math.max(widest, length), 0)
  const isTags = (index: number) => {
    const filled = rows.map((cells) => (cells[index] ?? '').trim()).filter((cell) => cell !== '')
    return new Set(filled).size <= rows.length * mostDifferentTags
  }
  return (
    width >= 2 &&
    areCards(rows.map(cardOf)) &&
    Array.from({ length: width - 2 }, (_, index) => index + 2).every(isTags)
  )
}

/** Of a table whose rows, the first one too, are cards. */
export function firstLineOf(rows: readonly (readonly string[])[], delimiter: string): FirstLine {
  const [first, ...rest] = rows
  const named = cardOf(first).filter(isName).length
  if (named === 2 || !isAsLong(first, rest)) return 'names'
  // Programs that write a header write commas or semicolons; flash cards come with tabs.
  if (delimiter === '\t') return named === 0 ? 'card' : 'doubtful'
  if (named === 1) return 'names'
  return isSaid(first, rest) ? 'card' : 'doubtful'
}

function isName(cell: string): boolean {
  const key = keyOf(cell)
  return isUsualName(key) || isAskingName(key) || isSideName(key) || chatColumns.includes(key)
}

/** Names are much shorter than long cards. */
const shortShare = 1 / 3

const isAsLong = (first: readonly string[], rest: readonly (readonly string[])[]): boolean =>
  cardOf(first).every((side, index) => {
    const lengths = rest.map((cells) => cardOf(cells)[index].length).toSorted((one, other) => one - other)
    return side.length >= (lengths[lengths.length >> 1] ?? 0) * shortShare
  })

/** Whole sentences, or a question with its answer as all others are: nobody names columns so. */
function isSaid(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const [front, back] = cardOf(first)
  const asks = (card: Card) => card[0].endsWith('?') && !card[1].endsWith('?')
  const isQuiz = asks([front, back]) && rest.every((cells) => asks(cardOf(cells)))
  return isQuiz || [front, back].every((side) => /\S\s+\S.*[.!?…]$/u.test(side))
}

const fewestLines = 3

/** Running text in which every line is a card with a tab between its sides, as Anki and Quizlet write them without saying so. */
const isCardList = (text: string): boolean => {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length < fewestLines || !lines.every((line) => /^[^\t]*\S[^\t]*\t[^\t]*\S[^\t]*$/.test(line)))
    return false
  return areCards(lines.map((line) => cardOf(line.split('\t'))))
}

/** What is named or pasted as running text and is a table. */
export const isTableWithin = (text: string): boolean => isAnkiExport(text) || isCardList(text)
