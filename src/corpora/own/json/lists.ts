/**
 * JSON in which a row is a list ("a question", "an answer"), and lists that lie so deep that they need a reader of their own:
 * SQuAD's questions, and a dictionary that is one object of texts.
 */

import { pairIn } from '../rows/asked/pairs'
import { isLanguage } from '../rows/cells'
import { turnsOf } from '../rows/chat/chat'
import { isObject, type Json } from './object'

const isText = (value: unknown): value is string => typeof value === 'string'

const isPair = (names: readonly string[]): boolean =>
  pairIn(new Map(names.map((name) => [name.toLowerCase(), name]))) !== null

/**
 * Lists as rows. A first list that names a question and an answer is the header; else a conversation is one, two texts are a
 * question and its answer, and of anything else the texts stand on lines of their own.
 */
export function rowsOfLists(lists: readonly (readonly unknown[])[]): Json[] {
  const [first, ...rest] = lists
  if (first?.every(isText) && isPair(first) && rest.length > 0)
    return rest.map((list) => Object.fromEntries(first.map((name, index) => [name, list[index]])))
  return lists.map(rowOfList)
}

export function rowOfList(list: readonly unknown[]): Json {
  if (turnsOf(list) !== null) return { messages: list }
  const texts = list.filter(isText)
  if (texts.length === 2) return { question: texts[0], answer: texts[1] }
  return { text: texts.join('\n') }
}

/** {data: [{paragraphs: [{context, qas: [{question, answers: [{text}]}]}]}]}; null where it is none. */
export function rowsOfSquad(value: Json): Json[] | null {
  const listIn = (object: unknown, name: string): unknown[] => {
    const list = isObject(object) ? object[name] : null
    return Array.isArray(list) ? list : []
  }
  const paragraphs = listIn(value, 'data').flatMap((article) => listIn(article, 'paragraphs'))
  const rows = paragraphs.flatMap((paragraph) =>
    listIn(paragraph, 'qas')
      .filter(isObject)
      .map(({ question, answers }) => ({
        question,
        context: isObject(paragraph) ? paragraph.context : undefined,
        answers: listIn({ answers }, 'answers').map((answer) => Object(answer).text),
      })),
  )
  return rows.length === 0 ? null : rows
}

/** Fewer texts may be the columns of a single row. */
const leastEntries = 6

/** {"a word": "what it means", ...}; null where it is none. */
export function rowsOfDictionary(value: Json): Json[] | null {
  const entries = Object.entries(value)
  if (entries.length < leastEntries || isPair(Object.keys(value))) return null
  if (!entries.every(([, text]) => isText(text))) return null
  const meant = entries.filter(([, text]) => isLanguage(String(text)))
  return meant.length * 2 < entries.length
    ? null
    : entries.map(([term, definition]) => ({ term, definition }))
}

/** What is not learned of these rows: by the name of its column, how many objects stand in lists. Turns are no such list. */
export function nestedLists(rows: readonly (readonly [string, unknown])[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const [name, value] of rows)
    if (Array.isArray(value) && value.length > 0 && value.every(isObject) && turnsOf(value) === null)
      found.set(name, (found.get(name) ?? 0) + value.length)
  return found
}
