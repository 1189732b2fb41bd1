/**
 * Rows of a table or of JSON as examples, by the first of these that fits: a column that was asked for, conversations,
 * question and answer, the column that holds language. Whatever a row lacks is counted.
 */
import type { Example } from '../../example'
import { OwnTextError } from '../errors'
import { mostExamples } from '../limits'
import type { Reason } from '../problems'
import { type Form, keyOf, type LeftOut, type Row, type Table, type TextReading } from '../reading'
import { chatColumns, conversationOf, exampleOfConversation } from './chat'
import { cleaned, isDeleted, isNotice } from './cleaned'
import { languageColumn } from './language'
import { exampleOfPair, isOrca, pairIn } from './pairs'
import { ofColumn, parseSentence, sentenceOf } from './sentence'

/** One way to read a row: an example, or why there is none. */
interface Way {
  readonly form: Form
  readonly column: string
  readonly read: (row: Row) => Example | Reason
}

/**
 * @param wanted a column's name, or a sentence with names in braces
 * @throws OwnTextError where nothing can be read
 */
export function readRows(given: Table, wanted?: string): TextReading {
  const table = cleaned(given)
  const { name, rows, columns } = table
  if (rows.length === 0) throw new OwnTextError({ kind: 'empty', name })
  const { form, column, read } =
    (wanted === undefined ? null : wayAsked(table, wanted)) ?? chats(table) ?? pairs(table) ?? language(table)
  const examples: Example[] = []
  const reasons = new Map<string, LeftOut>()
  let taken = 0
  for (const row of rows) {
    if (examples.length >= mostExamples) break
    taken++
    const result: Example | Reason = isNotice(row.get('subtype')) ? { kind: 'no-words' } : read(row)
    if ('prompt' in result) examples.push(result)
    else count(reasons, result)
  }
  const leftOut = [...table.leftOut, ...reasons.values()]
  if (taken < rows.length)
    leftOut.push({ count: rows.length - taken, reason: { kind: 'beyond', most: mostExamples } })
  if (examples.length === 0) {
    const [worst] = leftOut.toSorted((one, other) => other.count - one.count)
    throw new OwnTextError({
      kind: 'all-left-out',
      name,
      rows: rows.length,
      reason: worst.reason,
      columns: [...columns.values()],
    })
  }
  return { name, form, column, columns: [...columns.values()], examples, leftOut, notes: table.notes }
}

function count(reasons: Map<string, LeftOut>, reason: Reason): void {
  const key = JSON.stringify(reason)
  reasons.set(key, { reason, count: (reasons.get(key)?.count ?? 0) + 1 })
}

/** A name that is also the column of a conversation means the conversation. */
function wayAsked(table: Table, wanted: string): Way | null {
  const { columns, name } = table
  const key = keyOf(wanted)
  const missing = (column: string): OwnTextError =>
    new OwnTextError({ kind: 'no-such-column', name, wanted: column, columns: [...columns.values()] })
  if (columns.has(key)) {
    const chat = chats(table)
    return chat && keyOf(chat.column) === key ? chat : plain(table, columns.get(key)!, ofColumn(key))
  }
  const sentence = parseSentence(wanted)
  if (!sentence) throw missing(wanted)
  const unknown = sentence.columns.find((column) => !columns.has(column))
  if (unknown !== undefined) throw missing(unknown)
  return plain(table, wanted, sentence)
}

function plain({ columns }: Table, column: string, sentence: ReturnType<typeof ofColumn>): Way {
  const missing = (key: string): Reason => ({ kind: 'no-value', column: columns.get(key)! })
  return {
    form: 'columns',
    column,
    read(row) {
      if (sentence.columns.some((key) => isDeleted(row.get(key)))) return { kind: 'no-words' }
      const made = sentenceOf(row, sentence)
      return 'text' in made ? { prompt: '', completion: made.text } : missing(made.missing)
    },
  }
}

/** Where at least half of the rows have such a column, and one of them a conversation in it. */
function chats({ rows, columns }: Table): Way | null {
  const having = rows.filter((row) => conversationOf(row) !== null)
  if (having.length === 0 || having.length * 2 < rows.length) return null
  const key = [...chatColumns, 'completion', 'chosen'].find((each) => columns.has(each))!
  const column = columns.get(key)!
  return {
    form: 'chat',
    column,
    read(row) {
      const turns = conversationOf(row)
      return turns
        ? (exampleOfConversation(turns) ?? { kind: 'no-assistant' })
        : { kind: 'no-conversation', column }
    },
  }
}

/** Where at least half of the rows have both columns: that all answers are missing is then said. */
function pairs({ rows, columns }: Table): Way | null {
  const pair = pairIn(columns)
  if (!pair) return null
  const having = rows.filter((row) => row.has(pair.question) && row.has(pair.answer))
  if (having.length * 2 < rows.length) return null
  const column = columns.get(pair.answer)!
  return {
    form: isOrca(pair) ? 'orca' : 'prompt-answer',
    column,
    read(row) {
      if (isDeleted(row.get(pair.answer)) || isDeleted(row.get(pair.question))) return { kind: 'no-words' }
      const read = exampleOfPair(row, pair)
      if (typeof read !== 'string') return read
      return { kind: read, column: read === 'no-answer' ? column : columns.get(pair.question)! }
    },
  }
}

function language(table: Table): Way {
  const { name, columns } = table
  const key = languageColumn(table)
  if (key === null) throw new OwnTextError({ kind: 'no-text-column', name, columns: [...columns.values()] })
  return plain(table, columns.get(key)!, ofColumn(key))
}
