/**
 * Questions whose answer is a sign for one of several choices: a number or a letter into `choices` or `options`, a label beside
 * each, or the number of one of the columns `response_0`, `response_1`. What is learned then is the choice's text.
 */
import type { Note, Row, Table } from '../../reading'
import { wordsOf } from '../cells'

/** Columns that say which choice is right, and nothing else. */
export const pointers: readonly string[] = [
  'answerkey',
  'answer_key',
  'answer_idx',
  'answer_index',
  'correct_option',
  'better_response_id',
  'safer_response_id',
]

/** What may be chosen: texts in their order, with the signs that stand beside them if there are any. */
interface Choices {
  readonly texts: readonly string[]
  readonly signs: readonly string[] | null
}

const lists = /(?:^|[._])(?:choices|options|candidates|endings)$/
const listed = /^(.*(?:choices|options))\.([a-h]|\d)$/
const numbered = /^(?:(?:option|opt|choice|response|ending|answer)[ _-]?)?([a-h]|\d)$/

function choicesOf(row: Row): Choices | null {
  for (const [key, value] of row) {
    if (Array.isArray(value) && lists.test(key) && value.length > 1) {
      const signs = value.map((choice) => Object(choice).label)
      const texts = value.map((choice) => wordsOf(Object(choice).text ?? choice))
      return { texts, signs: signs.every((sign) => sign !== undefined) ? signs.map(wordsOf) : null }
    }
    const [labels, texts] = [row.get(key.replace(/text$/, 'label')), value]
    if (/(?:choices|options)\.text$/.test(key) && Array.isArray(labels) && Array.isArray(texts))
      return { texts: texts.map(wordsOf), signs: labels.map(wordsOf) }
  }
  for (const kind of [listed, numbered]) {
    const found = [...row].flatMap(([key, value]) => {
      const sign = kind.exec(key)?.at(-1)
      return sign === undefined ? [] : [{ sign, text: wordsOf(value) }]
    })
    if (found.length > 1)
      return { texts: found.map(({ text }) => text), signs: found.map(({ sign }) => sign.toUpperCase()) }
  }
  return null
}

/** How an answer points at a choice: by its sign, by a letter, or by its number from 0 or from 1. */
type Pointing = (answer: string, choices: Choices) => string | undefined

const bySign: Pointing = (answer, { texts, signs }) => texts[signs?.indexOf(answer.toUpperCase()) ?? -1]
const byLetter: Pointing = (answer, { texts }) =>
  /^[a-z]$/i.test(answer) ? texts[answer.toUpperCase().charCodeAt(0) - 65] : undefined
const byNumber =
  (first: 0 | 1): Pointing =>
  (answer, { texts }) =>
    /^\d+$/.test(answer) ? texts[Number(answer) - first] : undefined

/** Of a long table that much is looked at. */
const mostLooked = 2000

/** The table with the choices' texts in its column of answers; null where these do not point at any, or are texts themselves. */
export function withChosen(table: Table, key: string): Table | null {
  const asked = table.rows.slice(0, mostLooked).flatMap((row) => {
    const [answer, choices] = [row.get(key), choicesOf(row)]
    return wordsOf(answer) === '' ? [] : [{ answer, choices }]
  })
  if (asked.length === 0) return null
  const isText = asked.every(
    ({ answer, choices }) => typeof answer === 'string' && choices?.texts.includes(answer.trim()),
  )
  const pointing = [bySign, byLetter, byNumber(0), byNumber(1)].find((point) =>
    asked.every(({ answer, choices }) => choices && point(wordsOf(answer), choices)),
  )
  if (isText || !pointing) return null
  const chosen = (row: Row): string => {
    const choices = choicesOf(row)
    return (choices && pointing(wordsOf(row.get(key)), choices)) ?? ''
  }
  const note: Note = {
    kind: 'picked',
    column: table.columns.get(key)!,
    sign: wordsOf(asked[0].answer),
    text: pointing(wordsOf(asked[0].answer), asked[0].choices!)!,
  }
  const rows = table.rows.map((row) => new Map(row).set(key, chosen(row)))
  return { ...table, rows, notes: [...table.notes, note] }
}

/** Whether a column is called so that holds what may be chosen. */
export const holdsChoices = (key: string): boolean => lists.test(key) || /(?:choices|options)\./.test(key)

/** Whether a column may be one choice of several. */
export const isChoice = (key: string): boolean => numbered.test(key)
