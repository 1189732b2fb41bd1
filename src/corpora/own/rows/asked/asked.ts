/** Tables whose rows ask and answer, as a way to read them; what stands beside both and is not learned is said. */
import type { Note, Row, Table } from '../../reading'
import { wordsOf } from '../cells'
import { exampleOfConversation, historyOf } from '../chat/chat'
import { isDeleted } from '../cleaned'
import type { Way } from '../way'
import { textBeside } from './beside'
import { cardSides } from './cards'
import { pointers, withChosen } from './options'
import { exampleOfPair, isOrca, type Pair, pairIn, pairSaid } from './pairs'
import { judged } from './verdicts'

/** Where at least half of the rows have both columns: that all answers are missing is then said. */
export function pairs(given: Table): Way | null {
  const { rows, columns } = given
  const sides = cardSides(given)
  const pair =
    pairIn(columns) ??
    (sides && { question: sides[0], answer: sides[1], before: [], after: [] }) ??
    pairSaid(columns)
  if (!pair) return null
  const having = rows.filter((row) => row.has(pair.question) && row.has(pair.answer))
  if (having.length * 2 < rows.length) return null
  const chosen = withChosen(given, pair.answer)
  if (!chosen && pointers.includes(pair.answer)) return null
  const table = chosen ?? given
  const [question, column] = [columns.get(pair.question)!, columns.get(pair.answer)!]
  const others = textBeside(given, pair, chosen !== null).map((key) => columns.get(key)!)
  const notes: Note[] = others.length > 0 ? [{ kind: 'text-beside', question, column, others }] : []
  const isTalk = rows.some((row) => historyOf(row) !== null)
  return judged({
    form: isTalk ? 'chat' : isOrca(pair) ? 'orca' : 'prompt-answer',
    column,
    table,
    notes,
    read(row) {
      if (isDeleted(row.get(pair.answer)) || isDeleted(row.get(pair.question))) return { kind: 'no-words' }
      const read = exampleOfPair(row, pair)
      if (read === 'no-answer') return { kind: read, column }
      if (read === 'no-question') return { kind: read, column: question }
      return isTalk ? lastOfTalk(row, pair, read.completion) : read
    },
  })
}

/** What was said before, and then the row's question and answer. */
function lastOfTalk(row: Row, { question, before, after }: Pair, answer: string) {
  const [system, asked] = [before, [question, ...after]].map((keys) =>
    keys
      .map((key) => wordsOf(row.get(key)))
      .filter(Boolean)
      .join('\n\n'),
  )
  return exampleOfConversation([
    ...(system === '' ? [] : [{ speaker: 'System', text: system } as const]),
    ...(historyOf(row) ?? []),
    { speaker: 'User', text: asked },
    { speaker: 'Assistant', text: answer },
  ])!
}
