/**
 * Rows that ask and answer: prompt/completion, Alpaca's instruction/input/output, Dolly's instruction/context/response,
 * question/answer, OpenOrca's system_prompt/question/response, and lists of words to learn. The answer alone is learned.
 */
import type { Example } from '../../../example'
import type { Row, Table } from '../../reading'
import { wordsOf } from '../cells'
import { keysByName, nameWithin } from '../names'
import { pointers } from './options'
import { isTurnedDown, likedNames } from './turnedDown'

export interface Pair {
  readonly question: string
  readonly answer: string
  /** Said before the question, where the row has it. */
  readonly before: readonly string[]
  /** Said after the question, where the row has it. */
  readonly after: readonly string[]
}

/** By the question's column: the columns that may answer, and those that may stand beside it. The first that is there counts. */
const asking: readonly (readonly [question: string, answers: string, beside: string])[] = [
  ['instruction', 'output response answer completion', 'input context'],
  ['prompt', 'completion response answer output', 'context input'],
  ['question', 'response answer answers accepted_answer output', 'context'],
  ['query', 'response answer answers', 'context'],
  ['input', 'output response answer target', 'context'],
  ['inputs', 'targets outputs', ''],
  ['q', 'a', ''],
  ['human', 'assistant bot gpt ai', ''],
  ['user', 'assistant bot', ''],
  ['frage', 'antwort', 'kontext'],
  ['aufgabe', 'lösung antwort', 'kontext'],
  ['front', 'back', ''],
  ['vorderseite', 'rückseite', ''],
  ['term', 'definition', ''],
]

export const systemColumns = ['system_prompt', 'system']

/** Whether a column is called so that asks, answers or stands beside them. */
export const isAskingName = (key: string): boolean =>
  [
    ...systemColumns,
    ...likedNames,
    ...asking.flatMap((names) => names.flatMap((each) => each.split(' '))),
  ].some((name) => name !== '' && [key, nameWithin(key)].includes(name))

/** Null where no such columns stand side by side. They are looked for by their names, then in whatever way of writing. */
export function pairIn(columns: Table['columns']): Pair | null {
  const written = keysByName(columns)
  return (
    pairNamed((name) => (columns.has(name) ? name : undefined)) ??
    pairNamed((name) => (columns.has(name) ? name : written.get(name)))
  )
}

function pairNamed(keyOfName: (name: string) => string | undefined): Pair | null {
  const there = (names: readonly string[]) => names.flatMap((name) => keyOfName(name) ?? [])
  for (const [asked, answers, beside] of asking) {
    const [question] = there([asked])
    const [answer] = there([...answers.split(' '), ...likedNames, ...pointers])
    if (question === undefined || answer === undefined) continue
    const [before, after] = [systemColumns, beside.split(' ')].map((names) => there(names).slice(0, 1))
    return { question, answer, before, after }
  }
  return null
}

const askingWords = /(?:^|\s)(?:question|prompt|query|frage)$/
const answeringWords = /(?:^|\s)(?:answer|response|reply|antwort)$/
const mostWords = 3

/** One column whose name ends in a word that asks, and one that answers: "User question", "Bot answer". */
export function pairSaid(columns: Table['columns']): Pair | null {
  const [asked, answered] = [askingWords, answeringWords].map((words) =>
    [...columns.keys()].filter((key) => {
      const said = nameWithin(key).replace(/[ _.-]+/g, ' ')
      return words.test(said) && said.split(' ').length <= mostWords && !isTurnedDown(key, columns)
    }),
  )
  if (asked.length !== 1 || answered.length !== 1) return null
  return { question: asked[0], answer: answered[0], before: [], after: [] }
}

export const isOrca = ({ question, answer, before }: Pair): boolean =>
  before[0] === 'system_prompt' && question === 'question' && answer === 'response'

/** The example, or which of the two is missing. Parts of the question stand apart by empty lines. */
export function exampleOfPair(row: Row, pair: Pair): Example | 'no-question' | 'no-answer' {
  const completion = answerOf(row.get(pair.answer))
  if (completion === '') return 'no-answer'
  const question = wordsOf(row.get(pair.question))
  if (question === '') return 'no-question'
  const [before, after] = [pair.before, pair.after].map((keys) => keys.map((key) => wordsOf(row.get(key))))
  const given = [...before, question, ...after].filter((part) => part !== '')
  return { prompt: given.map((part) => `${part}\n\n`).join(''), completion }
}

/** Of several answers the first is taken. */
function answerOf(value: unknown): string {
  const [first] = Array.isArray(value) ? value : [value]
  return wordsOf(first)
}
