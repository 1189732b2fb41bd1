/**
 * Rows that ask and answer: prompt/completion, Alpaca's instruction/input/output, Dolly's instruction/context/response,
 * question/answer, OpenOrca's system_prompt/question/response, and lists of words to learn. The answer alone is learned.
 */
import type { Example } from '../../example'
import type { Row, Table } from '../reading'
import { wordsOf } from './cells'

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
  ['prompt', 'completion response answer output chosen', 'context input'],
  ['question', 'response answer answers answers.text output', 'context'],
  ['query', 'response answer', 'context'],
  ['input', 'output response answer target', 'context'],
  ['frage', 'antwort', 'kontext'],
  ['aufgabe', 'lösung antwort', 'kontext'],
  ['front', 'back', ''],
  ['term', 'definition', ''],
]

const systemColumns = ['system_prompt', 'system']

/** Null where no such columns stand side by side. */
export function pairIn(columns: Table['columns']): Pair | null {
  const there = (names: string) => names.split(' ').filter((name) => columns.has(name))
  for (const [question, answers, beside] of asking) {
    const [answer] = columns.has(question) ? there(answers) : []
    if (answer === undefined) continue
    const before = systemColumns.filter((name) => columns.has(name)).slice(0, 1)
    return { question, answer, before, after: there(beside).slice(0, 1) }
  }
  return null
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
